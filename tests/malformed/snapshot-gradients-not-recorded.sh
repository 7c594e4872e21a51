# SPDX-License-Identifier: MIT
#
# Without data a step can only be reached where all gradients were recorded.
tiny
aquatint-train --quiet --batch 10 --steps 25 --checkpoint-every 10 --record crc tiny.net tiny.data.h5 -o bare.run.h5
aquatint-train --quiet --batch 10 --steps 25 --checkpoint-every 10 --record grad:bits=20 tiny.net tiny.data.h5 \
	-o few.run.h5
for run in bare few; do
	aquatint-snapshot weights --quiet $run.run.h5 --step 20 -o x.weights.h5
	rm x.weights.h5
	refuses 64 'give --data' x.weights.h5 aquatint-snapshot weights $run.run.h5 --step 21 -o x.weights.h5
done
