# SPDX-License-Identifier: MIT
# The folder of a class that holds nothing.
mkdir -p train/cat train/dog
base64 -d > train/cat/1.png <<'END'
iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAADklEQVR42mNgcGBo+A8AAwUBwFNbFZ8AAAAASUVORK5CYII=
END
refuses 65 'train/dog holds no pictures' x.h5 aquatint-prep . -o x.h5
