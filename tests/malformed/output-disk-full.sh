# SPDX-License-Identifier: MIT
#
# The disk of the output is full, or fills up: exit status 74 or 73 with the file and the reason named, what stood there
# stays, and nothing is left beside it.  Of train and snapshot see also their own tests.
tiny_snap
if [ "$(id -u)" -ne 0 ] || ! unshare -m true 2> /dev/null; then
	echo "NOT TESTED: only root can mount a small disk"
	exit 0
fi
mkdir disk
cat > commands <<- END
	x.data.h5 prep synth:shapes --limit 500 --test-limit 10
	x.snap.h5 snapshot cut tiny.run.h5 --step 3 --data tiny.data.h5
	x.png render panel tiny.snap.h5
	x.svg render curves tiny.run.h5
	film.png render film tiny.run.h5 --layer conv1 --frames 20
	x.html render report tiny.run.h5 --frames 5
END
unshare -m sh -euc '
	mount -t tmpfs -o size=16k none disk 2> /dev/null || { echo "NOT TESTED: no mounting here"; exit 0; }
	fill() { dd if=/dev/zero of=disk/filler bs=1024 2> /dev/null || :; }
	for when in before while; do
		while read -r out words; do
			rm -f disk/*
			echo mine > "disk/$out"
			[ $when = while ] || fill
			status=0
			aquatint-$words -o "disk/$out" > /dev/null 2> said || status=$?
			case $status in 73 | 74) ;; *) echo "exit status $status: $words"; cat said; exit 1 ;; esac
			grep -q "disk/$out" said && grep -q "No space left" said || { cat said; exit 1; }
			[ "$(cat "disk/$out")" = mine ]
			rm -f disk/filler
			[ "$(ls -A disk)" = "$out" ]
		done < commands
	done'
