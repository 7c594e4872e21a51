/* SPDX-License-Identifier: MIT
 *
 * layers.c - a network as a table
 */
#include "look/layers.h"

#include <inttypes.h>
#include <stdio.h>

struct aq_layer_row aq_layer_row_of(const struct aq_net *net, const struct aq_layer *layer)
{
	const struct aq_field first = aq_field_of(net, layer, 0, 0);
	const struct aq_field next = aq_field_of(net, layer, 1, 1);
	const struct aq_window w = aq_window_of(layer);
	struct aq_layer_row row = {
		.layer = layer,
		.slides = aq_window_slides(layer),
		.window = w,
		.field = { first.bottom - first.top + 1, first.right - first.left + 1 },
		.step = { next.top - first.top, next.left - first.left },
		.offset = { (double)(first.top + first.bottom) / 2,
			    (double)(first.left + first.right) / 2 },
		.data_bytes = aq_shape_count(layer->out) * sizeof(float),
	};
	for (int p = 0; p < layer->n_params; p++)
		row.params += layer->param[p].count;
	row.param_bytes = row.params * sizeof(float);
	return row;
}

struct aq_layer_row aq_layer_row_total(const struct aq_net *net)
{
	struct aq_layer_row total = { 0 };
	for (int i = 0; i < net->layers; i++) {
		const struct aq_layer_row row = aq_layer_row_of(net, &net->layer[i]);
		total.params += row.params;
		total.data_bytes += row.data_bytes;
		total.param_bytes += row.param_bytes;
	}
	return total;
}

const char *aq_layer_pair(char word[AQ_LAYER_WORD], int64_t y, int64_t x)
{
	if (y == x)
		snprintf(word, AQ_LAYER_WORD, "%" PRId64, y);
	else
		snprintf(word, AQ_LAYER_WORD, "%" PRId64 "x%" PRId64, y, x);
	return word;
}

const char *aq_layer_pad(char word[AQ_LAYER_WORD], const struct aq_window *w)
{
	if (w->top == w->bottom && w->top == w->left && w->top == w->right)
		snprintf(word, AQ_LAYER_WORD, "%d", w->top);
	else
		snprintf(word, AQ_LAYER_WORD, "%d,%d,%d,%d", w->top, w->bottom, w->left, w->right);
	return word;
}
