# SPDX-License-Identifier: MIT
# Elements of another type than bytes.
printf '\0\0\015\003\0\0\0\001\0\0\0\001\0\0\0\001abcd' > train-images-idx3-ubyte
printf '\0\0\010\001\0\0\0\001\0' > train-labels-idx1-ubyte
refuses 65 'holds floats; pictures and labels must be unsigned bytes' x.h5 aquatint-prep . -o x.h5
