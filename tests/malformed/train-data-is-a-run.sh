# SPDX-License-Identifier: MIT
#
# The data file is a run, a weights file, a text, or HDF5 of somebody else.
tiny
aquatint-train --quiet --batch 10 --steps 2 tiny.net tiny.data.h5 -o y.run.h5
aquatint-snapshot weights --quiet y.run.h5 --step 1 -o y.weights.h5
refuses_training 65 'y.run.h5.*aquatint-run.*aquatint-data' --steps 3 tiny.net y.run.h5
refuses_training 65 'y.weights.h5.*aquatint-weights.*aquatint-data' --steps 3 tiny.net y.weights.h5
refuses_training 65 'tiny.net' --steps 3 tiny.net tiny.net
