# SPDX-License-Identifier: MIT
#
# The steps to verify are not in the run or cannot be read.
tiny_run
for bad in 3 a:b 1:x 5:3 0:26 -1:3 1:2:3; do
	fails 64 "steps $bad" aquatint-snapshot verify tiny.run.h5 --data tiny.data.h5 --steps=$bad
done
