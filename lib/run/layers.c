/* SPDX-License-Identifier: MIT
 *
 * layers.c - the table of a network's layers in words, as JSON, as CSV
 */
#include "run/layers.h"

#include "look/layers.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- in words -------------------------------------------------------------------------------- */

#define LINE "%-12s %-9s %-9s %7s %6s %8s %8s %9s %6s %9s %9s %9s"

static const char *bytes(char word[AQ_LAYER_WORD], uint64_t count)
{
	if (count < 10000)
		snprintf(word, AQ_LAYER_WORD, "%" PRIu64 " B", count);
	else if (count < 10000000)
		snprintf(word, AQ_LAYER_WORD, "%.1f kB", (double)count / 1e3);
	else
		snprintf(word, AQ_LAYER_WORD, "%.1f MB", (double)count / 1e6);
	return word;
}

static const char *offset(char word[AQ_LAYER_WORD], const double at[2])
{
	if (at[0] == at[1])
		snprintf(word, AQ_LAYER_WORD, "%g", at[0]);
	else
		snprintf(word, AQ_LAYER_WORD, "%gx%g", at[0], at[1]);
	return word;
}

/* What the columns do not say of its arguments. */
static void put_rest(const struct aq_layer *layer, struct aq_str *to)
{
	static const char *const said[] = { "shape=",  "channels=", "units=",
					    "size=",   "stride=",   "pad=" };
	struct aq_str all = { 0 };
	if (layer->type->opts)
		aq_opt_print_all(layer->type->opts, layer->args, &all);
	char *rest = all.at;
	for (char *word; (word = strsep(&rest, " "));) {
		bool known = !*word;
		for (size_t i = 0; i < sizeof said / sizeof *said; i++)
			known |= strncmp(word, said[i], strlen(said[i])) == 0;
		if (!known)
			aq_str_add(to, " %s", word);
	}
	to->broken |= all.broken;
	aq_str_free(&all);
}

static void put_line(const struct aq_layer_row *r, struct aq_str *to)
{
	char kernel[AQ_LAYER_WORD] = "-", stride[AQ_LAYER_WORD] = "-", pad[AQ_LAYER_WORD] = "-";
	char out[AQ_LAYER_WORD], field[AQ_LAYER_WORD], step[AQ_LAYER_WORD], at[AQ_LAYER_WORD];
	char params[AQ_LAYER_WORD], data[AQ_LAYER_WORD], memory[AQ_LAYER_WORD];
	const struct aq_shape s = r->layer->out;
	snprintf(out, sizeof out, "%dx%dx%d", s.c, s.y, s.x);
	snprintf(params, sizeof params, "%zu", r->params);
	if (r->slides) {
		aq_layer_pair(kernel, r->window.fy, r->window.fx);
		aq_layer_pair(stride, r->window.sy, r->window.sx);
		aq_layer_pad(pad, &r->window);
	}
	aq_str_add(to, "  " LINE, r->layer->name, r->layer->type->name, out, kernel, stride, pad,
		   aq_layer_pair(field, r->field[0], r->field[1]), offset(at, r->offset),
		   aq_layer_pair(step, r->step[0], r->step[1]), params, bytes(data, r->data_bytes),
		   bytes(memory, r->param_bytes));
	put_rest(r->layer, to);
	aq_str_add(to, "\n");
}

void aq_layers_text(const struct aq_net *net, struct aq_str *to)
{
	const struct aq_layer_row total = aq_layer_row_total(net);
	char params[AQ_LAYER_WORD], data[AQ_LAYER_WORD], memory[AQ_LAYER_WORD];
	aq_str_add(to, "one cell sees `field` pixels of the picture, the first those around pixel"
		       " `offset`, the next ones `step` further\n  " LINE "\n",
		   "name", "type", "out", "kernel", "stride", "pad", "field", "offset", "step",
		   "params", "data", "memory");
	for (int i = 0; i < net->layers; i++) {
		const struct aq_layer_row row = aq_layer_row_of(net, &net->layer[i]);
		put_line(&row, to);
	}
	snprintf(params, sizeof params, "%zu", total.params);
	aq_str_add(to, "  " LINE "\n", "all", "", "", "", "", "", "", "", "", params,
		   bytes(data, total.data_bytes), bytes(memory, total.param_bytes));
}

/* ---- for machines ---------------------------------------------------------------------------- */

void aq_layers_json(const struct aq_net *net, struct aq_str *to)
{
	aq_str_add(to, "[");
	for (int i = 0; i < net->layers; i++) {
		const struct aq_layer *layer = &net->layer[i];
		const struct aq_layer_row r = aq_layer_row_of(net, layer);
		const struct aq_window w = r.window;
		aq_str_add(to, "%s{\"name\":", i ? "," : "");
		aq_str_json(to, layer->name);
		aq_str_add(to, ",\"type\":\"%s\",\"out\":[%d,%d,%d]", layer->type->name,
			   layer->out.c, layer->out.y, layer->out.x);
		if (r.slides)
			aq_str_add(to, ",\"kernel\":[%d,%d],\"stride\":[%d,%d],\"pad\":[%d,%d,%d,%d]",
				   w.fy, w.fx, w.sy, w.sx, w.top, w.bottom, w.left, w.right);
		aq_str_add(to,
			   ",\"field\":[%" PRId64 ",%" PRId64 "],\"offset\":[%g,%g],\"step\":[%" PRId64
			   ",%" PRId64 "],\"parameters\":%zu,\"data_bytes\":%" PRIu64
			   ",\"parameter_bytes\":%" PRIu64 "}",
			   r.field[0], r.field[1], r.offset[0], r.offset[1], r.step[0], r.step[1],
			   r.params, r.data_bytes, r.param_bytes);
	}
	aq_str_add(to, "]");
}

void aq_layers_csv(const struct aq_net *net, struct aq_str *to)
{
	aq_str_add(to, "name,type,out_c,out_y,out_x,kernel_y,kernel_x,stride_y,stride_x,pad_top,"
		       "pad_bottom,pad_left,pad_right,field_y,field_x,offset_y,offset_x,step_y,"
		       "step_x,parameters,data_bytes,parameter_bytes\n");
	for (int i = 0; i < net->layers; i++) {
		const struct aq_layer *layer = &net->layer[i];
		const struct aq_layer_row r = aq_layer_row_of(net, layer);
		const struct aq_window w = r.window;
		aq_str_add(to, "%s,%s,%d,%d,%d,", layer->name, layer->type->name, layer->out.c,
			   layer->out.y, layer->out.x);
		if (r.slides)
			aq_str_add(to, "%d,%d,%d,%d,%d,%d,%d,%d,", w.fy, w.fx, w.sy, w.sx, w.top,
				   w.bottom, w.left, w.right);
		else
			aq_str_add(to, ",,,,,,,,");
		aq_str_add(to,
			   "%" PRId64 ",%" PRId64 ",%g,%g,%" PRId64 ",%" PRId64 ",%zu,%" PRIu64
			   ",%" PRIu64 "\n",
			   r.field[0], r.field[1], r.offset[0], r.offset[1], r.step[0], r.step[1],
			   r.params, r.data_bytes, r.param_bytes);
	}
}
