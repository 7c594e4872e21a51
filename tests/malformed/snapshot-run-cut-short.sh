# SPDX-License-Identifier: MIT
#
# The run is cut short or empty.
tiny_run
size=$(wc -c < tiny.run.h5)
for part in 0 7 600 $((size / 10)) $((size / 2)) $((size - 1)); do
	head -c "$part" tiny.run.h5 > short.run.h5
	refuses 65 'short.run.h5' x.weights.h5 aquatint-snapshot weights short.run.h5 --step 3 -o x.weights.h5
	fails 1 'short.run.h5' aquatint-snapshot check short.run.h5
	fails 65 'short.run.h5' aquatint-snapshot list short.run.h5
done
