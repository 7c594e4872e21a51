# SPDX-License-Identifier: MIT
#
# A layer that has no weights has activations alone.

tiny_snap
refuses 64 'layer relu1 has no weight: it is a relu' x.png aquatint-render tiles tiny.snap.h5 --layer relu1 -o x.png
refuses 64 'layer relu1 has no weight' x.png aquatint-render film tiny.run.h5 --layer relu1 -o x.png
aquatint-render tiles --quiet tiny.snap.h5 --layer relu1 --of activation -o relu.png
