# SPDX-License-Identifier: MIT
# More bytes than the header says.
printf '\0\0\010\003\0\0\0\001\0\0\0\001\0\0\0\001abc' > train-images-idx3-ubyte
printf '\0\0\010\001\0\0\0\001\0' > train-labels-idx1-ubyte
refuses 65 'goes on behind its 1 items' x.h5 aquatint-prep . -o x.h5
