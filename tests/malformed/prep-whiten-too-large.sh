# SPDX-License-Identifier: MIT
# A matrix of whitening that no memory holds.
refuses 64 'whiten is for pictures of up to' x.h5 \
	aquatint-prep synth:shapes --limit 20 --test-limit 10 --size 256x256 --whiten -o x.h5
