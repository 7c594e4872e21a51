# SPDX-License-Identifier: MIT
#
# Examples are laid out by their codes and by their gradients, filters by their weights; the same every time.

tiny_run
aquatint-snapshot cut --quiet tiny.run.h5 --data tiny.data.h5 --examples train:0-59 -o many.snap.h5
for of in activation delta example_grad; do
	aquatint-render embed --quiet many.snap.h5 --layer conv1 --of $of --iterations 50 --csv $of.csv -o $of.png
	[ "$(wc -l < $of.csv)" -eq 61 ]
done
aquatint-render embed --quiet many.snap.h5 --layer conv1 --iterations 50 --threads 1 -o again.png
same activation.png again.png
aquatint-render embed --quiet many.snap.h5 --layer dense1 --of weights --perplexity 2 -o filters.png
refuses 64 'wants more than 90 points, there are 60' x.png \
	aquatint-render embed many.snap.h5 --layer conv1 --perplexity 30 -o x.png
refuses 64 'layer relu1 has no weights' x.png aquatint-render embed many.snap.h5 --layer relu1 --of grad -o x.png
refuses 65 'is a run' x.png aquatint-render embed tiny.run.h5 --layer conv1 -o x.png
