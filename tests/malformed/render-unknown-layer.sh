# SPDX-License-Identifier: MIT
#
# A layer that is not there: the nearest one is named.

tiny_snap
refuses 64 "no layer 'conv2'; did you mean conv1" x.png aquatint-render tiles tiny.snap.h5 --layer conv2 -o x.png
refuses 64 "no layer 'dnse1'; did you mean dense1" x.png aquatint-render film tiny.run.h5 --layer dnse1 -o x.png
refuses 64 'layer is missing' x.png aquatint-render tiles tiny.snap.h5 -o x.png
