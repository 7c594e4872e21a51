# SPDX-License-Identifier: MIT
# Limits, validation and classes count as the manual says.
counts() {
	aquatint-prep synth:shapes "$@" -o x.h5 --json |
		sed 's/.*"train":/"/; s/"[a-z]*"://g; s/,/ /g; s/["}]//g'
}
[ "$(counts --limit 101 --test-limit 30)" = '101 0 30 10' ]
[ "$(counts --limit 101 --test-limit 30 --val-every 10)" = '90 11 30 10' ]
[ "$(counts --limit 101 --test-limit 30 --classes moon,star)" = '101 0 30 2' ]
[ "$(counts --limit 101 --test-limit 30 --val-every 2 --classes moon)" = '50 51 30 1' ]
