# SPDX-License-Identifier: MIT
# A prep that is stopped leaves the file that was there, and no other.
aquatint-prep synth:shapes --limit 20 --test-limit 10 -o x.h5
cp x.h5 before.h5
aquatint-prep synth:shapes --limit 2000000 -o x.h5 &
tries=0
while [ ! -e x.h5.tmp ] && [ $tries -lt 100 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
kill -TERM $!
wait $! || status=$?
[ "$status" -ne 0 ]
same x.h5 before.h5
[ ! -e x.h5.tmp ]
