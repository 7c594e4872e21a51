# SPDX-License-Identifier: MIT
#
# Steps that are not there, or were not recorded, are told with those that are.

tiny
aquatint-train --quiet --batch 10 --steps 25 --record grad:every=5 tiny.net tiny.data.h5 -o sparse.run.h5
refuses 64 'its steps are 0 to 24' x.png aquatint-render tiles sparse.run.h5 --layer conv1 --of grad --step 99 -o x.png
refuses 64 'step 7 was not recorded' x.png aquatint-render tiles sparse.run.h5 --layer conv1 --of grad --step 7 -o x.png
refuses 64 'no recorded step from 6 to 9' x.png \
	aquatint-render film sparse.run.h5 --layer conv1 --of grad --from 6 --to 9 -o x.png
aquatint-render tiles --quiet sparse.run.h5 --layer conv1 --of grad --step 5 -o five.png
