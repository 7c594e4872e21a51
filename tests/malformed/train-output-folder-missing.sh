# SPDX-License-Identifier: MIT
#
# The folder of the output is not there, or is a file.
tiny
refuses 73 'none' none/x.run.h5 aquatint-train --steps 3 tiny.net tiny.data.h5 -o none/x.run.h5
refuses 73 'tiny.net' tiny.net/x.run.h5 aquatint-train --steps 3 tiny.net tiny.data.h5 -o tiny.net/x.run.h5
[ ! -e none ]
