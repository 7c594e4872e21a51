# SPDX-License-Identifier: MIT
# A packed file with bytes changed in its middle: the checksum of gzip tells.
{
	printf '\0\0\010\003\0\0\007\320\0\0\0\004\0\0\0\004'
	yes abcdefg | head -c 32000
} | gzip -c > train-images-idx3-ubyte.gz
size=$(wc -c < train-images-idx3-ubyte.gz)
printf 'XXXX' | dd of=train-images-idx3-ubyte.gz bs=1 seek=$((size - 8)) conv=notrunc 2> dd.log
{ printf '\0\0\010\001\0\0\007\320'; head -c 2000 /dev/zero; } > train-labels-idx1-ubyte
rm dd.log
refuses 65 'the gzip stream breaks' x.h5 aquatint-prep . -o x.h5
