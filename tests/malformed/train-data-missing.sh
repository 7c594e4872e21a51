# SPDX-License-Identifier: MIT
#
# The data file is not there.
tiny
refuses_training 66 'none.data.h5' --steps 3 tiny.net none.data.h5
refuses_training 66 'tiny.net/x.data.h5' --steps 3 tiny.net tiny.net/x.data.h5
