# SPDX-License-Identifier: MIT
#
# The data set has more classes than the network tells apart.
tiny
sed s/units=10/units=9/ tiny.net > nine.net
refuses_training 65 'tells 9 classes apart, tiny.data.h5 has 10; give its last layer 10 outputs' --steps 3 nine.net \
	tiny.data.h5
