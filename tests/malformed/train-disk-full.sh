# SPDX-License-Identifier: MIT
#
# The disk is full from the beginning, or fills up: exit status 74 or 73, and what was finished is kept and can be
# taken up where there is room again.
tiny
aquatint-train --quiet --batch 10 --steps 300 --checkpoint-every 10 tiny.net tiny.data.h5 -o whole.run.h5
if [ "$(id -u)" -ne 0 ] || ! unshare -m true 2> /dev/null; then
	echo "NOT TESTED: only root can mount a small disk"
	exit 0
fi
mkdir disk
unshare -m sh -euc ". '$AQ_TOP/tests/lib.sh'"'
	mount -t tmpfs -o size=2m none disk 2> /dev/null || { echo "NOT TESTED: no mounting here"; exit 0; }
	train="aquatint-train --quiet --batch 10 --steps 300 --checkpoint-every 10 tiny.net tiny.data.h5"

	# no room at all: nothing is left behind
	dd if=/dev/zero of=disk/filler bs=1024 2> /dev/null || true
	status=0
	$train -o disk/x.run.h5 2> said || status=$?
	[ $status -eq 73 ] || [ $status -eq 74 ]
	grep -q "disk/x.run.h5" said
	[ ! -e disk/x.run.h5 ]
	[ ! -e disk/x.run.h5.part ]
	rm disk/filler

	# room for a part of it
	refuses 74 "x.run.h5.part.*(space|write)|[Nn]o space" disk/x.run.h5 $train -o disk/x.run.h5
	grep -q "finished so far are in disk/x.run.h5.part.*--resume" refuses.err
	[ -e disk/x.run.h5.part/segment-0.h5 ]
	steps=$(aquatint-snapshot list --json disk/x.run.h5.part | sed "s/.*\"steps\":\([0-9]*\).*/\1/")
	[ "$steps" -gt 0 ]
	[ -z "$(ls disk/x.run.h5.part | grep tmp)" ]

	# room again
	mount -o remount,size=64m disk
	$train --resume -o disk/x.run.h5
	same whole.run.h5 disk/x.run.h5
	[ ! -e disk/x.run.h5.part ]'
