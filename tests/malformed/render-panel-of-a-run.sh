# SPDX-License-Identifier: MIT
#
# A panel is drawn of a snap: of a run it says how to get one.

tiny_run
refuses 65 'aquatint-snapshot cut' x.png aquatint-render panel tiny.run.h5 -o x.png
