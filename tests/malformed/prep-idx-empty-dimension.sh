# SPDX-License-Identifier: MIT
# No rows in a picture.
printf '\0\0\010\003\0\0\0\001\0\0\0\000\0\0\0\001' > train-images-idx3-ubyte
printf '\0\0\010\001\0\0\0\001\0' > train-labels-idx1-ubyte
refuses 65 'dimension 1 is empty' x.h5 aquatint-prep . -o x.h5
