# SPDX-License-Identifier: MIT
#
# demo.mk - the whole line on pictures drawn on the spot: nothing to download, half a minute
#
#	make -C pipelines -f demo.mk OUT=/some/folder

OUT   ?= out/demo
NET   := shapes
DATA   = $(OUT)/shapes.data.h5
TRAIN := --solver momentum --batch 32 --epochs 5 --checkpoint-every 100
STEP  := 300

PICTURES = $(addprefix $(OUT)/,shapes.panel.png shapes.examples.png shapes-conv1.smoothness.png \
	shapes-conv1.weights.png shapes-conv1.grad.png shapes-conv1.weights.dx.png \
	shapes-conv1.weights.dy.png shapes-conv2.grad.png shapes-conv1.film.png shapes.curves.png shapes.report.html)

.PHONY: all
all: $(PICTURES)
	@echo
	@echo "Open these in $(OUT):"
	@echo "  shapes.panel.png             the network at step $(STEP): activations, weights and their gradients"
	@echo "  shapes.examples.png          four pictures on their way through it"
	@echo "  shapes-conv1.smoothness.png  whether the filters of the first layer have learned or are noise"
	@echo "  shapes-conv1.weights.png     the filters of the first layer, in colour"
	@echo "  shapes-conv1.grad.png        the gradient of the loss with respect to them"
	@echo "  shapes-conv1.weights.dx.png  the finite difference of the filters along x: another thing (.dy: along y)"
	@echo "  shapes-conv2.grad.png        the gradient of the second layer, a row for each output"
	@echo "  shapes-conv1.film.png        weights, gradient and update over the training (a browser plays it)"
	@echo "  shapes.curves.png            loss and error"
	@echo "  shapes.report.html           all of it on one page, with a slider over the steps: open it in a browser"

include rules.mk

$(DATA):
	@mkdir -p $(@D)
	aquatint-prep synth:shapes -o $@
