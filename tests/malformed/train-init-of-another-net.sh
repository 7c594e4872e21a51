# SPDX-License-Identifier: MIT
#
# The weights to start from are of another network, or are no weights file.
tiny
aquatint-train --quiet --batch 10 --steps 2 tiny.net tiny.data.h5 -o y.run.h5
aquatint-snapshot weights --quiet y.run.h5 --step 2 -o y.weights.h5
sed s/channels=4/channels=5/ tiny.net > other.net
refuses_training 65 'cannot start from --init y.weights.h5' --steps 3 --init y.weights.h5 other.net tiny.data.h5
grep -q 'conv1/weight' refuses.err
refuses_training 65 'y.run.h5.*aquatint-run.*aquatint-weights' --steps 3 --init y.run.h5 tiny.net tiny.data.h5
refuses_training 66 'none.weights.h5' --steps 3 --init none.weights.h5 tiny.net tiny.data.h5
