# SPDX-License-Identifier: MIT
#
# Words that mean nothing: the nearest, or all that do.

tiny_snap
refuses 64 "unknown word 'grid'; did you mean 'grad'" x.png aquatint-render tiles tiny.snap.h5 --layer conv1 --of grid -o x.png
refuses 64 'choose one of plain, dx, dy, mag' x.png aquatint-render tiles tiny.snap.h5 --layer conv1 --view sideways -o x.png
refuses 64 "unknown word 'rainbow'" x.png aquatint-render tiles tiny.snap.h5 --layer conv1 --scale rainbow -o x.png
refuses 64 "there is no 'delta'; choose of weights, .* what the solver momentum keeps: velocity" x.png aquatint-render film tiny.run.h5 --layer conv1 --of grad,delta -o x.png
refuses 64 "unknown verb 'panle'; did you mean panel" x.png aquatint-render panle tiny.snap.h5 -o x.png
refuses 64 'out is missing' x.png aquatint-render panel tiny.snap.h5
refuses 64 'unknown option --zom; did you mean --zoom' x.png aquatint-render tiles tiny.snap.h5 --layer conv1 --zom 3 -o x.png
