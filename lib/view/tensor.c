/* SPDX-License-Identifier: MIT
 *
 * tensor.c - a tensor out of any of our files, in a shape that can be drawn
 */
#include "view/tensor.h"

#include "io/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const aq_of_words[] = { "weights",	    "grad",	  "reg_grad", "clip_grad", "update",
				    "example_grad", "activation", "delta",    NULL };
const char *const aq_of_meanings[] = {
	"the weights before the step",
	"gradient of the loss, mean over the batch",
	"grad with weight decay added",
	"reg_grad after clipping",
	"what the step added to the weights",
	"gradient of one example's loss, undivided",
	"what the layer puts out",
	"gradient of the example's loss with respect to the activation",
};

/* ---- files ----------------------------------------------------------------------------------- */

static int open_step_file(struct aq_gallery *g)
{
	struct aq_h5_shape shape;
	int rc;
	g->is_snap = strcmp(aq_h5_format(g->file), "aquatint-snap") == 0;
	if (!g->is_snap && strcmp(aq_h5_format(g->file), "aquatint-weights") != 0)
		return aq_fail(
			AQ_EDATA,
			"%s is of format %s: there is nothing to draw in it; pass a run, a snap or "
			"a weights file",
			g->path, aq_h5_format(g->file));
	AQ_TRY(aq_h5_attr_int(g->file, "/", "step", &g->step));
	AQ_TRY(aq_h5_get_text(g->file, "/net", &g->net_text));
	AQ_TRY(aq_net_parse(&g->net, g->net_text, "/net"));
	if (g->is_snap) {
		AQ_TRY(aq_h5_shape(g->file, "/example/label", &shape));
		g->examples = shape.dim[0];
	}
done:
	return rc;
}

int aq_gallery_open(struct aq_gallery *g, const char *path)
{
	int rc;
	*g = (struct aq_gallery){ .path = strdup(path) };
	if (!g->path)
		return aq_fail(AQ_ENOMEM, "out of memory");
	const bool folder = aq_file_is_folder(path);
	if (!folder)
		AQ_TRY(aq_h5_open(&g->file, path, NULL));
	if (folder || strcmp(aq_h5_format(g->file), "aquatint-run") == 0) {
		aq_h5_close(g->file);
		g->file = NULL;
		AQ_TRY(aq_run_open(&g->run, path));
		g->file = g->run->file;
		g->net = g->run->net;
	} else {
		AQ_TRY(open_step_file(g));
	}
done:
	if (rc < 0)
		aq_gallery_close(g);
	return rc;
}

void aq_gallery_close(struct aq_gallery *g)
{
	if (g->run) {
		aq_run_close(g->run);
	} else {
		aq_h5_close(g->file);
		aq_net_free(g->net);
	}
	free(g->net_text);
	free(g->path);
	*g = (struct aq_gallery){ 0 };
}

int aq_gallery_layer(const struct aq_gallery *g, const char *name, const struct aq_layer **layer)
{
	enum { MOST = 256 };
	const char *names[MOST + 1] = { NULL };
	struct aq_str all = { 0 };
	*layer = aq_net_find(g->net, name);
	if (*layer)
		return AQ_OK;
	for (int i = 0; i < g->net->layers && i < MOST; i++) {
		names[i] = g->net->layer[i].name;
		aq_str_add(&all, "%s%s", i ? ", " : "", names[i]);
	}
	const char *near = aq_near(name, names);
	if (near)
		aq_fail(AQ_EUSAGE, "%s has no layer '%s'; did you mean %s?", g->path, name, near);
	else
		aq_fail(AQ_EUSAGE, "%s has no layer '%s'; there are %s", g->path, name,
			aq_str_text(&all));
	aq_str_free(&all);
	return AQ_EUSAGE;
}

/* ---- shapes ---------------------------------------------------------------------------------- */

struct aq_tensor aq_tensor_of_param(const struct aq_layer *layer, const struct aq_param *param)
{
	const struct aq_shape in = layer->in[0];
	/* layer 0 is the input: three channels of it are red, green and blue */
	const bool reads_colour = in.c == 3 && layer->input[0] == 0;
	if (param->rank == 1)
		return (struct aq_tensor){ NULL, 1, 1, 1, param->dim[0], false, true };
	if (param->rank == 4 && param->dim[2] * param->dim[3] > 1)
		return (struct aq_tensor){ NULL,	  param->dim[0], param->dim[1], param->dim[2],
					   param->dim[3], reads_colour,	 false };
	if (param->rank == 2 && in.y * in.x > 1)
		return (struct aq_tensor){ NULL, param->dim[0], in.c, in.y, in.x, reads_colour,
					   false };
	return (struct aq_tensor){ NULL, 1, 1, param->dim[0], param->dim[1], false, true };
}

struct aq_tensor aq_tensor_of_map(const struct aq_layer *layer)
{
	const struct aq_shape out = layer->out;
	if (out.y * out.x == 1)
		return (struct aq_tensor){ NULL, 1, 1, 1, out.c, false, true };
	return (struct aq_tensor){ NULL, 1, out.c, out.y, out.x, layer->n_inputs == 0 && out.c == 3,
				   false };
}

size_t aq_tensor_count(const struct aq_tensor *t)
{
	return (size_t)t->groups * (size_t)t->maps * (size_t)t->height * (size_t)t->width;
}

const char *aq_tensor_arrangement(const struct aq_tensor *t)
{
	if (t->is_colour)
		return t->groups > 1 ? "one tile an output; red, green and blue are its inputs"
				     : "in its colours";
	if (t->is_matrix)
		return t->height > 1 ? "a row for each output, a column for each input"
				     : "one square a number";
	if (t->groups == 1)
		return "one tile a channel";
	return t->maps == 1 ? "one tile an output" : "a row of tiles for each output, one an input";
}

void aq_tensor_free(struct aq_tensor *t)
{
	free(t->at);
	t->at = NULL;
}

/* ---- reading --------------------------------------------------------------------------------- */

static const struct aq_param *find_param(const struct aq_layer *layer, const char *name)
{
	for (int i = 0; i < layer->n_params; i++)
		if (strcmp(layer->param[i].name, name) == 0)
			return &layer->param[i];
	return NULL;
}

/* A row of a run's column. */
static int read_column(struct aq_tensor *t, struct aq_gallery *g, const char *name, enum aq_of of,
		       int64_t step)
{
	const struct aq_column *column = aq_run_find(g->run, name);
	int64_t at = 0;
	int rc = AQ_OK;
	if (!column)
		return aq_fail(
			AQ_EUSAGE,
			"%s has no record of %s; train with --record %s, or open the step with "
			"aquatint-snapshot cut and draw that",
			g->path, name, aq_of_words[of]);
	const uint64_t rows = aq_run_rows(g->run, column);
	if (rows == 0)
		return aq_fail(AQ_EUSAGE, "%s has no steps yet", g->path);
	if (step == AQ_LAST_RECORDED)
		at = (int64_t)((rows - 1) * column->every);
	else
		AQ_TRY(aq_run_step(g->run, step, &at));
	const uint64_t row = (uint64_t)at / column->every;
	if ((uint64_t)at % column->every || row >= rows)
		return aq_fail(
			AQ_EUSAGE,
			"%s of step %lld was not recorded in %s (every %llu steps were); open the "
			"step with aquatint-snapshot cut and draw that",
			name, (long long)at, g->path, (unsigned long long)column->every);
	g->step = at;
	rc = aq_run_read(g->run, column, row, 1, t->at);
done:
	return rc;
}

/* A whole dataset of a snap or weights file, or its row `example`. */
static int read_dataset(struct aq_tensor *t, struct aq_gallery *g, const char *name,
			bool by_example, int64_t example)
{
	struct aq_h5_shape shape;
	bool there;
	int rc;
	AQ_TRY(aq_h5_find(g->file, name, &there));
	if (!there)
		return aq_fail(
			AQ_EUSAGE, "%s has no %s%s", g->path, name,
			g->is_snap ? ""
				   : "; open the step with aquatint-snapshot cut and draw that");
	AQ_TRY(aq_h5_shape(g->file, name, &shape));
	struct aq_h5_shape row = shape;
	if (by_example)
		row.dim[0] = 1;
	if (shape.type != AQ_F32 || aq_h5_count(&row) != aq_tensor_count(t))
		return aq_fail(AQ_EDATA, "%s of %s has not the shape that its network says", name,
			       g->path);
	if (by_example && (example < 0 || (uint64_t)example >= shape.dim[0]))
		return aq_fail(AQ_EUSAGE, "%s has examples 0 to %llu, not %lld", g->path,
			       (unsigned long long)shape.dim[0] - 1, (long long)example);
	rc = by_example ? aq_h5_rows(g->file, name, shape, (uint64_t)example, 1, t->at)
			: aq_h5_get_into(g->file, name, shape, t->at);
done:
	return rc;
}

int aq_tensor_read(struct aq_tensor *t, struct aq_gallery *g, const struct aq_layer *layer,
		   enum aq_of of, const char *param, int64_t step, int64_t example)
{
	const bool is_map = of == AQ_OF_ACTIVATION || of == AQ_OF_DELTA;
	const struct aq_param *found = is_map ? NULL : find_param(layer, param);
	char name[512];
	int rc;
	*t = (struct aq_tensor){ 0 };
	if (!is_map && !found)
		return aq_fail(AQ_EUSAGE, "layer %s has no %s: it is a %s", layer->name, param,
			       layer->type->name);
	if (g->run && (is_map || of == AQ_OF_EXAMPLE_GRAD))
		return aq_fail(
			AQ_EUSAGE,
			"a run keeps no %s; open the step with aquatint-snapshot cut and draw that",
			aq_of_words[of]);
	*t = is_map ? aq_tensor_of_map(layer) : aq_tensor_of_param(layer, found);
	t->at = malloc(aq_tensor_count(t) * sizeof *t->at);
	if (!t->at)
		return aq_fail(AQ_ENOMEM, "out of memory");
	snprintf(name, sizeof name, "/%s/%s%s%s", aq_of_words[of], layer->name, is_map ? "" : "/",
		 is_map ? "" : param);
	rc = g->run ? read_column(t, g, name, of, step)
		    : read_dataset(t, g, name, is_map || of == AQ_OF_EXAMPLE_GRAD, example);
	if (rc < 0)
		aq_tensor_free(t);
	return rc;
}

int aq_tensor_view(struct aq_tensor *t, enum aq_view view)
{
	const size_t count = aq_tensor_count(t);
	if (view == AQ_VIEW_PLAIN)
		return AQ_OK;
	if (t->is_matrix)
		return aq_fail(AQ_EUSAGE, "these numbers are no picture: there is no %s of them; draw "
			       "them plain, or choose the weights of a layer that reads maps",
			       aq_view_words[view]);
	float *out = malloc(count * sizeof *out);
	if (!out)
		return aq_fail(AQ_ENOMEM, "out of memory");
	aq_difference(view, out, t->at, (size_t)t->groups * (size_t)t->maps, t->height, t->width);
	free(t->at);
	t->at = out;
	return AQ_OK;
}
