# SPDX-License-Identifier: MIT
#
# Curves and films are drawn of runs, and of nothing else.

tiny_snap
refuses 65 'wanted aquatint-run' x.png aquatint-render curves tiny.snap.h5 -o x.png
refuses 65 'wanted aquatint-run' x.png aquatint-render film tiny.snap.h5 --layer conv1 -o x.png
refuses 65 'nothing to draw' x.png aquatint-render tiles tiny.data.h5 --layer conv1 -o x.png
