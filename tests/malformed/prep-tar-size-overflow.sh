# SPDX-License-Identifier: MIT
# A member of 2^88 bytes, its checksum right.
{ printf '\003'; head -c 3072 /dev/zero; } > data_batch_1.bin
tar -cf bad.tar --format=ustar --mtime=@0 --owner=0 --group=0 data_batch_1.bin
# size: base-256, then the checksum over the header with spaces in the checksum's place
printf '\200\001\0\0\0\0\0\0\0\0\0\0' | dd of=bad.tar bs=1 seek=124 conv=notrunc 2> dd.log
printf '        ' | dd of=bad.tar bs=1 seek=148 conv=notrunc 2> dd.log
sum=$(head -c 512 bad.tar | od -An -v -tu1 |
	awk '{ for (i = 1; i <= NF; i++) s += $i } END { print s }')
printf '%06o\0 ' "$sum" | dd of=bad.tar bs=1 seek=148 conv=notrunc 2> dd.log
refuses 65 'size of the member at byte 0 of the archive overflows' x.h5 \
	aquatint-prep bad.tar -o x.h5
