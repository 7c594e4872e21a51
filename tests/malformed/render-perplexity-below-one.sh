# SPDX-License-Identifier: MIT
#
# A perplexity of less than one neighbour is refused, also where so many points would be laid out by the tree.

tiny_run
aquatint-snapshot cut --quiet tiny.run.h5 --data tiny.data.h5 --step 13 --examples test:0-9 -o ten.snap.h5
refuses 64 'perplexity of 0.5 is less than one neighbour; choose 1 or more' x.png \
	aquatint-render embed ten.snap.h5 --layer dense1 --perplexity 0.5 -o x.png

aquatint-prep --quiet synth:shapes --limit 40 --test-limit 1000 -o many.data.h5
aquatint-train --quiet --batch 10 --steps 2 tiny.net many.data.h5 -o many.run.h5
aquatint-snapshot cut --quiet many.run.h5 --data many.data.h5 --step 1 --examples test:0-999 -o many.snap.h5
refuses 64 'perplexity of 0.2 is less than one neighbour; choose 1 or more' x.png \
	aquatint-render embed many.snap.h5 --layer dense1 --perplexity 0.2 -o x.png
aquatint-render embed --quiet many.snap.h5 --layer dense1 --perplexity 1 --iterations 1 --dots -o one.png
[ -s one.png ]
