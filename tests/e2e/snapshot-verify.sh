# SPDX-License-Identifier: MIT
#
# verify computes a run again, from any step on, with any number of threads, and finds nothing else than was
# recorded; of a run stopped half-way as well.

tiny
options="--batch 7 --steps 40 --solver adam --augment flip,shift=2 --lr-schedule cosine --checkpoint-every 10"
for record in none crc grad:every=3 update:bits=6 stats weights; do
	aquatint-train --quiet $options --record $record tiny.net tiny.data.h5 -o x.run.h5
	aquatint-snapshot verify x.run.h5 --data tiny.data.h5 --threads 3 > said
	grep -q 'equal to the last bit' said
done
aquatint-snapshot verify --quiet x.run.h5 --data tiny.data.h5 --steps 13:17
aquatint-snapshot verify --quiet x.run.h5 --data tiny.data.h5 --steps 39:
aquatint-snapshot verify --quiet x.run.h5 --data tiny.data.h5 --steps :1
mkdir y.run.h5.tmp
aquatint-train --quiet $options tiny.net tiny.data.h5 -o y.run.h5 2> said || [ $? -eq 73 ]
aquatint-snapshot verify --quiet y.run.h5.part --data tiny.data.h5
