# SPDX-License-Identifier: MIT
# One picture as a PNG of 8 bits, 16 bits, with a palette, interlaced, and with alpha whose
# transparent part shows the white behind: the same data file of each.
mkdir -p eight/x sixteen/x palette/x interlaced/x alpha/x
base64 -d > eight/x/1.png <<'END'
iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEklEQVR42mP4z8DAAMIM/4EAAB/uBfvxq7p3AAAAAElFTkSuQmCC
END
base64 -d > sixteen/x/1.png <<'END'
iVBORw0KGgoAAAANSUhEUgAAAAIAAAACEAIAAACtREYwAAAAEklEQVR42mP4/58BDGA0kAEBAHWkC/WX9DahAAAAAElFTkSuQmCC
END
base64 -d > palette/x/1.png <<'END'
iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAMAAABFaP0WAAAADFBMVEX/AAAA/wAAAP/////7AGD2AAAADklEQVR42mNgYGRgYgYAABEAB4PKZGQAAAAASUVORK5CYII=
END
base64 -d > interlaced/x/1.png <<'END'
iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAGK06rlAAAAD0lEQVR42mP4zwAEEAIIACDuBftMUFWNAAAAAElFTkSuQmCC
END
base64 -d > alpha/x/1.png <<'END'
iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAYAAABytg0kAAAAFUlEQVR42mP4z8DwHwyB9H8hkzAGAEFiBpcHtzWKAAAAAElFTkSuQmCC
END
for kind in eight sixteen palette interlaced alpha; do
	aquatint-prep $kind -o $kind.h5
	same eight.h5 $kind.h5
done
# and in gray
mkdir -p gray8/x gray16/x
base64 -d > gray8/x/1.png <<'END'
iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAADklEQVR42mNgcGBo+A8AAwUBwFNbFZ8AAAAASUVORK5CYII=
END
base64 -d > gray16/x/1.png <<'END'
iVBORw0KGgoAAAANSUhEUgAAAAIAAAACEAAAAAAHTY67AAAAEklEQVR42mNgYHBwYGho+P8fAAnHA3+q6/AuAAAAAElFTkSuQmCC
END
aquatint-prep gray8 -o gray8.h5 --json > said
grep -q '"channels":1,"height":2,"width":2,"train":1' said
aquatint-prep gray16 -o gray16.h5
same gray8.h5 gray16.h5
