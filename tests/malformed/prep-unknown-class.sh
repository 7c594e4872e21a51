# SPDX-License-Identifier: MIT
# A class that the source has not, nearly spelt.
refuses 64 "no class 'sqare'; did you mean square" x.h5 \
	aquatint-prep synth:shapes --limit 20 --test-limit 10 --classes circle,sqare -o x.h5
