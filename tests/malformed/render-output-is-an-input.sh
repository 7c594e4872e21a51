# SPDX-License-Identifier: MIT
#
# The output, or a table beside it, is what is to be drawn, or the data set, or the other of the two.
tiny_snap
cp tiny.snap.h5 kept.snap.h5
cp tiny.run.h5 kept.run.h5
cp tiny.data.h5 kept.data.h5
ln -s tiny.run.h5 link.h5
ln tiny.run.h5 linked.h5
aquatint-render curves --quiet tiny.run.h5 -o other.png
cp tiny.run.h5 second.run.h5
while read -r out words; do
	fails 64 "$out is an input: write to another file" aquatint-$words
done << END
tiny.snap.h5 render panel tiny.snap.h5 -o tiny.snap.h5
tiny.snap.h5 render tiles tiny.snap.h5 --layer conv1 -o tiny.snap.h5
tiny.snap.h5 render diagnose tiny.snap.h5 --csv tiny.snap.h5 -o other.png
tiny.snap.h5 render embed tiny.snap.h5 --layer conv1 --coordinates tiny.snap.h5 -o other.png
tiny.run.h5 render film ./tiny.run.h5 --layer conv1 -o tiny.run.h5
tiny.data.h5 render film tiny.run.h5 --layer conv1 --data tiny.data.h5 -o tiny.data.h5
linked.h5 render flow tiny.run.h5 --csv linked.h5 -o other.png
link.h5 render report tiny.run.h5 -o link.h5
tiny.run.h5 render curves second.run.h5 tiny.run.h5 -o tiny.run.h5
tiny.run.h5 snapshot list tiny.run.h5 --csv tiny.run.h5
END
fails 64 'x is to be written twice' aquatint-render flow tiny.run.h5 --csv x -o x
fails 64 './other.png is to be written twice' \
	aquatint-render flow tiny.run.h5 --csv ./other.png -o other.png
same tiny.snap.h5 kept.snap.h5
same tiny.run.h5 kept.run.h5
same tiny.data.h5 kept.data.h5
[ -h link.h5 ]
[ ! -e x ]
