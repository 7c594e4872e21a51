# SPDX-License-Identifier: MIT
#
# The same cut or weights of the same run have the same bytes, with any number of threads and whatever the files
# are called.

tiny
aquatint-train --quiet --batch 7 --steps 25 --solver adam --augment flip,shift=2 --checkpoint-every 10 tiny.net \
	tiny.data.h5 -o x.run.h5
aquatint-snapshot cut --quiet x.run.h5 --step 13 --data tiny.data.h5 --threads 1 -o a.snap.h5
cp x.run.h5 y.run.h5
cp tiny.data.h5 y.data.h5
aquatint-snapshot cut --quiet y.run.h5 --step -12 --data y.data.h5 --threads 3 -o b.snap.h5
if command -v h5diff > /dev/null; then
	for group in grad update activation delta example_grad; do h5diff a.snap.h5 b.snap.h5 $group; done
else
	echo "NOT TESTED: there is no h5diff"
fi
aquatint-snapshot cut --quiet y.run.h5 --step 13 --data y.data.h5 --threads 3 -o b.snap.h5
same a.snap.h5 b.snap.h5
aquatint-snapshot weights --quiet x.run.h5 --step 13 -o a.weights.h5
aquatint-snapshot weights --quiet y.run.h5 --step 13 --data y.data.h5 --threads 2 -o b.weights.h5
same a.weights.h5 b.weights.h5

refuses=0
aquatint-snapshot cut --no-clobber y.run.h5 --step 14 --data y.data.h5 -o b.snap.h5 2> said || refuses=$?
[ $refuses -eq 73 ]
grep -q 'b.snap.h5 exists' said
same a.snap.h5 b.snap.h5
