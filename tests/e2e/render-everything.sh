# SPDX-License-Identifier: MIT
#
# Every tensor of every layer can be drawn, in every view and scale, from every kind of file.

tiny_snap
aquatint-snapshot weights --quiet tiny.run.h5 --step 13 -o tiny.weights.h5
for layer in input conv1 relu1 maxpool1 dropout1 dense1; do
	for of in activation delta; do
		aquatint-render tiles --quiet tiny.snap.h5 --layer $layer --of $of --example 2 -o x.png
	done
done
for layer in conv1 dense1; do
	for of in weights grad reg_grad clip_grad update example_grad; do
		for param in weight bias; do
			aquatint-render tiles --quiet tiny.snap.h5 --layer $layer --of $of --param $param -o x.png
		done
	done
done
for scale in sym minmax layer global convnetjs; do
	aquatint-render panel --quiet tiny.snap.h5 --scale $scale -o x.png
	for view in plain dx dy mag all; do
		aquatint-render tiles --quiet tiny.weights.h5 --layer conv1 --view $view --scale $scale -o x.png
	done
done
for of in weights grad reg_grad clip_grad update example_grad; do
	for layer in conv1 dense1; do
		aquatint-render tiles --quiet tiny.snap.h5 --layer $layer --of $of --view all -o x.png
	done
done
aquatint-render tiles --quiet tiny.snap.h5 --layer relu1 --of activation --view all --zoom 2 -o x.png
aquatint-render tiles --quiet tiny.run.h5 --layer conv1 --of grad --view all --step 3 -o x.png
rm x.png
refuses 64 'bias of conv1 is no picture' x.png \
	aquatint-render tiles tiny.snap.h5 --layer conv1 --param bias --view all -o x.png
for of in grad reg_grad clip_grad update example_grad; do
	aquatint-render panel --quiet tiny.snap.h5 --of $of --example 1 -o x.png
done
aquatint-render film --quiet tiny.run.h5 --layer conv1 --filter 2 --log --frames 7 --param bias -o x.png
aquatint-render film --quiet tiny.run.h5 --layer dense1 --of reg_grad,clip_grad --from 5 --to 10 -o x.png
aquatint-render curves --quiet tiny.run.h5 tiny.run.h5 --log --smooth 3 -o x.png
# every number of the curves: loss and rate of each step, loss, error and top-5 error of each evaluation
aquatint-render curves --quiet tiny.run.h5 --log-steps --csv curves.csv -o x.png
[ "$(grep -c '^tiny,loss,batches,' curves.csv)" -eq 25 ]
[ "$(grep -c '^tiny,lr,,' curves.csv)" -eq 25 ]
[ "$(grep -c '^tiny,top5_error,test,' curves.csv)" -eq "$(grep -c '^tiny,error,test,' curves.csv)" ]
grep -q '^tiny,error,test,25,25,' curves.csv
[ "$(awk -F, 'NF != 9' curves.csv | wc -l)" -eq 0 ]
aquatint-train --quiet --batch 10 --steps 12 --solver momentum tiny.net tiny.data.h5 -o momentum.run.h5
aquatint-render film --quiet momentum.run.h5 --layer conv1 --of weights,grad,update,momentum -o x.png
aquatint-render film --quiet momentum.run.h5 --layer conv1 --of velocity --filter 1 --frames 4 -o 'frame-%02d.png'
[ "$(ls frame-*.png)" = "$(printf 'frame-%s.png\n' 00 01 02 03)" ]

# every still picture as SVG, too: sound XML, words as words, maps as pictures
aquatint-render panel --quiet tiny.snap.h5 -o panel.svg
aquatint-render examples --quiet tiny.snap.h5 -o examples.svg
aquatint-render tiles --quiet tiny.snap.h5 --layer conv1 -o tiles.svg
aquatint-render tiles --quiet tiny.snap.h5 --layer conv1 --view all -o all.svg
aquatint-render embed --quiet tiny.snap.h5 --layer conv1 --of weights -o embed.svg
aquatint-render smoothness --quiet tiny.run.h5 --layer conv1 -o smoothness.svg
for picture in panel examples tiles all embed smoothness; do
	grep -q '^<text .*conv1' $picture.svg
	grep -q '^<image ' $picture.svg
	if python3 -c 'import xml.dom.minidom' 2> /dev/null; then
		python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' $picture.svg
	else
		echo "NOT TESTED: there is no python3"
	fi
done
