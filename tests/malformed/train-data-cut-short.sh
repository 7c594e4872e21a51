# SPDX-License-Identifier: MIT
#
# The data file is cut short or empty.
tiny
size=$(wc -c < tiny.data.h5)
for part in 0 1 100 $((size / 10)) $((size / 2)) $((size - 1)); do
	head -c "$part" tiny.data.h5 > short.data.h5
	refuses_training 65 'short.data.h5' --steps 3 tiny.net short.data.h5
done
