# SPDX-License-Identifier: MIT
#
# The same file and options give the same picture, byte for byte; pictures carry where they come from.

tiny_snap
for verb in panel 'tiles --layer conv1 --of grad --view mag'; do
	aquatint-render ${verb%% *} --quiet tiny.snap.h5 $(echo "$verb" | sed 's/^[a-z]* *//') -o a.png
	aquatint-render ${verb%% *} --quiet tiny.snap.h5 $(echo "$verb" | sed 's/^[a-z]* *//') -o b.png
	same a.png b.png
	grep -aq 'aquatint-prep' a.png
	grep -aq 'aquatint-snapshot cut' a.png
	grep -aq 'aquatint-render' a.png
done
for verb in 'film --layer dense1 --frames 5' curves; do
	aquatint-render ${verb%% *} --quiet tiny.run.h5 $(echo "$verb" | sed 's/^[a-z]* *//') -o a.png
	aquatint-render ${verb%% *} --quiet tiny.run.h5 $(echo "$verb" | sed 's/^[a-z]* *//') -o b.png
	same a.png b.png
	grep -aq 'aquatint-train' a.png
done
