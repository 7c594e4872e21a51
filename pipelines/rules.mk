# SPDX-License-Identifier: MIT
#
# rules.mk - what follows from what
#
#	X.data.h5     <-  prep      said by the pipeline itself
#	X.run.h5      <-  train     the network NET, the data DATA, the options TRAIN
#	X.snap.h5     <-  snapshot  the step STEP of X.run.h5, the examples EXAMPLES
#	X.panel.png   <-  render    the whole network at that step
#	X.report.html <-  render    the run as one page for a browser
#	X.examples.png            the examples on their way through it
#	X-LAYER.WHAT.png, X-LAYER.WHAT.VIEW.png, X-LAYER.film.png, X-LAYER.smoothness.png, X.curves.png
#
# A pipeline sets the variables, includes this file and names the pictures it wants; make works out the rest,
# side by side with -j.  A killed training is taken up by the next make; no half file is ever in the way.

OUT      ?= out
NETS     ?= nets
STEP     ?= -1
EXAMPLES ?= test:0-7
OF       ?= grad

.DELETE_ON_ERROR:
.SECONDARY:

$(OUT)/%.run.h5: $(NETS)/$(NET).net $(DATA)
	aquatint-train $(NETS)/$(NET).net $(DATA) $(TRAIN) --resume -o $@

$(OUT)/%.snap.h5: $(OUT)/%.run.h5 $(DATA)
	aquatint-snapshot cut $< --data $(DATA) --step $(STEP) --examples $(EXAMPLES) -o $@

$(OUT)/%.weights.h5: $(OUT)/%.run.h5
	aquatint-snapshot weights $< --step $(STEP) -o $@

$(OUT)/%.panel.png: $(OUT)/%.snap.h5
	aquatint-render panel $< --of $(OF) -o $@

$(OUT)/%.examples.png: $(OUT)/%.snap.h5
	aquatint-render examples $< -o $@

$(OUT)/%.curves.png: $(OUT)/%.run.h5
	aquatint-render curves $< -o $@

$(OUT)/%.report.html: $(OUT)/%.run.h5 $(DATA)
	aquatint-render report $< --data $(DATA) -o $@

# shapes-conv1.grad.png is the gradient of conv1 of shapes.snap.h5, shapes-conv1.grad.dx.png its difference
# along x, shapes-conv1.film.png the layer over the steps of shapes.run.h5.
.SECONDEXPANSION:
run_of   = $(OUT)/$(firstword $(subst -, ,$1)).run.h5
snap_of  = $(OUT)/$(firstword $(subst -, ,$1)).snap.h5
layer_of = $(lastword $(subst -, ,$(firstword $(subst ., ,$1))))
word_of  = $(word $2,$(subst ., ,$1))

$(OUT)/%.film.png: $$(call run_of,$$*)
	aquatint-render film $< --layer $(call layer_of,$*) -o $@

$(OUT)/%.smoothness.png: $$(call run_of,$$*)
	aquatint-render smoothness $< --layer $(call layer_of,$*) -o $@

TILES := weights grad reg_grad clip_grad update example_grad activation delta
VIEWS := dx dy mag
define tiles_rule
$(OUT)/%.$1.png: $$$$(call snap_of,$$$$*)
	aquatint-render tiles $$< --layer $$(call layer_of,$$*) --of $1 -o $$@
$(foreach view,$(VIEWS),$(call view_rule,$1,$(view)))
endef
define view_rule

$(OUT)/%.$1.$2.png: $$$$(call snap_of,$$$$*)
	aquatint-render tiles $$< --layer $$(call layer_of,$$*) --of $1 --view $2 -o $$@

endef
$(foreach of,$(TILES),$(eval $(call tiles_rule,$(of))))
