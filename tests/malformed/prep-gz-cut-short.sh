# SPDX-License-Identifier: MIT
# A packed file whose end is missing.
{
	printf '\0\0\010\003\0\0\007\320\0\0\0\004\0\0\0\004'
	head -c 32000 /dev/urandom
} | gzip -c > all.gz
head -c 20000 all.gz > train-images-idx3-ubyte.gz
{ printf '\0\0\010\001\0\0\007\320'; head -c 2000 /dev/zero; } > train-labels-idx1-ubyte
rm all.gz
refuses 65 'train-images-idx3-ubyte.gz: the gzip stream breaks' x.h5 aquatint-prep . -o x.h5
