/* SPDX-License-Identifier: MIT
 *
 * panel.h - the whole network at one step on one page
 *
 * What the network panel of the ConvNetJS pages shows, and what it hides: activations and deltas of
 * one example, weights and weight gradients of every layer, small filters, dense layers and biases
 * included.
 */
#ifndef AQ_VIEW_PANEL_H
#define AQ_VIEW_PANEL_H

#include "draw/tile.h"
#include "view/credit.h"
#include "view/tensor.h"

struct aq_panel_args {
	const char *snap;
	int64_t example;
	enum aq_of of;	/* which gradient of the weights */
	bool one_scale; /* `scale` for all; else sym, and layer for activations */
	enum aq_scale scale;
};

int aq_panel_draw(const struct aq_panel_args *args, const struct aq_drawing *drawing) AQ_CHECKED;

#endif
