# SPDX-License-Identifier: MIT
#
# A pipeline makes its pictures, side by side; a second make does nothing.

train='--solver momentum --batch 4 --steps 320 --checkpoint-every 100'
make -s -j2 -C "$AQ_TOP/pipelines" -f demo.mk OUT="$PWD/out" TRAIN="$train" > made 2>&1 || { cat made; exit 1; }
for picture in shapes.panel shapes-conv1.weights shapes-conv1.grad shapes-conv1.weights.dx shapes-conv1.film \
	shapes-conv1.smoothness shapes.examples shapes.curves; do
	[ -s "out/$picture.png" ]
done
make -C "$AQ_TOP/pipelines" -f demo.mk OUT="$PWD/out" TRAIN="$train" > again
if grep -q aquatint- again; then
	cat again
	exit 1
fi
