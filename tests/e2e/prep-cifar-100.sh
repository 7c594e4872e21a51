# SPDX-License-Identifier: MIT
# Of CIFAR-100 the fine label counts, and its names are those of fine_label_names.txt.
for fine in 000 143 007 001; do # octal: 0, 99, 7, 1
	printf "\\003\\$fine"
	head -c 3072 /dev/zero
done > train.bin
cp train.bin test.bin
i=0
while [ $i -lt 100 ]; do
	echo "name$i"
	i=$((i + 1))
done > fine_label_names.txt
aquatint-prep . -o x.h5 --json > said
grep -q '"train":4,.*"test":4,"classes":100' said
aquatint-prep . --classes name99,name7 -o y.h5 --json > said
grep -q '"train":2,.*"test":2,"classes":2' said
