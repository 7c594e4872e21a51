# SPDX-License-Identifier: MIT
#
# A data set has no layers.
tiny_run
refuses 64 'tiny.data.h5 is a data set: it has no layers' x.csv aquatint-snapshot list tiny.data.h5 --csv x.csv
