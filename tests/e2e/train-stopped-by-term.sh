# SPDX-License-Identifier: MIT
#
# TERM ends a training within a step with exit status 75; however often that happens, --resume makes the bytes
# of an undisturbed run.

tiny
options="--quiet --batch 7 --steps 150 --solver momentum --lr 0.05 --augment flip,shift=2 --lr-schedule cosine
	--checkpoint-every 20 --eval-every 30 --record grad --record stats --record crc"
aquatint-train $options tiny.net tiny.data.h5 -o whole.run.h5

stops=0 tries=0 status=75
while [ $status -eq 75 ]; do
	tries=$((tries + 1))
	aquatint-train $options --threads $((tries % 3 + 1)) --resume tiny.net tiny.data.h5 -o x.run.h5 2> said &
	trainer=$!
	late=$((20 + 10 * tries)) # later and later, until even a slow machine has come to train
	sleep $((late / 1000)).$(printf %03d $((late % 1000)))
	kill -TERM $trainer 2> /dev/null || true
	status=0
	wait $trainer || status=$?
	if [ $status -eq 75 ]; then
		grep -q 'stopped by a signal after [0-9]* of 150 steps' said
		[ ! -e x.run.h5 ]
		stops=$((stops + 1))
	elif [ $status -eq 143 ]; then
		status=75 # it came before the trainer listened
	fi
	[ $tries -lt 500 ]
done
[ $status -eq 0 ]
[ $stops -gt 0 ]
[ ! -e x.run.h5.part ]
same whole.run.h5 x.run.h5
