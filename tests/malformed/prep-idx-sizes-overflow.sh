# SPDX-License-Identifier: MIT
# Pictures of 2^31-1 x 2^31-1 pixels: their product does not fit anywhere.
printf '\0\0\010\003\0\0\0\001\177\377\377\377\177\377\377\377' > train-images-idx3-ubyte
printf '\0\0\010\001\0\0\0\001\0' > train-labels-idx1-ubyte
refuses 65 'would take more than .* the header is damaged' x.h5 aquatint-prep . -o x.h5
