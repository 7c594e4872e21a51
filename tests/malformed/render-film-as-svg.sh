# SPDX-License-Identifier: MIT
#
# A film is made of pixels: a name that says SVG is refused, before any frame is drawn.

tiny_snap
refuses 64 'a film is an animated PNG, and x.svg would be an SVG: name it X.png' x.svg aquatint-render film tiny.run.h5 --layer conv1 -o x.svg
refuses 64 'or X-%04d.png for a picture a frame' f-%d.svg aquatint-render film tiny.run.h5 --layer conv1 -o f-%d.svg
