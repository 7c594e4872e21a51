# SPDX-License-Identifier: MIT
# Pictures alone.
printf '\0\0\010\003\0\0\0\001\0\0\0\001\0\0\0\001a' > train-images-idx3-ubyte
refuses 65 'no file of labels belongs to it' x.h5 aquatint-prep train-images-idx3-ubyte -o x.h5
