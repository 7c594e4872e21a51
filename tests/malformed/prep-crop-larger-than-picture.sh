# SPDX-License-Identifier: MIT
# A crop that reaches outside.
refuses 65 'crop 40x40 is larger than a picture of 32x32' x.h5 \
	aquatint-prep synth:shapes --limit 20 --test-limit 10 --crop 40x40 -o x.h5
