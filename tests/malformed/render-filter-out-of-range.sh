# SPDX-License-Identifier: MIT
#
# A filter that the layer does not have is refused.

tiny_run
refuses 64 'layer conv1 has filters 0 to 3, not 4' x.png aquatint-render film tiny.run.h5 --layer conv1 --filter 4 -o x.png
