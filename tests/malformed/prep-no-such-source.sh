# SPDX-License-Identifier: MIT
# A name of nothing.
refuses 66 'cannot open nowhere: No such file' x.h5 aquatint-prep nowhere -o x.h5
