# SPDX-License-Identifier: MIT
#
# --record asks for what there is not.
tiny
refuses_training 64 "in --record gard.*" --record gard tiny.net tiny.data.h5
grep -q "unknown record 'gard'; did you mean grad" refuses.err
refuses_training 64 "every" --record grad:every=0 tiny.net tiny.data.h5
refuses_training 64 "unknown option 'evry'; did you mean 'every'" --record grad:evry=2 tiny.net tiny.data.h5
refuses_training 64 "no layer 'conv2'; did you mean 'conv1'" --record grad:layers=conv2 tiny.net tiny.data.h5
refuses_training 64 "layer 'relu1' has no parameters" --record grad:layers=relu1 tiny.net tiny.data.h5
refuses_training 64 'asked for twice' --record grad --record grad tiny.net tiny.data.h5
refuses_training 64 'common multiple' --record grad:every=9973 --record crc:every=9967 tiny.net tiny.data.h5
refuses_training 64 'bits' --record grad:bits=24 tiny.net tiny.data.h5
