# SPDX-License-Identifier: MIT
#
# The data set is not the one of the run: named as such before any work, also where it only has other preparation.
tiny_run
aquatint-prep --quiet synth:shapes --limit 90 --test-limit 20 --seed 9 -o other.data.h5
aquatint-prep --quiet synth:shapes --limit 90 --test-limit 20 --mean channel -o mean.data.h5
aquatint-prep --quiet synth:shapes --limit 90 --test-limit 20 --gray -o gray.data.h5
for data in other mean gray; do
	says="$data.data.h5 is not the data set of tiny.run.h5"
	refuses 65 "$says" x.snap.h5 aquatint-snapshot cut tiny.run.h5 --step 3 --data $data.data.h5 -o x.snap.h5
	refuses 65 "$says" x.weights.h5 aquatint-snapshot weights tiny.run.h5 --step 3 --data $data.data.h5 \
		-o x.weights.h5
	fails 65 "$says" aquatint-snapshot verify tiny.run.h5 --data $data.data.h5
done
refuses 65 'tiny.run.h5.*aquatint-data' x.snap.h5 \
	aquatint-snapshot cut tiny.run.h5 --step 3 --data tiny.run.h5 -o x.snap.h5
refuses 66 'none.data.h5' x.snap.h5 aquatint-snapshot cut tiny.run.h5 --step 3 --data none.data.h5 -o x.snap.h5
