# SPDX-License-Identifier: MIT
#
# A byte of the pictures has changed.
tiny
size=$(wc -c < tiny.data.h5)
printf 'damage' | dd of=tiny.data.h5 bs=1 seek=$((size / 2)) conv=notrunc 2> /dev/null
refuses_training 65 'tiny.data.h5.*/train/images|/train/images.*tiny.data.h5' --steps 3 tiny.net tiny.data.h5
