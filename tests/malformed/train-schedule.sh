# SPDX-License-Identifier: MIT
#
# --lr-schedule cannot be read.
tiny
for bad in linear steps steps:0,0.5 steps:5 exponential:x epochs: epochs:0.1x0 cosine:-1 constant:3; do
	refuses_training 64 '--lr-schedule|lr.schedule|schedule' --steps 3 --lr-schedule $bad tiny.net tiny.data.h5
done
