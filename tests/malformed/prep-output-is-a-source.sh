# SPDX-License-Identifier: MIT
# The picture file itself named as output.
{ printf '\003'; head -c 3072 /dev/zero; } > data_batch_1.bin
cp data_batch_1.bin before
fails 64 'data_batch_1.bin is one of the sources' aquatint-prep data_batch_1.bin -o data_batch_1.bin
same data_batch_1.bin before
