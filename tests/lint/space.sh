#!/bin/sh
# SPDX-License-Identifier: MIT
#
# White space, licence lines, and words that belong to one machine.
set -eu
bad=0
tracked() { git ls-files "$@"; }

say() { # TEXT FILES: complain if there are any
	[ -z "$2" ] || { printf '%s:\n%s\n' "$1" "$2" >&2; bad=1; }
}

sources=$(tracked '*.c' '*.h' '*.sh' '*.awk' '*.mk' '*.py' '*.js' Makefile '*.1' '*.5' '*.schema' | grep -v '^tests/oracle/.*\.h$' || :)
say "trailing white space" "$(echo "$sources" | xargs grep -nE '[ 	]+$' || :)"
say "no SPDX line" "$(echo "$sources" | grep -v '^Makefile$' | xargs grep -L 'SPDX-License-Identifier: MIT' || :)"
say "longer than 120 columns" "$(tracked 'lib/*.[ch]' 'cmd/*.c' | xargs awk '
	{ line = $0; gsub(/\t/, "        ", line); if (length(line) > 120) print FILENAME ":" FNR }')"
say "paths of one machine" "$(tracked | grep -v '^tests/lint/space.sh$' | xargs grep -nIE '(^|[^a-z.])/work/|[^a-z]/tmp/[a-z]' || :)"
exit $bad
