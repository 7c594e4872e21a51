# SPDX-License-Identifier: MIT
#
# An output that cannot be created: the folder is named, and nothing is left.

tiny_snap
refuses 73 'cannot create nowhere/x.png' nowhere/x.png aquatint-render panel tiny.snap.h5 -o nowhere/x.png
mkdir folder
refuses 73 'it is a folder' folder.tmp aquatint-render panel tiny.snap.h5 -o folder
aquatint-render panel --quiet tiny.snap.h5 -o x.png
cp x.png before.png
status=0
aquatint-render tiles tiny.snap.h5 --layer conv1 --no-clobber -o x.png 2> said || status=$?
[ "$status" -eq 73 ]
grep -q 'x.png exists' said
same x.png before.png
