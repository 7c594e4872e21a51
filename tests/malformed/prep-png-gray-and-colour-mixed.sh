# SPDX-License-Identifier: MIT
# A gray picture and one in colour, and neither --gray nor --rgb.
mkdir -p train/cat train/dog
base64 -d > train/cat/1.png <<'END'
iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAADklEQVR42mNgcGBo+A8AAwUBwFNbFZ8AAAAASUVORK5CYII=
END
base64 -d > train/dog/1.png <<'END'
iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEklEQVR42mP4z8DAAMIM/4EAAB/uBfvxq7p3AAAAAElFTkSuQmCC
END
refuses 65 'it is in colour, those before are gray; make all alike with --gray or --rgb' x.h5 \
	aquatint-prep . -o x.h5
aquatint-prep . --rgb -o y.h5
