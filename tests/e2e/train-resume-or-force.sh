# SPDX-License-Identifier: MIT
#
# What an unfinished run leaves is taken up only by the same network, data and options, and only when told so.

tiny
options="--quiet --batch 9 --steps 40 --seed 3 --checkpoint-every 10 --record grad --record crc"
aquatint-train $options tiny.net tiny.data.h5 -o whole.run.h5

# --resume where there is nothing simply begins.
aquatint-train $options --resume tiny.net tiny.data.h5 -o x.run.h5
same whole.run.h5 x.run.h5
rm x.run.h5

# A run that cannot be sealed leaves its folder.
mkdir x.run.h5.tmp
refuses=0
aquatint-train $options tiny.net tiny.data.h5 -o x.run.h5 2> said || refuses=$?
[ $refuses -eq 73 ]
rmdir x.run.h5.tmp
[ -e x.run.h5.part/segment-3.h5 ]
cp -R x.run.h5.part kept

train="aquatint-train $options"
refuses 73 'x.run.h5.part is there: an earlier run did not finish; --resume takes it up, --force' \
	x.run.h5 $train tiny.net tiny.data.h5 -o x.run.h5
refuses 64 'not both' x.run.h5 $train --resume --force tiny.net tiny.data.h5 -o x.run.h5
for other in 'lr 0.02' 'solver adam' 'batch 10' 'steps 41' 'seed 4' 'checkpoint-every 11' 'l2 0.1' 'clip 1' \
	'augment flip' 'lr-schedule cosine' 'record weights' 'eval-every 3' 'momentum 0.8'; do
	name=$(echo "${other% *}" | tr - _)
	refuses 64 "begun with another $name \(.*--force" x.run.h5 $train --resume --${other% *} "${other#* }" \
		tiny.net tiny.data.h5 -o x.run.h5
done
sed s/channels=4/channels=5/ tiny.net > other.net
refuses 64 'begun with another network' x.run.h5 $train --resume other.net tiny.data.h5 -o x.run.h5
aquatint-prep --quiet synth:shapes --limit 90 --test-limit 20 --seed 2 -o other.data.h5
refuses 64 'begun with another data set' x.run.h5 $train --resume tiny.net other.data.h5 -o x.run.h5
aquatint-snapshot weights --quiet whole.run.h5 --step 3 -o init.weights.h5
refuses 64 'begun with another --init' x.run.h5 $train --resume --init init.weights.h5 tiny.net tiny.data.h5 \
	-o x.run.h5
diff -r kept x.run.h5.part

# The same, under other names and with other threads, is taken up.
cp tiny.net same.net
cp tiny.data.h5 same.data.h5
$train --resume --threads 3 same.net same.data.h5 -o x.run.h5
same whole.run.h5 x.run.h5
[ ! -e x.run.h5.part ]

# --force throws it away, also where it is of another run.
mv kept x.run.h5.part
$train --force --lr 0.03 tiny.net tiny.data.h5 -o x.run.h5
[ ! -e x.run.h5.part ]
$train --lr 0.03 tiny.net tiny.data.h5 -o y.run.h5
same x.run.h5 y.run.h5

# A finished run is replaced whole, unless told not to.
refuses=0
$train --no-clobber tiny.net tiny.data.h5 -o y.run.h5 2> said || refuses=$?
[ $refuses -eq 73 ]
grep -q 'y.run.h5 exists' said
same x.run.h5 y.run.h5
$train tiny.net tiny.data.h5 -o y.run.h5
same whole.run.h5 y.run.h5
