# SPDX-License-Identifier: MIT
#
# The folder of the output is on a file system that is read-only, or of a mode that forbids it: exit status 73, and the
# folder is as before.
tiny_snap
mkdir shut
try() {
	while read -r out words; do
		refuses 73 "shut/$out" "shut/$out" $1 aquatint-$words -o "shut/$out"
	done <<- END
		x.data.h5 prep synth:shapes --limit 20 --test-limit 10
		x.run.h5 train --steps 3 --batch 10 tiny.net tiny.data.h5
		x.run.h5 train --resume --steps 3 --batch 10 tiny.net tiny.data.h5
		x.snap.h5 snapshot cut tiny.run.h5 --step 3 --data tiny.data.h5
		x.weights.h5 snapshot weights tiny.run.h5 --step 3
		x.png render tiles tiny.snap.h5 --layer conv1
		x.svg render curves tiny.run.h5
		x.png render film tiny.run.h5 --layer conv1 --frames 3
		x.html render report tiny.run.h5 --frames 3
	END
	refuses 73 'shut/x.csv' shut/x.csv $1 aquatint-snapshot list tiny.run.h5 --csv shut/x.csv
	[ "$(ls -A shut)" = "${2:-}" ]
}
if [ "$(id -u)" -ne 0 ]; then
	chmod 555 shut
	try ''
	exit 0
fi
if setpriv --reuid=65534 --regid=65534 --clear-groups sh -c 'test -r tiny.run.h5 && aquatint-prep --version' > said 2>&1; then
	chmod 555 shut
	try 'setpriv --reuid=65534 --regid=65534 --clear-groups'
else
	echo "NOT TESTED: who is not root cannot come here"
fi
if unshare -m true 2> /dev/null; then
	unshare -m sh -euc "$(sed -n '/^try()/,/^}/p' "$AQ_TOP/tests/malformed/output-folder-read-only.sh")
		. '$AQ_TOP/tests/lib.sh'"'
		mount -t tmpfs none shut 2> /dev/null || { echo "NOT TESTED: no mounting here"; exit 0; }
		echo mine > shut/file
		mount -o remount,ro shut
		try "" file'
else
	echo "NOT TESTED: no mounting here"
fi
