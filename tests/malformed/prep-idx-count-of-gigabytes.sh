# SPDX-License-Identifier: MIT
# Two thousand million pictures and labels promised, one there: no memory may be taken for them.
printf '\0\0\010\003\177\377\377\377\0\0\0\001\0\0\0\001a' > train-images-idx3-ubyte
printf '\0\0\010\001\177\377\377\377\0' > train-labels-idx1-ubyte
refuses 65 'cut short: item 1 of 2147483647' x.h5 aquatint-prep . -o x.h5
