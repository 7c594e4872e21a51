# SPDX-License-Identifier: MIT
#
# Both --steps and --epochs are given, or more epochs than can be counted.
tiny
refuses_training 64 'give --steps or --epochs, not both' --steps 3 --epochs 1 tiny.net tiny.data.h5
refuses_training 64 '--epochs 1000000000|epochs' --epochs 999999999999 tiny.net tiny.data.h5
