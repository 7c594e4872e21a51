# SPDX-License-Identifier: MIT
#
# Rules say what is wrong with a training, with exit status 1; of a healthy one they say nothing.

# The network of the demo, as it is trained there, for its first steps.
aquatint-prep --quiet synth:shapes --limit 2000 --test-limit 20 -o shapes.data.h5
aquatint-train --quiet --solver momentum --lr 0.01 --batch 32 --steps 250 \
	"$AQ_TOP/pipelines/nets/shapes.net" shapes.data.h5 -o healthy.run.h5
aquatint-snapshot rules healthy.run.h5 > said 2> noted
[ ! -s said ]
[ ! -s noted ]

tiny
sed 's/bias=0.1/bias=-10/' tiny.net > dead.net
aquatint-train --quiet --lr 0.01 --batch 10 --steps 60 dead.net tiny.data.h5 -o dead.run.h5
fails 1 'finding' aquatint-snapshot rules dead.run.h5
grep -q '^dead, conv1, step 0: no gradient reaches it' refuses.out
fails 1 'finding' aquatint-snapshot rules dead.run.h5 --json
grep -q '^{"event":"finding","rule":"dead","layer":"conv1","step":0,"words":"no gradient' refuses.out

# One that diverged, in the folder it left.
status=0
aquatint-train --quiet --lr 1e5 --batch 10 --steps 60 tiny.net tiny.data.h5 -o wild.run.h5 2> story || status=$?
[ "$status" -eq 76 ]
fails 1 'finding' aquatint-snapshot rules wild.run.h5.part
grep -q '^exploding, ' refuses.out

# What was not recorded is said.
aquatint-train --quiet --batch 10 --steps 20 --record none tiny.net tiny.data.h5 -o none.run.h5
aquatint-snapshot rules none.run.h5 > said 2> noted
[ ! -s said ]
grep -q 'statistics were not recorded; train with --record stats' noted
