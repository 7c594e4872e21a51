# SPDX-License-Identifier: MIT
# A set that nobody can draw.
refuses 64 'synth:shaps cannot be drawn' x.h5 aquatint-prep synth:shaps -o x.h5
