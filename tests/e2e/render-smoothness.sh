# SPDX-License-Identifier: MIT
#
# How smooth filters are: of runs over their steps, of snaps and weights files at one; every number as a table.

tiny_snap
aquatint-snapshot weights --quiet tiny.run.h5 --step 25 -o end.weights.h5
aquatint-render smoothness --quiet tiny.run.h5 --layer conv1 --csv run.csv -o a.png
aquatint-render smoothness --quiet tiny.run.h5 --layer conv1 --threads 1 -o b.png
same a.png b.png
# four filters before each of 25 steps, and after the last
[ "$(wc -l < run.csv)" -eq $((1 + 26 * 4)) ]
# the end of the run is what the weights after it are
aquatint-render smoothness --quiet end.weights.h5 --layer conv1 --csv end.csv -o x.png
[ "$(wc -l < end.csv)" -eq 5 ]
grep '^25,' run.csv > a
grep '^25,' end.csv > b
same a b
# random weights begin within what is said of random ones, in the mean over the filters
awk -F, '$1 == 0 { high += $3; n++; level = $5; least = $6; most = $7 }
	END { exit !(n == 4 && least < level && level < most && high / n > least && high / n < most) }' run.csv
for of in grad reg_grad clip_grad update; do
	aquatint-render smoothness --quiet tiny.snap.h5 --layer conv1 --of $of -o x.png
	aquatint-render smoothness --quiet tiny.run.h5 --layer conv1 --of $of --frames 3 --log -o x.png
done
# what no gradients were recorded of has its checkpoints
aquatint-train --quiet --batch 10 --steps 25 --checkpoint-every 10 --record none tiny.net tiny.data.h5 -o none.run.h5
aquatint-render smoothness --quiet none.run.h5 --layer conv1 --csv none.csv -o x.png
[ "$(cut -d, -f1 none.csv | sort -n | uniq | grep -c .)" -eq 5 ]
rm x.png
refuses 64 "there is no .bias." x.png aquatint-render smoothness tiny.snap.h5 --layer conv1 --of bias -o x.png
refuses 64 'layer relu1 has no weight' x.png aquatint-render smoothness tiny.run.h5 --layer relu1 -o x.png
refuses 64 'several things' x.png aquatint-render smoothness tiny.run.h5 --layer conv1 --of grad,update -o x.png
refuses 65 'nothing to draw' x.png aquatint-render smoothness tiny.data.h5 --layer conv1 -o x.png
