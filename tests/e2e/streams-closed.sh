# SPDX-License-Identifier: MIT
#
# Standard streams that are closed, full or read by nobody: what is said never gets into a file, an output that
# cannot be said is exit status 74, and the files are whole.

tiny_snap
commands='prep synth:shapes --limit 20 --test-limit 10 -o x.data.h5
train --force --steps 12 --batch 10 --eval-every 4 tiny.net tiny.data.h5 -o x.run.h5
snapshot cut tiny.run.h5 --step 3 --data tiny.data.h5 -o x.snap.h5
snapshot weights tiny.run.h5 --step 3 -o x.weights.h5
snapshot list tiny.run.h5
snapshot check tiny.run.h5
render tiles tiny.snap.h5 --layer conv1 -o x.png
render film tiny.run.h5 --layer conv1 --frames 3 -o x.film.png'

mkdir whole
cp tiny.* whole
(cd whole && echo "$commands" | while read -r words; do aquatint-$words > /dev/null 2>&1; done)

# try STATUS HOW: each command ends with the status, and its file has the bytes it always has; where some may succeed
# in spite of it because they have little to say, STATUS is a pattern.
try() {
	echo "$commands" | while read -r words; do
		out=$(expr "$words" : '.* -o \(.*\)' || :)
		status=0
		eval "aquatint-$words $2" || status=$?
		case $status in $1) ;; *) echo "exit status $status: $words $2"; exit 1 ;; esac
		[ -z "$out" ] || same "$out" "whole/$out"
	done
}
try 74 '>&- 2> said'
grep -q 'cannot write to standard output' said
try 74 '<&- >&- 2>&-'
try 0 '<&- > said'
try 0 '2>&- > said'
if [ -c /dev/full ]; then
	try 74 '> /dev/full 2> said'
	grep -q 'cannot write to standard output' said
	try 0 '> said 2> /dev/full'
else
	echo "NOT TESTED: there is no /dev/full"
fi

# A pipe that nobody reads: no death by signal.
echo "$commands" | while read -r words; do
	(sleep 0.1; status=0; aquatint-$words 2> said || status=$?; echo $status > status) | true
	[ "$(cat status)" = 74 ]
	grep -q 'cannot write to standard output' said
done
