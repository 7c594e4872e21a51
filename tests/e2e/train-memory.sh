# SPDX-License-Identifier: MIT
#
# Memory does not grow with the steps: ten times as many take hardly more.  --verbose says what it is for.

# the address sanitizer would keep what was given back
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}quarantine_size_mb=0:thread_local_quarantine_size_kb=0"
tiny
resident() { # STEPS: KiB at most
	aquatint-train --verbose --threads 2 --batch 4 --steps "$1" --checkpoint-every 2000 --eval-every 1000000 --record none \
		tiny.net tiny.data.h5 -o x.run.h5 2>&1 > /dev/null |
		sed -n 's/.*: at most \([0-9.]*\) MiB were resident: data set 0.3, maps.*/\1/p' |
		awk '{ print int(1024 * $1) } END { exit NR != 1 }'
}
few=$(resident 400)
many=$(resident 4000)
[ "$few" -gt 4000 ]
# half a KiB a step would be 1800; what is allowed are one more segment, its checkpoint, and rows under way
[ "$((many - few))" -lt 1700 ] || { echo "$few KiB for 400 steps, $many KiB for 4000"; exit 1; }
echo "$few KiB for 400 steps, $many KiB for 4000"
