# SPDX-License-Identifier: MIT
# An archive that ends within a batch.
for label in 001 002; do
	printf "\\$label"
	head -c 3072 /dev/zero
done > data_batch_1.bin
tar -cf all.tar data_batch_1.bin
head -c 4000 all.tar > bad.tar
refuses 65 'bad.tar ends inside the archive' x.h5 aquatint-prep bad.tar -o x.h5
