# SPDX-License-Identifier: MIT
#
# A segment of an unfinished run was removed, or belongs to another place.
tiny
options="--quiet --batch 10 --steps 25 --checkpoint-every 10 --record grad"
mkdir x.run.h5.tmp
aquatint-train $options tiny.net tiny.data.h5 -o x.run.h5 2> said || [ $? -eq 73 ]
cp -R x.run.h5.part gap.part
rm gap.part/segment-0.h5
refuses 65 'gap.part' x.weights.h5 aquatint-snapshot weights gap.part --step 5 -o x.weights.h5
cp x.run.h5.part/segment-1.h5 gap.part/segment-0.h5
refuses 65 'gap.part/segment-0.h5 does not belong to the run' x.weights.h5 \
	aquatint-snapshot weights gap.part --step 5 -o x.weights.h5
head -c 3000 x.run.h5.part/segment-1.h5 > gap.part/segment-1.h5
refuses 65 'gap.part/segment-1.h5' x.weights.h5 aquatint-snapshot weights gap.part --step 15 -o x.weights.h5
