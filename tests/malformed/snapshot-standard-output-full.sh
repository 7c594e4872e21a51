# SPDX-License-Identifier: MIT
#
# Standard output cannot be written: exit status 74.
tiny_run
[ -c /dev/full ] || { echo "NOT TESTED: there is no /dev/full"; exit 0; }
status=0
aquatint-snapshot list tiny.run.h5 > /dev/full 2> said || status=$?
[ $status -eq 74 ]
grep -q 'standard output' said
