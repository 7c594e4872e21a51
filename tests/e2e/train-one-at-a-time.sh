# SPDX-License-Identifier: MIT
#
# A second trainer on the same output refuses, also with --resume or --force, and the first one is not disturbed.

tiny
options="--quiet --batch 60 --steps 900 --record crc --checkpoint-every 50 --eval-every 1000"
aquatint-train $options tiny.net tiny.data.h5 -o whole.run.h5
aquatint-train $options tiny.net tiny.data.h5 -o x.run.h5 &
trainer=$!
tries=0
while [ ! -e x.run.h5.part/segment-0.h5 ] && [ $tries -lt 1000 ]; do
	sleep 0.01
	tries=$((tries + 1))
done
kill -STOP $trainer
fails 73 'x.run.h5.part is there.*--resume' aquatint-train $options tiny.net tiny.data.h5 -o x.run.h5
fails 73 'another trainer is at work' aquatint-train $options --resume tiny.net tiny.data.h5 -o x.run.h5
fails 73 'another trainer is at work' aquatint-train $options --force tiny.net tiny.data.h5 -o x.run.h5
kill -CONT $trainer
wait $trainer
same whole.run.h5 x.run.h5
