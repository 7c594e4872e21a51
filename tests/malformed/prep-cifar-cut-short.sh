# SPDX-License-Identifier: MIT
# Five CIFAR-10 pictures and a part of a sixth.
{
	for label in 000 001 002 003 004 005; do
		printf "\\$label"
		head -c 3072 /dev/zero
	done
} | head -c 17000 > data_batch_1.bin
refuses 65 'data_batch_1.bin is cut short: picture 5 has 1635 of 3073 bytes' x.h5 \
	aquatint-prep data_batch_1.bin -o x.h5
