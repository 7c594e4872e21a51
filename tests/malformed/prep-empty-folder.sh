# SPDX-License-Identifier: MIT
# A folder with nothing in it.
mkdir nothing
refuses 65 'nothing is empty' x.h5 aquatint-prep nothing -o x.h5
