# SPDX-License-Identifier: MIT
#
# diff finds two runs of the same options equal, and of others names what differs and the first step that does.

tiny
options="--quiet --batch 7 --steps 20 --checkpoint-every 8"
aquatint-train $options tiny.net tiny.data.h5 -o a.run.h5
aquatint-train $options --threads 3 tiny.net tiny.data.h5 -o b.run.h5
aquatint-snapshot diff a.run.h5 b.run.h5 > said
grep -q 'are equal' said

# the rate falls at step 12: the update of that step is the first number that differs
aquatint-train $options --lr-schedule steps:12,0.5 tiny.net tiny.data.h5 -o c.run.h5
fails 1 'step 12 is the first that differs' aquatint-snapshot diff a.run.h5 c.run.h5 --data tiny.data.h5
grep -q 'option lr_schedule' refuses.out
aquatint-train $options --seed 2 tiny.net tiny.data.h5 -o d.run.h5
fails 1 'step 0 is the first that differs, in the weights before it: conv1/weight' \
	aquatint-snapshot diff a.run.h5 d.run.h5 --data tiny.data.h5
sed s/units=10/units=11/ tiny.net > other.net
aquatint-train $options other.net tiny.data.h5 -o e.run.h5
fails 1 'other parameters' aquatint-snapshot diff a.run.h5 e.run.h5
