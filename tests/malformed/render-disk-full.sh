# SPDX-License-Identifier: MIT
#
# A disk that fills up: exit status 74, and the picture that was there stays.

tiny_snap
aquatint-render panel --quiet tiny.snap.h5 -o x.png
cp x.png before.png
status=0
(ulimit -f 8; aquatint-render panel tiny.snap.h5 -o x.png) 2> said || status=$?
[ "$status" -eq 74 ]
grep -q 'cannot write' said
same x.png before.png
[ ! -e x.png.tmp ]
status=0
(ulimit -f 8; aquatint-render film tiny.run.h5 --layer conv1 -o film.png) 2> said || status=$?
[ "$status" -eq 74 ]
[ ! -e film.png ]
[ ! -e film.png.tmp ]
