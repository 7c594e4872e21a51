# SPDX-License-Identifier: MIT
#
# The network has no layers, no input or no loss.
tiny
: > empty.net
refuses_training 65 'empty.net: the file has no layers' --steps 3 empty.net tiny.data.h5
echo 'dense units=3' > headless.net
refuses_training 65 'headless.net:1:1: the first layer must be .input' --steps 3 headless.net tiny.data.h5
grep -v loss tiny.net > lossless.net
refuses_training 65 'lossless.net:6:1: no loss; end the file with .loss softmax' --steps 3 lossless.net tiny.data.h5
