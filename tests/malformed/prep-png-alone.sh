# SPDX-License-Identifier: MIT
# A single picture, of no class.
base64 -d > 1.png <<'END'
iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAADklEQVR42mNgcGBo+A8AAwUBwFNbFZ8AAAAASUVORK5CYII=
END
refuses 64 '1.png is a single PNG' x.h5 aquatint-prep 1.png -o x.h5
