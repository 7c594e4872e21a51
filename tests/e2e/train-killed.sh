# SPDX-License-Identifier: MIT
#
# A run killed by -9 keeps every segment that was finished; with --resume it ends with the bytes of an
# undisturbed run, however often it was killed.

tiny
options="--quiet --batch 7 --steps 120 --solver adam --augment flip --checkpoint-every 5 --record grad --record crc"
aquatint-train $options tiny.net tiny.data.h5 -o whole.run.h5

steps_of() { aquatint-snapshot list --json "$1" | sed 's/.*"steps":\([0-9]*\).*/\1/'; }

kills=0 tries=0 had=0 status=137
while [ $status -ne 0 ]; do
	tries=$((tries + 1))
	aquatint-train $options --threads $((tries % 3 + 1)) --resume tiny.net tiny.data.h5 -o x.run.h5 &
	trainer=$!
	[ $tries -gt 20 ] || { sleep 0.$((tries % 2))$((tries % 7 + 3)); kill -KILL $trainer 2> /dev/null || true; }
	status=0
	wait $trainer 2> /dev/null || status=$?
	[ $status -eq 0 ] || [ $status -eq 137 ]
	if [ $status -eq 137 ] && [ -e x.run.h5.part/segment-0.h5 ]; then
		kills=$((kills + 1))
		has=$(steps_of x.run.h5.part)
		[ $((has % 5)) -eq 0 ]
		[ "$has" -ge "$had" ]
		aquatint-snapshot weights --quiet x.run.h5.part --step "$has" -o x.weights.h5
		had=$has
	fi
done
[ $kills -gt 0 ]
[ ! -e x.run.h5.part ]
same whole.run.h5 x.run.h5
