# SPDX-License-Identifier: MIT
# Folders one level too deep.
mkdir -p train/cat/more
base64 -d > train/cat/1.png <<'END'
iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAADklEQVR42mNgcGBo+A8AAwUBwFNbFZ8AAAAASUVORK5CYII=
END
cp train/cat/1.png train/cat/more/2.png
refuses 65 'train/cat/more is a folder within a class' x.h5 aquatint-prep . -o x.h5
