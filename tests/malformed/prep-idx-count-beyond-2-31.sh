# SPDX-License-Identifier: MIT
# A count with its top bit set.
printf '\0\0\010\003\377\377\377\377\0\0\0\001\0\0\0\001a' > train-images-idx3-ubyte
printf '\0\0\010\001\377\377\377\377\0' > train-labels-idx1-ubyte
refuses 65 'dimension 0 is 4294967295' x.h5 aquatint-prep . -o x.h5
