# SPDX-License-Identifier: MIT
#
# --no-clobber keeps the picture that is there, whichever verb would draw it.

tiny_snap
echo mine > x.png
cp x.png before
for verb in "panel tiny.snap.h5" "tiles tiny.snap.h5 --layer conv1" "film tiny.run.h5 --layer conv1" \
	"curves tiny.run.h5"; do
	fails 73 'x.png' aquatint-render $verb --no-clobber -o x.png
	same x.png before
done
aquatint-render curves --quiet tiny.run.h5 -o x.png
! cmp -s x.png before
