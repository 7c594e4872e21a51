# SPDX-License-Identifier: MIT
# 100000 x 100000 pixels promised by 70 bytes.
mkdir -p train/cat
base64 -d > train/cat/1.png <<'END'
iVBORw0KGgoAAAANSUhEUgABhqAAAYagCAAAAACNOVQUAAAACklEQVR42mNgAAAAAgAB5Sfe/AAAAABJRU5ErkJggg==
END
refuses 65 'train/cat/1.png' x.h5 aquatint-prep . -o x.h5
