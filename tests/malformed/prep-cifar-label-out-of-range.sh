# SPDX-License-Identifier: MIT
# Eight CIFAR-10 pictures, the sixth with the label 200.
for label in 000 001 002 003 004 310 006 007; do
	printf "\\$label"
	head -c 3072 /dev/zero
done > data_batch_1.bin
refuses 65 'picture 5 has the label 200, outside 0 .. 9' x.h5 aquatint-prep data_batch_1.bin -o x.h5
