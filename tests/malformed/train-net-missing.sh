# SPDX-License-Identifier: MIT
#
# The network is not there.
tiny
refuses_training 66 'cannot open none.net: No such file' --steps 3 none.net tiny.data.h5
refuses_training 66 'cannot open .*: Is a directory' --steps 3 . tiny.data.h5
