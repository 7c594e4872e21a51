# SPDX-License-Identifier: MIT
# An archive that would write outside of the folder it is unpacked in.
mkdir deep
{ printf '\003'; head -c 3072 /dev/zero; } > data_batch_1.bin
(cd deep && tar -cPf ../bad.tar --format=ustar ../data_batch_1.bin)
refuses 65 'member \.\./data_batch_1.bin points outside' x.h5 aquatint-prep bad.tar -o x.h5
