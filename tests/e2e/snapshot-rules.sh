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

# A solver whose steps are large in small batches, and Fashion-MNIST as it is trained in pipelines/.
fashion=${FASHION:-/usr/share/datasets/fashion-mnist}
healthy() {
	net=$1 data=$2
	shift 2
	aquatint-train --quiet "$@" "$AQ_TOP/pipelines/nets/$net.net" $data.data.h5 -o x.run.h5
	aquatint-snapshot rules x.run.h5 > said 2> noted
	[ ! -s said ]
}
if [ -d "$fashion" ]; then
	aquatint-prep --quiet "$fashion" --limit 5000 --test-limit 100 -o fashion.data.h5
	aquatint-prep --quiet "$fashion" --limit 5000 --test-limit 100 --crop 24x24 -o cropped.data.h5
	healthy convnetjs-mnist cropped --solver adadelta --batch 20 --l2 1e-3 --steps 300
	healthy fashion fashion --solver momentum --batch 50 --lr 0.02 --lr-schedule cosine --steps 220
else
	echo "NOT TESTED: there is no $fashion"
fi
if [ "${AQUATINT_LONG:-}" ]; then
	healthy convnetjs-cifar shapes --solver adadelta --batch 4 --l2 1e-4 --steps 2500
	healthy shapes shapes --solver momentum --lr 0.01 --batch 32 --epochs 5
fi

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
