# SPDX-License-Identifier: MIT
#
# A filter is larger than what it is put on.
tiny
sed 's/size=5 stride=2 pad=2/size=40 pad=2/' tiny.net > bad.net
refuses_training 65 'bad.net:2:1: .*40' --steps 3 bad.net tiny.data.h5
sed 's/maxpool size=2/maxpool size=17/' tiny.net > bad.net
refuses_training 65 'bad.net:4:1: .*17' --steps 3 bad.net tiny.data.h5
