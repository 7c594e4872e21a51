# SPDX-License-Identifier: MIT
# Two options that exclude each other.
refuses 64 'gray and --rgb exclude each other' x.h5 aquatint-prep synth:shapes --gray --rgb -o x.h5
