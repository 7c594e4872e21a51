# SPDX-License-Identifier: MIT
#
# --augment cannot be read.
tiny
refuses_training 64 "in --augment flop" --augment flop tiny.net tiny.data.h5
refuses_training 64 "in --augment shift=-2" --augment shift=-2 tiny.net tiny.data.h5
refuses_training 64 "in --augment ,flip" --augment ,flip tiny.net tiny.data.h5
