# SPDX-License-Identifier: MIT
# --no-clobber keeps what is there.
echo mine > x.h5
fails 73 'x.h5 exists, and --no-clobber was given' \
	aquatint-prep synth:shapes --limit 20 --test-limit 10 --no-clobber -o x.h5
[ "$(cat x.h5)" = mine ]
[ ! -e x.h5.tmp ]
