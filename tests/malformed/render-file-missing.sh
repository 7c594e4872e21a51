# SPDX-License-Identifier: MIT
#
# A file that is not there is named.

refuses 66 'cannot open nowhere.snap.h5' x.png aquatint-render panel nowhere.snap.h5 -o x.png
refuses 66 'cannot open nowhere.run.h5' x.png aquatint-render curves nowhere.run.h5 -o x.png
refuses 66 'cannot open nowhere.run.h5' x.png aquatint-render film nowhere.run.h5 --layer conv1 -o x.png
