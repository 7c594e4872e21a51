# SPDX-License-Identifier: MIT
# Two pictures, three labels.
printf '\0\0\010\003\0\0\0\002\0\0\0\001\0\0\0\001ab' > train-images-idx3-ubyte
printf '\0\0\010\001\0\0\0\003\0\001\002' > train-labels-idx1-ubyte
refuses 65 'holds 3 labels, but .* holds 2 pictures' x.h5 aquatint-prep . -o x.h5
