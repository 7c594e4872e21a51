# SPDX-License-Identifier: MIT
#
# A file that is no HDF5 file is named as such.

echo 'no pictures here' > text.h5
: > empty.h5
refuses 65 'text.h5 is not an HDF5 file' x.png aquatint-render panel text.h5 -o x.png
refuses 65 'text.h5 is not an HDF5 file' x.png aquatint-render tiles text.h5 --layer conv1 -o x.png
refuses 65 'empty.h5 is not an HDF5 file' x.png aquatint-render curves empty.h5 -o x.png
