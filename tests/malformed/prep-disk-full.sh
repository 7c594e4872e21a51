# SPDX-License-Identifier: MIT
# No room for the output: a limit on the size of files stands in for the full disk.
refuses 74 'cannot make x.h5' x.h5 \
	sh -c "trap '' XFSZ; ulimit -f 64
	       exec aquatint-prep synth:shapes --limit 500 --test-limit 10 -o x.h5"
