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
say "longer than 120 columns" "$(for file in $(tracked 'lib/*.[ch]' 'cmd/*.c'); do
	expand -t 8 "$file" | LC_ALL=C.UTF-8 grep -nE '^.{121}' | sed "s|^|$file:|" || :
done)"
say "paths of one machine" "$(tracked | grep -v '^tests/lint/space.sh$' | xargs grep -nIE '(^|[^a-z.])/work/|[^a-z]/tmp/[a-z]' || :)"
say "hosts of package registries" "$(tracked | grep -v '^tests/lint/space.sh$' | xargs grep -nIiE \
	'(pypi|pythonhosted|npmjs|crates|anaconda|rubygems)\.(org|com|io)|proxy\.golang|deb\.debian' || :)"
exit $bad
