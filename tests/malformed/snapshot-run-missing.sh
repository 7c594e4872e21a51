# SPDX-License-Identifier: MIT
#
# The run is not there, or is under way and stands in its folder.
tiny_run
refuses 66 'none.run.h5' x.weights.h5 aquatint-snapshot weights none.run.h5 --step 1 -o x.weights.h5
fails 66 'none.run.h5' aquatint-snapshot list none.run.h5
fails 66 'none.run.h5' aquatint-snapshot check none.run.h5
mkdir x.run.h5.tmp
aquatint-train --quiet --steps 5 tiny.net tiny.data.h5 -o x.run.h5 2> said || [ $? -eq 73 ]
refuses 66 'x.run.h5 is not finished yet; .* x.run.h5.part, name that' x.weights.h5 \
	aquatint-snapshot weights x.run.h5 --step 1 -o x.weights.h5
mkdir empty.part
refuses 66 'empty.part/run.h5' x.weights.h5 aquatint-snapshot weights empty.part --step 0 -o x.weights.h5
