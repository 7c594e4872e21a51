# SPDX-License-Identifier: MIT
#
# Whatever is recorded, and however often the state is kept, the weights are the same after every step.

tiny
options="--quiet --batch 7 --steps 60 --solver adadelta --augment flip,shift=2"
crcs() {
	i=$1
	shift
	aquatint-train $options "$@" tiny.net tiny.data.h5 -o x.run.h5
	h5dump -d /crc/conv1/weight -d /crc/conv1/bias -d /crc/dense1/weight -d /crc/dense1/bias -y x.run.h5 |
		sed -n '/DATA {/,/}/p' | grep -v DATASET > crc."$i"
	[ "$(wc -l < crc."$i")" -gt 20 ]
	same crc.1 crc."$i"
}
if ! command -v h5dump > /dev/null; then
	echo "NOT TESTED: there is no h5dump"
	exit 0
fi
crcs 1 --record crc
crcs 2 --record crc --checkpoint-every 1
crcs 3 --record crc --checkpoint-every 7 --record grad --record stats
crcs 4 --record crc --checkpoint-every 500 --record weights --record update:bits=3 --eval-every 1
crcs 5 --record crc --record reg_grad:every=4 --record clip_grad:layers=conv1 --threads 3
