# SPDX-License-Identifier: MIT
# The same command gives the same bytes, on any number of threads; another seed gives others.
small='synth:shapes --limit 120 --test-limit 20 --size 10 --mean image --contrast --whiten'
aquatint-prep $small --threads 1 -o a.h5
aquatint-prep $small --threads 3 -o b.h5
aquatint-prep $small --seed 2 -o c.h5
same a.h5 b.h5
! cmp -s a.h5 c.h5
