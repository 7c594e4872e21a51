# SPDX-License-Identifier: MIT
#
# What there is of a run that was stopped can be drawn.

tiny
aquatint-train --quiet --batch 10 --steps 100000 --checkpoint-every 10 tiny.net tiny.data.h5 -o live.run.h5 2> said &
trainer=$!
while [ ! -e live.run.h5.part/segment-1.h5 ]; do sleep 0.01; done
kill -TERM $trainer
status=0
wait $trainer || status=$?
[ "$status" -eq 75 ]
aquatint-render curves --quiet live.run.h5.part -o curves.png
aquatint-render tiles --quiet live.run.h5.part --layer conv1 --of grad -o tiles.png
aquatint-render film --quiet live.run.h5.part --layer conv1 --frames 5 -o film.png
aquatint-render film --quiet live.run.h5.part --layer dense1 --of velocity,update --frames 5 --log -o 'frame-%d.png'
[ "$(ls frame-*.png | wc -l)" -eq 5 ]
aquatint-render smoothness --quiet live.run.h5.part --layer conv1 -o smoothness.png
aquatint-render flow --quiet live.run.h5.part -o flow.png
aquatint-render report --quiet live.run.h5.part --data tiny.data.h5 -o report.html
grep -q '100,000 were planned' report.html
refuses 66 'live.run.h5.part, name that' x.png aquatint-render curves live.run.h5 -o x.png
