# SPDX-License-Identifier: MIT
# A picture of 2x2 and one of 3x3, and no --size.
mkdir -p train/cat train/dog
base64 -d > train/cat/1.png <<'END'
iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAADklEQVR42mNgcGBo+A8AAwUBwFNbFZ8AAAAASUVORK5CYII=
END
base64 -d > train/dog/1.png <<'END'
iVBORw0KGgoAAAANSUhEUgAAAAMAAAADCAAAAABzQ+pjAAAADklEQVR42mNgZGJmgGIAAHIAE2hF72UAAAAASUVORK5CYII=
END
refuses 65 'it is 3x3, those before are 2x2; make all one size with --size' x.h5 \
	aquatint-prep . -o x.h5
aquatint-prep . --size 4x4 -o y.h5
