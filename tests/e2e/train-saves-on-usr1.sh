# SPDX-License-Identifier: MIT
#
# USR1 makes a training write what it has and go on; the finished run has the bytes it always has.

tiny
# Steps that take some time, and one segment for all of them.
options="--quiet --batch 60 --steps 400 --record crc --checkpoint-every 100000 --eval-every 1000"
aquatint-train $options tiny.net tiny.data.h5 -o whole.run.h5

steps_of() { aquatint-snapshot list --json "$1" | sed 's/.*"steps":\([0-9]*\).*/\1/'; }

aquatint-train $options tiny.net tiny.data.h5 -o x.run.h5 &
trainer=$!
tries=0
while [ ! -e x.run.h5.part/segment-0.h5 ] && [ $tries -lt 1000 ]; do
	sleep 0.01
	tries=$((tries + 1))
done
saved=0 tries=0
while [ -e x.run.h5.part ] && [ $saved -eq 0 ] && [ $tries -lt 200 ]; do
	kill -USR1 $trainer 2> /dev/null || break
	sleep 0.02
	saved=$(steps_of x.run.h5.part || echo 0)
	saved=${saved:-0}
	tries=$((tries + 1))
done
wait $trainer
[ "$saved" -gt 0 ]
[ "$saved" -le 400 ]
same whole.run.h5 x.run.h5
