# SPDX-License-Identifier: MIT
#
# The network has a layer that there is not, a setting that the layer does not have, or a value out of range.
tiny
sed s/conv/covn/ tiny.net > bad.net
refuses_training 65 "bad.net:2:1: unknown layer 'covn'; did you mean 'conv'" --steps 3 bad.net tiny.data.h5
sed s/channels=/chanels=/ tiny.net > bad.net
refuses_training 65 "bad.net:2:[0-9]+: .*chanels.*did you mean 'channels'" --steps 3 bad.net tiny.data.h5
sed s/channels=4/channels=-4/ tiny.net > bad.net
refuses_training 65 'bad.net:2:[0-9]+: ' --steps 3 bad.net tiny.data.h5
sed s/channels=4/channels=99999999999/ tiny.net > bad.net
refuses_training 65 'bad.net:2:[0-9]+: ' --steps 3 bad.net tiny.data.h5
