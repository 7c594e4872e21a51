# SPDX-License-Identifier: MIT
#
# mnist.mk - the two MNIST networks side by side: ConvNetJS's on 24x24 cuts, MatConvNet's LeNet on whole digits
#
#	make -C pipelines -f mnist.mk MNIST=/folder/with/the/four/idx/files

# MatConvNet trains on pixels from 0 to 255 with a rate of 0.001; on those from 0 to 1 that hardly learns, 0.05 does.

OUT   ?= out/mnist
MNIST ?= mnist
TRAIN_convnetjs  := --solver adadelta --batch 20 --l2 1e-3 --epochs 5 --record grad:every=100 --record stats
TRAIN_matconvnet := --solver momentum --batch 100 --lr 0.05 --l2 5e-4 --epochs 20 --record grad:every=100 --record stats

.PHONY: all
all: $(OUT)/curves.png

.DELETE_ON_ERROR:
.SECONDARY:

$(OUT)/curves.png: $(OUT)/convnetjs.run.h5 $(OUT)/matconvnet.run.h5
	aquatint-render curves $^ -o $@

$(OUT)/convnetjs.data.h5:
	@mkdir -p $(@D)
	aquatint-prep $(MNIST) --crop 24x24 -o $@
$(OUT)/matconvnet.data.h5:
	@mkdir -p $(@D)
	aquatint-prep $(MNIST) --mean image -o $@

$(OUT)/%.run.h5: nets/%-mnist.net $(OUT)/%.data.h5
	aquatint-train $^ $(TRAIN_$*) --resume -o $@
