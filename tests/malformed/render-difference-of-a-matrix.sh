# SPDX-License-Identifier: MIT
#
# Numbers that do not lie as a picture have no finite difference along x; those that do have one.

tiny_snap
refuses 64 'these numbers are no picture: there is no dx of them' x.png \
	aquatint-render tiles tiny.snap.h5 --layer conv1 --param bias --view dx -o x.png
aquatint-render tiles --quiet tiny.snap.h5 --layer dense1 --view dx -o dense.png
