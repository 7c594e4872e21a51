# SPDX-License-Identifier: MIT
# The header promises three pictures, the file holds one and a half.
printf '\0\0\010\003\0\0\0\003\0\0\0\002\0\0\0\001abc' > train-images-idx3-ubyte
printf '\0\0\010\001\0\0\0\003\0\001\002' > train-labels-idx1-ubyte
refuses 65 'cut short: item 1 of 3' x.h5 aquatint-prep . -o x.h5
