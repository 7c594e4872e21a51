# SPDX-License-Identifier: MIT
#
# While a training goes on, and after it was killed, plain h5dump, h5py and our own snapshot read X.run.h5.part, again
# and again; 1000 times with AQUATINT_LONG.

tiny
aquatint-train --quiet --batch 10 --steps 1000000 --checkpoint-every 200 tiny.net tiny.data.h5 -o x.run.h5 &
trainer=$!
trap 'kill -KILL $trainer 2> /dev/null || true' EXIT
tries=0
while [ ! -e x.run.h5.part/segment-3.h5 ]; do
	sleep 0.05
	tries=$((tries + 1))
	[ $tries -lt 400 ]
done

look() {
	aquatint-snapshot list x.run.h5.part | grep -q '^steps  *[1-9][0-9]*$'
	aquatint-snapshot list x.run.h5.part | grep -q 'under way or stopped'
	aquatint-snapshot weights --quiet x.run.h5.part --step 30 -o x.weights.h5
	aquatint-snapshot cut --quiet x.run.h5.part --step 31 --data tiny.data.h5 -o x.snap.h5
	if command -v h5dump > /dev/null; then
		h5dump -H x.run.h5.part/run.h5 > head
		grep -q 'DATASET "loss"' head
		h5dump -d /loss -s 0 -c 30 x.run.h5.part/run.h5 > loss
		grep -q '(2[0-9]): [0-9]' loss
		[ "$(grep -c nan loss)" -eq 0 ]
	else
		echo "NOT TESTED: there is no h5dump"
	fi
	python=
	for candidate in python3 /usr/bin/python3; do
		! $candidate -c 'import h5py' 2> /dev/null || python=$candidate
	done
	if [ -n "$python" ]; then
		$python -c '
import h5py
f = h5py.File("x.run.h5.part/run.h5", "r")
n = len(f["loss"])
assert n >= 40, n
g = f["grad/conv1/weight"]
assert len(g) >= n and g.shape[1:] == (4, 3, 5, 5), g.shape
assert (f["step"][:30] == range(30)).all()
assert abs(g[:30]).max() > 0
assert abs(f["loss"][:30]).max() < 100
'
	else
		echo "NOT TESTED: there is no python3 with h5py"
	fi
}

# often ROUNDS: three reads a round by everyone in turn, while the trainer, told by USR1, replaces its last segment again
# and again: no moment is a bad one.
often() {
	if [ -n "$python" ]; then
		$python -c '
import h5py, sys
for i in range(int(sys.argv[1])):
    with h5py.File("x.run.h5.part/run.h5", "r") as f:
        n = len(f["loss"])
        assert n >= 40 and (f["step"][:n - 400] == range(n - 400)).all()
        assert abs(f["grad/conv1/weight"][n - 401]).max() < 100
' "$1" &
		reader=$!
	fi
	i=0
	while [ $i -lt "$1" ]; do
		kill -USR1 $trainer
		if command -v h5dump > /dev/null; then
			h5dump -d /loss -s $i -c 30 x.run.h5.part/run.h5 > loss
			[ "$(grep -c nan loss)" -eq 0 ]
		fi
		case $((i % 5)) in
		0) aquatint-snapshot list --json x.run.h5.part > list ;;
		1) aquatint-snapshot weights --quiet x.run.h5.part --step -1 -o x.weights.h5 ;;
		2) aquatint-snapshot cut --quiet x.run.h5.part --step -2 --data tiny.data.h5 -o x.snap.h5 ;;
		3) aquatint-snapshot verify --quiet x.run.h5.part --data tiny.data.h5 --steps $i:$((i + 5)) > verified ;;
		4) aquatint-render tiles --quiet x.run.h5.part --layer conv1 --of grad -o x.png ;;
		esac
		i=$((i + 1))
	done
	[ -z "$python" ] || wait $reader
}

look
if [ -n "${AQUATINT_LONG:-}" ]; then often 334; else often 5; fi
kill -0 $trainer
kill -KILL $trainer
wait $trainer 2> /dev/null || true
look
