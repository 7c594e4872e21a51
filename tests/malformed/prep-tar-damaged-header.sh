# SPDX-License-Identifier: MIT
# The second header of an archive overwritten.
{ printf '\003'; head -c 3072 /dev/zero; } > data_batch_1.bin
cp data_batch_1.bin data_batch_2.bin
tar -cf bad.tar --format=ustar data_batch_1.bin data_batch_2.bin
printf 'XXXX' | dd of=bad.tar bs=1 seek=4100 conv=notrunc 2> dd.log
refuses 65 'no member header at byte 4096' x.h5 aquatint-prep bad.tar -o x.h5
