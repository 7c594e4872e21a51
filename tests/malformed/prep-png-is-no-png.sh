# SPDX-License-Identifier: MIT
# Something else in the folder of a class.
mkdir -p train/cat
echo 'JFIF' > train/cat/1.png
refuses 65 'train/cat/1.png' x.h5 aquatint-prep . -o x.h5
