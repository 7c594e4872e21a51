# SPDX-License-Identifier: MIT
# An IDX file that ends within its header.
printf '\0\0\010\003\0\0\0\002\0\0' > train-images-idx3-ubyte
printf '\0\0\010\001\0\0\0\002\0\001' > train-labels-idx1-ubyte
refuses 65 'train-images-idx3-ubyte ends after 10 bytes' x.h5 aquatint-prep . -o x.h5
