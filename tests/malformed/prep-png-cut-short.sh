# SPDX-License-Identifier: MIT
# A PNG that ends within its pixels.
mkdir -p train/cat
base64 -d > all <<'END'
iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEklEQVR42mP4z8DAAMIM/4EAAB/uBfvxq7p3AAAAAElFTkSuQmCC
END
head -c 50 all > train/cat/1.png
refuses 65 'train/cat/1.png' x.h5 aquatint-prep . -o x.h5
