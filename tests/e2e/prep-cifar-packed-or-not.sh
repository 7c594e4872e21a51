# SPDX-License-Identifier: MIT
# The folder, a tar of it, and a packed tar of it give the same data file; nothing is unpacked to
# disk.
mkdir -p in/cifar-10-batches-bin
for batch in data_batch_1 data_batch_2 test_batch; do
	for label in 000 001 002 003 004 005 006 007; do
		printf "\\$label"
		yes "$batch $label" | head -c 3072
	done > in/cifar-10-batches-bin/$batch.bin
done
printf '%s\n' airplane automobile bird cat deer dog frog horse ship truck '' \
	> in/cifar-10-batches-bin/batches.meta.txt
tar -C in -cf t.tar cifar-10-batches-bin/batches.meta.txt cifar-10-batches-bin/data_batch_1.bin \
	cifar-10-batches-bin/data_batch_2.bin cifar-10-batches-bin/test_batch.bin
gzip -k t.tar
aquatint-prep in/cifar-10-batches-bin -o a.h5
aquatint-prep in -o b.h5
aquatint-prep t.tar -o c.h5
aquatint-prep t.tar.gz -o d.h5 --json > said
grep -q '"train":16,.*"test":8,"classes":10' said
same a.h5 b.h5
same a.h5 c.h5
same a.h5 d.h5
[ ! -e cifar-10-batches-bin ]
