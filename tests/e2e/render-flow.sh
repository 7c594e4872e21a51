# SPDX-License-Identifier: MIT
#
# All layers over all steps: of sealed and of live runs, of sparse records, with every number as a table.

tiny_run
aquatint-render flow --quiet tiny.run.h5 --csv flow.csv -o a.png
aquatint-render flow --quiet tiny.run.h5 -o b.png
same a.png b.png
grep -aq 'aquatint-train' a.png
# four quantities of two layers, and the loss, of each of the 25 steps
[ "$(grep -cv '^grad_' flow.csv)" -eq $((1 + 25 * (4 * 2 + 1))) ]
# sizes: three lines a layer and step, and histograms whose shares are of all numbers that are not 0
[ "$(grep -c '^grad_greatest,conv1,' flow.csv)" -eq 25 ]
grep '^grad_from_[0-9.e+-]*,dense1,7,7,' flow.csv | awk -F, '{ n += $5 } END { exit !(n > 0.99999 && n < 1.00001) }'
max=$(h5dump -d /stats/conv1/weight/max -s 7 -c 1 tiny.run.h5 | sed -n 's/^ *(7): //p')
min=$(h5dump -d /stats/conv1/weight/min -s 7 -c 1 tiny.run.h5 | sed -n 's/^ *(7): //p')
grep '^grad_greatest,conv1,7,7,' flow.csv |
	awk -F, -v a="$max" -v b="$min" '{ m = a > -b ? a : -b; d = $5 / m - 1; exit !(d < 1e-5 && d > -1e-5) }'
[ "$(grep -c '^update_ratio,dense1,' flow.csv)" -eq 25 ]
# the loss is that of the run
h5dump -d /loss -s 7 -c 1 tiny.run.h5 | sed -n 's/^ *(7): //p' > loss
grep '^loss,,7,7,' flow.csv | awk -F, -v loss="$(cat loss)" '{ d = $5 - loss; exit !(d < 1e-5 && d > -1e-5) }'
aquatint-render flow --quiet tiny.run.h5 --log --param bias -o x.png
rm x.png

# as shapes, with words as words: the same bytes each time, sound XML
for what in flow curves; do
	aquatint-render $what --quiet tiny.run.h5 -o a.svg
	aquatint-render $what --quiet tiny.run.h5 -o b.svg
	same a.svg b.svg
	grep -q '^<desc>.*aquatint-prep' a.svg
	grep -q '>loss</text>' a.svg
	if python3 -c 'import xml.dom.minidom' 2> /dev/null; then
		python3 -c 'import xml.dom.minidom; xml.dom.minidom.parse("a.svg")'
	else
		echo "NOT TESTED: there is no python3"
	fi
done

aquatint-train --quiet --batch 10 --steps 25 --record stats:every=4:layers=dense1 --threads 1 tiny.net tiny.data.h5 -o sparse.run.h5
aquatint-render flow --quiet sparse.run.h5 --csv sparse.csv -o x.png
[ "$(grep -c '^l2,dense1,' sparse.csv)" -eq 25 ]
[ "$(grep -c '^l2,conv1,' sparse.csv)" -eq 0 ]
[ "$(grep -c '^grad_from_' sparse.csv)" -eq 0 ]
[ "$(grep -c '^grad_root_mean_square,dense1,' sparse.csv)" -eq 25 ]
aquatint-train --quiet --batch 10 --steps 25 --record stats --record weights:every=5 --threads 1 tiny.net tiny.data.h5 -o both.run.h5
aquatint-render flow --quiet both.run.h5 --csv both.csv --log -o x.svg
grep -q '>sizes of the weights</text>' x.svg
grep -q '^weights_from_.*,conv1,24,24,' both.csv
rm x.png

aquatint-train --quiet --batch 10 --steps 3 --record grad tiny.net tiny.data.h5 -o none.run.h5
refuses 64 'train with --record stats' x.png aquatint-render flow none.run.h5 -o x.png
refuses 65 'aquatint-run' x.png aquatint-render flow tiny.data.h5 -o x.png
