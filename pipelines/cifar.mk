# SPDX-License-Identifier: MIT
#
# cifar.mk - the network of the ConvNetJS CIFAR-10 page, trained as there
#
#	make -C pipelines -f cifar.mk CIFAR=/path/to/cifar-10-binary.tar.gz
#
# The archive is the official one, read in place; a folder with its .bin files serves as well.

OUT   ?= out/cifar
CIFAR ?= cifar-10-binary.tar.gz
NET   := convnetjs-cifar
DATA   = $(OUT)/cifar.data.h5
TRAIN := --solver adadelta --batch 4 --l2 1e-4 --augment flip,shift=2 --epochs 15
STEP  := 7500

.PHONY: all
all: $(addprefix $(OUT)/,cifar.panel.png cifar-conv1.weights.png cifar-conv1.grad.png cifar-conv1.grad.dx.png \
	cifar-conv1.grad.dy.png cifar-conv2.grad.png cifar-conv1.film.png cifar-conv1.smoothness.png cifar.curves.png \
	cifar.report.html)
	aquatint-snapshot list $(OUT)/cifar.run.h5

include rules.mk

$(DATA):
	@mkdir -p $(@D)
	aquatint-prep $(CIFAR) -o $@
