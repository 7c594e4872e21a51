# SPDX-License-Identifier: MIT
#
# The bytes of a run do not depend on the number of threads, for batches of any size.

tiny
for pair in '1 2' '3 7' '7 2 3 7 16' '13 3' '64 2' '90 7'; do
	batch=${pair%% *}
	options="--quiet --batch $batch --steps 33 --solver adam --augment flip,shift=2 --checkpoint-every 12"
	aquatint-train $options --threads 1 tiny.net tiny.data.h5 -o one.run.h5
	for threads in ${pair#* }; do
		aquatint-train $options --threads $threads tiny.net tiny.data.h5 -o many.run.h5
		same one.run.h5 many.run.h5
	done
done
