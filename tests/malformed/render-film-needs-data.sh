# SPDX-License-Identifier: MIT
#
# A film of what cannot be computed from the record asks for the data.

tiny
aquatint-train --quiet --batch 10 --steps 25 --record crc tiny.net tiny.data.h5 -o crc.run.h5
refuses 64 'give --data' x.png aquatint-render film crc.run.h5 --layer conv1 -o x.png
aquatint-render film --quiet crc.run.h5 --layer conv1 --data tiny.data.h5 --frames 3 -o film.png
aquatint-prep --quiet synth:shapes --seed 2 --limit 90 --test-limit 20 -o other.data.h5
refuses 65 'is not the data set of' x.png aquatint-render film crc.run.h5 --layer conv1 --data other.data.h5 -o x.png
