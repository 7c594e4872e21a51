# SPDX-License-Identifier: MIT
#
# The output is the run or the data set.
tiny_run
cp tiny.run.h5 kept.run.h5
cp tiny.data.h5 kept.data.h5
for out in tiny.run.h5 ./tiny.data.h5; do
	fails 64 'is an input' aquatint-snapshot cut tiny.run.h5 --step 3 --data tiny.data.h5 -o $out
	fails 64 'is an input' aquatint-snapshot weights tiny.run.h5 --step 3 --data tiny.data.h5 -o $out
done
same tiny.run.h5 kept.run.h5
same tiny.data.h5 kept.data.h5
