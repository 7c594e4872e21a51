# SPDX-License-Identifier: MIT
#
# Examples of a snap on their way through all layers: those that are asked for, in their order.

tiny_snap
aquatint-render examples --quiet tiny.snap.h5 -o all.png
aquatint-render examples --quiet tiny.snap.h5 --examples 0-2 -o same.png
grep -aq 'aquatint-snapshot cut' all.png
aquatint-render examples --quiet tiny.snap.h5 --examples 2 -o one.png
aquatint-render examples --quiet tiny.snap.h5 --examples 2,0-1 -o other.png
if cmp -s other.png same.png || cmp -s one.png all.png; then
	echo "the examples make no difference"
	exit 1
fi
for list in 2- -1 1,,2 a 0-1-2 2-1 1, '1 2'; do
	refuses 64 'is no list such as' x.png aquatint-render examples tiny.snap.h5 --examples "$list" -o x.png
done
refuses 64 'has examples 0 to 2, not 3' x.png aquatint-render examples tiny.snap.h5 --examples 1-3 -o x.png
refuses 64 'at most 16' x.png aquatint-render examples tiny.snap.h5 --examples 0-99 -o x.png
refuses 65 'holds no examples' x.png aquatint-render examples tiny.run.h5 -o x.png
