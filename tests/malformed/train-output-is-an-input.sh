# SPDX-License-Identifier: MIT
#
# The output is the network, the data or the weights it starts from.
tiny
cp tiny.net kept.net
cp tiny.data.h5 kept.data.h5
ln tiny.data.h5 linked.h5
for out in tiny.net ./tiny.data.h5 linked.h5; do
	fails 64 'is an input' aquatint-train --steps 3 tiny.net tiny.data.h5 -o $out
done
same tiny.net kept.net
same tiny.data.h5 kept.data.h5
[ ! -e tiny.data.h5.part ]
