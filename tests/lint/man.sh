#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Holds the man pages to the programs: every option of --help stands in the page, and none besides.
#
#	man.sh DIR      DIR holds the programs
set -eu
bin=$1
bad=0

# The options of a program and of its verbs, a line each.
helped() {
	"$1" --help
	"$1" --help | sed -n '/ VERB /,/^$/!{/^  [a-z][a-z]* /p}' | awk '{ print $1 }' | while read -r verb; do
		"$1" "$verb" --help 2> /dev/null || :
	done
}

for page in cmd/aquatint-*.1; do
	program=$(basename "$page" .1)
	helped "$bin/$program" | grep -o -- '--[a-z][a-z0-9-]*' | sort -u > "$bin/.helped"
	grep '^\.It ' "$page" | grep -o '[ ,]-[a-z][a-z0-9-]*' | sed 's/^./-/' | sort -u > "$bin/.documented"
	for option in $(comm -23 "$bin/.helped" "$bin/.documented"); do
		echo "$page: $option of --help is not there" >&2
		bad=1
	done
	for option in $(comm -13 "$bin/.helped" "$bin/.documented"); do
		echo "$page: $option is no option of $program" >&2
		bad=1
	done
	rm -f "$bin/.helped" "$bin/.documented"
done
for program in "$bin"/aquatint-*; do
	[ -e "cmd/$(basename "$program").1" ] || { echo "$(basename "$program") has no man page" >&2; bad=1; }
done
if command -v mandoc > /dev/null; then
	mandoc -T lint -W warning cmd/*.1 || bad=1
	for page in schemas/*.5; do
		[ ! -e "$page" ] || mandoc -T lint -W warning "$page" || bad=1
	done
fi
exit $bad
