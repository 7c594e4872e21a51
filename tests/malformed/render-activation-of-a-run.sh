# SPDX-License-Identifier: MIT
#
# What a run does not keep is said, and how to get it.

tiny_run
refuses 64 'a run keeps no activation; open the step with aquatint-snapshot cut' x.png \
	aquatint-render tiles tiny.run.h5 --layer conv1 --of activation -o x.png
refuses 64 'no record of /weights/conv1/weight' x.png \
	aquatint-render tiles tiny.run.h5 --layer conv1 --of weights -o x.png
