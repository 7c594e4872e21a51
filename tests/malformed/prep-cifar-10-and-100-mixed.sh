# SPDX-License-Identifier: MIT
# A batch of each kind in one folder.
{ printf '\003'; head -c 3072 /dev/zero; } > data_batch_1.bin
{ printf '\023\143'; head -c 3072 /dev/zero; } > train.bin
refuses 65 'train.bin is CIFAR-100, but .*data_batch_1.bin is CIFAR-10' x.h5 aquatint-prep . -o x.h5
