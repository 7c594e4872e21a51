# SPDX-License-Identifier: MIT
#
# The network needs more memory than there is, or more weights than can be counted: said before anything is written.
tiny
sed 's/units=10/units=1000000/; s/channels=4/channels=65536/' tiny.net > bad.net
refuses_training 65 'bad.net:6:1: .*weights' --steps 3 bad.net tiny.data.h5
sed 's/units=10/units=1048576/' tiny.net > large.net
ulimit -v 2000000 2> /dev/null || { echo "NOT TESTED: no limit of memory"; exit 0; }
if ! aquatint-train --version > /dev/null 2>&1; then
	echo "NOT TESTED: these programs do not start within a limit of memory"
	exit 0
fi
refuses_training 71 'memory' --steps 3 large.net tiny.data.h5
