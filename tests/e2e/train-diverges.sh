# SPDX-License-Identifier: MIT
#
# A training whose loss leaves the finite numbers stops with exit status 76, names the layer, and keeps the
# states before it, which can be read.

tiny
status=0
aquatint-train --quiet --batch 10 --steps 100 --solver momentum --lr 1e6 --checkpoint-every 4 tiny.net tiny.data.h5 \
	-o x.run.h5 2> said || status=$?
[ $status -eq 76 ]
grep -Eq 'loss of step [0-9]+ is not finite; the first layer with such numbers is (conv1|dense1|loss)' said
grep -q 'x.run.h5.part' said
[ ! -e x.run.h5 ]
step=$(sed -n 's/.*loss of step \([0-9]*\).*/\1/p' said)
[ "$step" -gt 0 ]
aquatint-snapshot list x.run.h5.part | grep -q "^steps  *$step$"

# Every state before it, the last good one too, with data and without.
for at in 0 $((step - 1)) "$step"; do
	aquatint-snapshot weights --quiet x.run.h5.part --step $at -o a.weights.h5
	aquatint-snapshot weights --quiet x.run.h5.part --step $at --data tiny.data.h5 -o b.weights.h5
	same a.weights.h5 b.weights.h5
done
aquatint-snapshot cut --quiet x.run.h5.part --step $((step - 1)) --data tiny.data.h5 -o x.snap.h5
refuses 76 "loss of step $step is not finite" y.snap.h5 \
	aquatint-snapshot cut x.run.h5.part --step "$step" --data tiny.data.h5 -o y.snap.h5

# Taken up, it comes to the same end.
status=0
aquatint-train --quiet --resume --batch 10 --steps 100 --solver momentum --lr 1e6 --checkpoint-every 4 tiny.net \
	tiny.data.h5 -o x.run.h5 2> again || status=$?
[ $status -eq 76 ]
same said again
