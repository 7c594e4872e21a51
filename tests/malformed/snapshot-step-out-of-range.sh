# SPDX-License-Identifier: MIT
#
# The step is not in the run.
tiny_run
for step in 26 -26 999999999999; do
	refuses 64 "tiny.run.h5 has no step $step: its steps are 0 to 24" x.snap.h5 \
		aquatint-snapshot cut tiny.run.h5 --step $step --data tiny.data.h5 -o x.snap.h5
	refuses 64 "tiny.run.h5 has no step $step: its steps are 0 to 24" x.weights.h5 \
		aquatint-snapshot weights tiny.run.h5 --step $step -o x.weights.h5
done
refuses 64 'step' x.snap.h5 aquatint-snapshot cut tiny.run.h5 --step last --data tiny.data.h5 -o x.snap.h5
refuses 64 'step' x.snap.h5 aquatint-snapshot cut tiny.run.h5 --step 1.5 --data tiny.data.h5 -o x.snap.h5
