# SPDX-License-Identifier: MIT
# A file of names that has fewer classes than the pictures.
{ printf '\003'; head -c 3072 /dev/zero; } > data_batch_1.bin
printf 'cat\ndog\n' > batches.meta.txt
refuses 65 'label 3, but the file of names has 2' x.h5 aquatint-prep . -o x.h5
