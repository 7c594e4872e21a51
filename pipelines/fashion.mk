# SPDX-License-Identifier: MIT
#
# fashion.mk - Fashion-MNIST, all 60,000 pictures: a small network to about 90 % in five epochs
#
# The mean picture is taken off: without, ten of the 32 hidden units die in the first steps, with it two or three.
# The pictures come from Debian's package dataset-fashion-mnist; any folder with the four IDX files serves.

OUT     ?= out/fashion
FASHION ?= /usr/share/datasets/fashion-mnist
NET     := fashion
DATA     = $(OUT)/fashion.data.h5
TRAIN   := --solver momentum --batch 50 --lr 0.02 --lr-schedule cosine --epochs 5 --record grad:every=25 --record stats

STEP := 6000

.PHONY: all
all: $(addprefix $(OUT)/,fashion.panel.png fashion-conv1.weights.png fashion-conv1.grad.png fashion-conv1.film.png \
	fashion-conv1.smoothness.png fashion.curves.png)
	aquatint-snapshot list $(OUT)/fashion.run.h5

include rules.mk

# Gradients stand at every 25th step there, so the film shows those.
$(OUT)/fashion-conv1.film.png: $(OUT)/fashion.run.h5
	aquatint-render film $< --layer conv1 --of grad -o $@

$(DATA):
	@mkdir -p $(@D)
	aquatint-prep $(FASHION) --mean image -o $@
