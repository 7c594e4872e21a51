# SPDX-License-Identifier: MIT
# Test pictures alone.
{ printf '\003'; head -c 3072 /dev/zero; } > test_batch.bin
refuses 65 'test pictures alone' x.h5 aquatint-prep test_batch.bin -o x.h5
