# SPDX-License-Identifier: MIT
#
# An example that the snap does not have is refused.

tiny_snap
refuses 64 'has examples 0 to 2, not 3' x.png aquatint-render panel tiny.snap.h5 --example 3 -o x.png
refuses 64 'has examples 0 to 2, not 9' x.png \
	aquatint-render tiles tiny.snap.h5 --layer conv1 --of delta --example 9 -o x.png
