# SPDX-License-Identifier: MIT
# A file of no bytes.
: > data_batch_1.bin
refuses 65 'none of the kinds of file known' x.h5 aquatint-prep data_batch_1.bin -o x.h5
