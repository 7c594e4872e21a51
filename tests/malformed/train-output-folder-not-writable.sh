# SPDX-License-Identifier: MIT
#
# The folder of the output is on a file system that is read-only.
tiny
if [ "$(id -u)" -eq 0 ] && unshare -m true 2> /dev/null; then
	mkdir shut
	unshare -m sh -euc ". '$AQ_TOP/tests/lib.sh'"'
		mount -t tmpfs -o ro none shut 2> /dev/null || { echo "NOT TESTED: no mounting here"; exit 0; }
		refuses 73 "shut" shut/x.run.h5 aquatint-train --steps 3 tiny.net tiny.data.h5 -o shut/x.run.h5
		[ ! -e shut/x.run.h5.part ]'
elif [ "$(id -u)" -ne 0 ]; then
	mkdir -m 555 shut
	refuses 73 'shut' shut/x.run.h5 aquatint-train --steps 3 tiny.net tiny.data.h5 -o shut/x.run.h5
else
	echo "NOT TESTED: root may write everywhere, and cannot mount"
fi
