# SPDX-License-Identifier: MIT
#
# The terms of one weight's gradient, of convolutions and of dense layers, of a step's own batch and others.

tiny_snap
aquatint-render sharing --quiet tiny.snap.h5 --weight 'conv1[3,0,2,1]' --example 1 -o a.png
aquatint-render sharing --quiet tiny.snap.h5 --weight 'conv1[3,0,2,1]' --example 1 -o b.png
same a.png b.png
grep -aq 'weight=conv1\[3,0,2,1\]' a.png
# as a table: terms are products, they add up, and the file's own sum stands below them
aquatint-render sharing --quiet tiny.snap.h5 --weight 'conv1[3,0,2,1]' --example 1 --csv terms.csv -o x.svg
grep -q '>terms</text>' x.svg
awk -F, '$1 == "term" { n++; d = $5 * $6 - $7; if (d * d > 1e-12 * $7 * $7) exit 1; sum += $7 }
	$1 == "example_grad" && $2 == 1 { d = sum - $7 }
	END { exit !(n == 256 && d * d < 1e-10) }' terms.csv
aquatint-render sharing --quiet tiny.snap.h5 --weight 'conv1[3,0,2,1]' --example 2 -o b.png
! cmp -s a.png b.png
aquatint-render sharing --quiet tiny.snap.h5 --weight 'dense1[9,17]' -o x.png
aquatint-snapshot cut --quiet tiny.run.h5 --data tiny.data.h5 --step 13 -o own.snap.h5
aquatint-render sharing --quiet own.snap.h5 --weight 'dense1[9,255]' -o x.png
rm x.png
refuses 64 'in is 0 to 2' x.png aquatint-render sharing tiny.snap.h5 --weight 'conv1[0,3,0,0]' -o x.png
refuses 64 'no layer .cnv1.; did you mean conv1' x.png \
	aquatint-render sharing tiny.snap.h5 --weight 'cnv1[0,0,0,0]' -o x.png
refuses 64 'examples 0 to 2' x.png \
	aquatint-render sharing tiny.snap.h5 --weight 'conv1[0,0,0,0]' --example 3 -o x.png
refuses 65 'is no snap' x.png aquatint-render sharing tiny.run.h5 --weight 'conv1[0,0,0,0]' -o x.png
