# SPDX-License-Identifier: MIT
#
# --init starts from the weights of a file: the first step begins with them.

tiny
aquatint-train --quiet --batch 10 --steps 20 tiny.net tiny.data.h5 -o a.run.h5
aquatint-snapshot weights --quiet a.run.h5 --step 20 -o a.weights.h5
aquatint-train --quiet --batch 10 --steps 1 --init a.weights.h5 tiny.net tiny.data.h5 -o b.run.h5
aquatint-snapshot weights --quiet b.run.h5 --step 0 -o b.weights.h5
if command -v h5diff > /dev/null; then
	h5diff a.weights.h5 b.weights.h5 /weights /weights
else
	echo "NOT TESTED: there is no h5diff"
fi
aquatint-snapshot list b.run.h5 | grep -q 'aquatint-train .*init [0-9a-f]\{8\}'
