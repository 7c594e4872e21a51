# SPDX-License-Identifier: MIT
# Every picture put aside.
refuses 64 'all training pictures went to val' x.h5 \
	aquatint-prep synth:shapes --limit 20 --test-limit 10 --val-every 1 -o x.h5
