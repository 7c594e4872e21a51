# SPDX-License-Identifier: MIT
#
# Examples are laid out by their codes and by their gradients, filters by their weights; the same every time.

tiny_run
aquatint-snapshot cut --quiet tiny.run.h5 --data tiny.data.h5 --examples train:0-59 -o many.snap.h5
for of in activation delta example_grad; do
	aquatint-render embed --quiet many.snap.h5 --layer conv1 --of $of --iterations 50 --csv $of.csv -o $of.png
	[ "$(wc -l < $of.csv)" -eq 61 ]
	grep -q '^7,train,7,' $of.csv
done
aquatint-render embed --quiet many.snap.h5 --layer conv1 --iterations 50 --threads 1 -o again.png
same activation.png again.png
aquatint-render embed --quiet many.snap.h5 --layer dense1 --of weights --perplexity 2 --coordinates filters.embed.h5 \
	-o filters.png
aquatint-render embed --quiet many.snap.h5 --layer conv1 --of grad --perplexity 1 -o filters.png

# The coordinates as HDF5: sound, the same every time, and those of the table.
for name in a b; do
	aquatint-render embed --quiet many.snap.h5 --layer conv1 --iterations 50 --coordinates $name.embed.h5 -o x.png
done
rm x.png
same a.embed.h5 b.embed.h5
aquatint-snapshot check --quiet a.embed.h5 filters.embed.h5
aquatint-snapshot list a.embed.h5 | grep -Eq '^points +60$'
aquatint-snapshot list filters.embed.h5 | grep -Eq '^of +weights$'
aquatint-snapshot list --json a.embed.h5 | grep -q '"layer":"conv1","of":"activation","perplexity":"19.66'
h5dump -d /plane -s 3,0 -c 1,2 -m %.9g -y -o numbers a.embed.h5 > dumped
[ "$(tr -d ' \n' < numbers)" = "$(sed -n 's/^3,train,3,[0-9]*,[a-z]*,//p' activation.csv)" ]
refuses 64 'is an input' x.png aquatint-render embed many.snap.h5 --layer conv1 --coordinates many.snap.h5 -o x.png
refuses 64 'wants more than 90 points, there are 60' x.png \
	aquatint-render embed many.snap.h5 --layer conv1 --perplexity 30 -o x.png
refuses 64 'layer relu1 has no weights' x.png aquatint-render embed many.snap.h5 --layer relu1 --of grad -o x.png
refuses 65 'is a run' x.png aquatint-render embed tiny.run.h5 --layer conv1 -o x.png
