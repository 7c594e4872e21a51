# SPDX-License-Identifier: MIT
#
# Memory does not grow with the steps: ten times as many take hardly more.  --verbose says what it is for.  And a record
# of everything that is usual takes at most 64 MiB, of a large network, too: 3 million weights, or 12 with AQUATINT_LONG.

# the address sanitizer would keep what was given back
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}quarantine_size_mb=0:thread_local_quarantine_size_kb=0"
tiny
resident() { # STEPS NET OPTION...: KiB at most
	steps=$1 net=$2
	shift 2
	aquatint-train --verbose --threads 2 --batch 4 --steps "$steps" --eval-every 1000000 "$@" "$net" tiny.data.h5 \
		-o x.run.h5 2>&1 > /dev/null |
		sed -n 's/.*: at most \([0-9.]*\) MiB were resident: data set 0.3, maps.*/\1/p' |
		awk '{ print int(1024 * $1) } END { exit NR != 1 }'
}
few=$(resident 400 tiny.net --checkpoint-every 2000 --record none)
many=$(resident 4000 tiny.net --checkpoint-every 2000 --record none)
[ "$few" -gt 4000 ]
# half a KiB a step would be 1800; what is allowed are one more segment, its checkpoint, and rows under way
[ "$((many - few))" -lt 1700 ] || { echo "$few KiB for 400 steps, $many KiB for 4000"; exit 1; }
echo "$few KiB for 400 steps, $many KiB for 4000"

units=${AQUATINT_LONG:+3900}
printf 'input 3x32x32\ndense units=%s\nrelu\ndense units=10\nloss softmax\n' "${units:-980}" > large.net
none=$(resident 6 large.net --checkpoint-every 3 --record none)
without=$(wc -c < x.run.h5)
usual=$(resident 6 large.net --checkpoint-every 3)
# it was recorded: six gradients of 4 bytes, packed a little
[ "$(($(wc -c < x.run.h5) - without))" -gt "$((6 * 4 * 3072 * ${units:-980} * 7 / 10))" ]
echo "$none KiB without a record, $usual KiB with one"
[ "$((usual - none))" -le 65536 ]
