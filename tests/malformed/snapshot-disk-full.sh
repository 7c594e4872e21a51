# SPDX-License-Identifier: MIT
#
# The disk is full: exit status 74 or 73, and nothing is left of the output.
tiny_run
if [ "$(id -u)" -ne 0 ] || ! unshare -m true 2> /dev/null; then
	echo "NOT TESTED: only root can mount a small disk"
	exit 0
fi
mkdir disk
unshare -m sh -euc ". '$AQ_TOP/tests/lib.sh'"'
	mount -t tmpfs -o size=64k none disk 2> /dev/null || { echo "NOT TESTED: no mounting here"; exit 0; }
	refuses 74 "disk/x.snap.h5.*[Nn]o space|[Nn]o space" disk/x.snap.h5 \
		aquatint-snapshot cut tiny.run.h5 --step 3 --data tiny.data.h5 -o disk/x.snap.h5
	dd if=/dev/zero of=disk/filler bs=1024 2> /dev/null || true
	status=0
	aquatint-snapshot weights tiny.run.h5 --step 3 -o disk/x.weights.h5 2> said || status=$?
	[ $status -eq 73 ] || [ $status -eq 74 ]
	grep -q disk/x.weights.h5 said
	[ "$(ls disk)" = filler ]'
