# SPDX-License-Identifier: MIT
#
# The pictures are not of the size that the network's input has.
tiny
aquatint-prep --quiet synth:shapes --limit 20 --test-limit 5 --gray -o gray.data.h5
refuses_training 65 "input is 3x32x32, the pictures of gray.data.h5 are 1x32x32; .*--gray" --steps 3 tiny.net \
	gray.data.h5
sed s/3x32x32/3x16x64/ tiny.net > flat.net
refuses_training 65 'input is 3x16x64, the pictures of tiny.data.h5 are 3x32x32' --steps 3 flat.net tiny.data.h5
