# SPDX-License-Identifier: MIT
#
# An output that is a device, a pipe or a link to nothing is not replaced; a link to a file is, and the file stays.
tiny_snap
mkfifo pipe
ln -s nowhere dangling
for out in pipe dangling /dev/null; do
	kind=$(ls -ld $out | cut -c1)
	case $out in dangling) said='it is a link to what is not there' ;; *) said='it is a device or pipe' ;; esac
	for command in "prep synth:shapes --limit 20 --test-limit 10" \
		"train --steps 3 --batch 10 tiny.net tiny.data.h5" \
		"snapshot cut tiny.run.h5 --step 3 --data tiny.data.h5" \
		"snapshot weights tiny.run.h5 --step 3" \
		"render tiles tiny.snap.h5 --layer conv1" \
		"render film tiny.run.h5 --layer conv1"; do
		refuses 73 "$said" nowhere aquatint-$command -o $out
	done
	[ "$(ls -ld $out | cut -c1)" = "$kind" ]
	[ ! -e $out.tmp ]
	[ ! -e $out.part ]
done
echo mine > file
ln -s file link
aquatint-render tiles --quiet tiny.snap.h5 --layer conv1 -o link
[ "$(cat file)" = mine ]
[ ! -h link ]
[ -s link ]
