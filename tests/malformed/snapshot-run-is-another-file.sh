# SPDX-License-Identifier: MIT
#
# What should be a run is a data set, weights, a text.
tiny_run
aquatint-snapshot weights --quiet tiny.run.h5 --step 1 -o y.weights.h5
for file in tiny.data.h5 y.weights.h5; do
	refuses 65 "$file.*aquatint-run" x.snap.h5 aquatint-snapshot cut $file --step 1 --data tiny.data.h5 -o x.snap.h5
done
refuses 65 'tiny.net' x.snap.h5 aquatint-snapshot cut tiny.net --step 1 --data tiny.data.h5 -o x.snap.h5
fails 65 'tiny.net' aquatint-snapshot list tiny.net
fails 1 'tiny.net' aquatint-snapshot check tiny.net
