# SPDX-License-Identifier: MIT
#
# The examples are not in the data set, or the range cannot be read.
tiny_run
cut="aquatint-snapshot cut tiny.run.h5 --step 3 --data tiny.data.h5 -o x.snap.h5"
refuses 64 'test of tiny.data.h5 has examples 0 to 19' x.snap.h5 $cut --examples test:20
refuses 64 'test of tiny.data.h5 has examples 0 to 19' x.snap.h5 $cut --examples test:0-20
refuses 64 'tiny.data.h5 has no val examples' x.snap.h5 $cut --examples val:0
for bad in test 3 test: test:a test:-1 test:3- exam:3 test:1-2-3 'test: 1'; do
	refuses 64 "'$bad' is not a range of examples such as test:0-15" x.snap.h5 $cut --examples "$bad"
done
refuses 64 'test:5-3' x.snap.h5 $cut --examples test:5-3
