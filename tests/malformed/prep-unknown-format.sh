# SPDX-License-Identifier: MIT
# A file of a kind not known.
echo 'label,pixel' > train.csv
refuses 65 'train.csv is none of the kinds of file known' x.h5 aquatint-prep train.csv -o x.h5
