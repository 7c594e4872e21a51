# SPDX-License-Identifier: MIT
#
# The output grows beyond what the shell allows: an error, no death by signal, nothing left.
tiny_run
for blocks in 8 64 256; do
	(
		ulimit -f $blocks
		refuses 74 'x.snap.h5' x.snap.h5 aquatint-snapshot cut tiny.run.h5 --step 3 --data tiny.data.h5 -o x.snap.h5
	)
done
