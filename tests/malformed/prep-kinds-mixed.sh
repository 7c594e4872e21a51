# SPDX-License-Identifier: MIT
# CIFAR and drawn shapes in one data file.
{ printf '\003'; head -c 3072 /dev/zero; } > data_batch_1.bin
refuses 65 'cannot be mixed with' x.h5 aquatint-prep data_batch_1.bin synth:shapes -o x.h5
