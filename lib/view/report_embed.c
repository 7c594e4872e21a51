/* SPDX-License-Identifier: MIT
 *
 * report_embed.c - pictures laid out by what the last layer but one makes of them
 *
 * Each is one small element of the page, placed by numbers; its picture is a piece of one sheet.
 * Where many fall into one cell of a grid the one nearest to its middle is a picture, the others
 * are dots that become one under the pointer.
 */
#include "view/report_private.h"

#include "data/resize.h"
#include "look/tsne.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST = 10, MOST = 400, ACROSS = 20, THUMB = 24, CELLS = 26, ITERATIONS = 750 };

struct cloud {
	struct aq_report *r;
	const struct aq_dataset *data;
	const struct aq_layer *layer;
	enum aq_split split;
	int count, width; /* examples, and the numbers of a code */
	float *codes, *y; /* [count][width], [count][2] */
	double *loss;
	int32_t *rank;
	int thumb_y, thumb_x;
	double perplexity;
	double span[2]; /* of the plane, before it was brought to 0 .. 1 */
};

static void release(struct cloud *c)
{
	free(c->codes);
	free(c->y);
	free(c->loss);
	free(c->rank);
}

/* ---- codes ----------------------------------------------------------------------------------- */

/* With the weights after the last step. */
static int read_codes(struct cloud *c)
{
	struct aq_trainer *t = c->r->album.stage->trainer;
	const size_t n = (size_t)c->count;
	struct aq_feed feed = { .data = c->data, .split = c->split, .batch = c->count };
	c->codes = malloc(n * (size_t)c->width * sizeof *c->codes);
	c->y = malloc(2 * n * sizeof *c->y);
	c->loss = malloc(n * sizeof *c->loss);
	c->rank = malloc(n * sizeof *c->rank);
	if (!c->codes || !c->y || !c->loss || !c->rank)
		return aq_fail(AQ_ENOMEM, "out of memory");
	aq_album_stage(&c->r->album);
	const struct aq_batch batch = { .count = c->count,
					.fill = aq_feed_fill,
					.self = &feed,
					.loss = c->loss,
					.rank = c->rank };
	for (int k = 0; k < c->count; k++) {
		aq_engine_open(t->engine, &batch, k);
		memcpy(c->codes + (size_t)k * (size_t)c->width, aq_engine_out(t->engine, c->layer->index),
		       (size_t)c->width * sizeof *c->codes);
	}
	return AQ_OK;
}

static int lay_out(struct cloud *c)
{
	struct aq_tsne_args tsne = { .count = c->count,
				     .dimensions = c->width,
				     .theta = 0.5,
				     .iterations = ITERATIONS,
				     .seed = 1 };
	double divergence, low[2] = { INFINITY, INFINITY }, high[2] = { -INFINITY, -INFINITY };
	int rc;
	AQ_TRY(aq_tsne_codes(&tsne, c->codes, c->y, &divergence, c->r->album.stage->pool));
	c->perplexity = tsne.perplexity;
	/* into 0 .. 1 of a box of their own shape */
	for (int i = 0; i < 2 * c->count; i++) {
		low[i % 2] = fmin(low[i % 2], (double)c->y[i]);
		high[i % 2] = fmax(high[i % 2], (double)c->y[i]);
	}
	for (int i = 0; i < 2; i++)
		c->span[i] = fmax(high[i] - low[i], 1e-30);
	for (int i = 0; i < 2 * c->count; i++)
		c->y[i] = (float)(((double)c->y[i] - low[i % 2]) / c->span[i % 2]);
done:
	return rc;
}

/* ---- the sheet ------------------------------------------------------------------------------- */

static void put_thumb(const struct cloud *c, struct aq_picture *sheet, int k, const uint8_t *pixels)
{
	const size_t plane = (size_t)c->thumb_y * (size_t)c->thumb_x, channels = (size_t)sheet->channels;
	const int left = k % ACROSS * c->thumb_x, top = k / ACROSS * c->thumb_y;
	for (int y = 0; y < c->thumb_y; y++)
		for (int x = 0; x < c->thumb_x; x++)
			for (size_t ch = 0; ch < channels; ch++)
				sheet->at[((size_t)(top + y) * (size_t)sheet->width + (size_t)(left + x)) *
						  channels +
					  ch] = pixels[ch * plane + (size_t)y * (size_t)c->thumb_x + (size_t)x];
}

static int put_sheet(struct cloud *c, struct aq_str *to)
{
	const struct aq_dataset *data = c->data;
	const int side = data->y > data->x ? data->y : data->x, down = (c->count + ACROSS - 1) / ACROSS;
	const double by = side > THUMB ? (double)THUMB / side : 1;
	struct aq_picture sheet = { 0 };
	uint8_t *small = NULL;
	int rc;
	c->thumb_y = (int)fmax(1, round(data->y * by));
	c->thumb_x = (int)fmax(1, round(data->x * by));
	AQ_TRY(aq_picture_new(&sheet, ACROSS * c->thumb_x, down * c->thumb_y, data->c == 3 ? 3 : 1));
	small = malloc((size_t)data->c * (size_t)c->thumb_y * (size_t)c->thumb_x);
	if (!small) {
		rc = aq_fail(AQ_ENOMEM, "out of memory");
		goto done;
	}
	for (int k = 0; k < c->count; k++) {
		AQ_TRY(aq_resize(data->split[c->split].pixels + (size_t)k * (size_t)aq_dataset_width(data),
				 data->c, data->y, data->x, small, c->thumb_y, c->thumb_x));
		put_thumb(c, &sheet, k, small);
	}
	aq_str_add(to, "<style>.cloud i{background-image:url(");
	rc = aq_html_picture(to, &sheet);
	aq_str_add(to, ");background-size:%d%% %d%%}.cloud .dot:not(:hover){background-image:none}</style>\n",
		   100 * ACROSS, 100 * down);
done:
	free(small);
	aq_picture_free(&sheet);
	return rc;
}

/* ---- points ---------------------------------------------------------------------------------- */

static int cell_of(const struct cloud *c, int k)
{
	const int x = (int)(c->y[2 * k] * CELLS), y = (int)(c->y[2 * k + 1] * CELLS);
	return (y < CELLS ? y : CELLS - 1) * CELLS + (x < CELLS ? x : CELLS - 1);
}

/* How far point k is from the middle of its cell. */
static double off(const struct cloud *c, int k)
{
	const double x = (double)c->y[2 * k] * CELLS, y = (double)c->y[2 * k + 1] * CELLS;
	return hypot(x - floor(x) - 0.5, y - floor(y) - 0.5);
}

static void put_points(const struct cloud *c, struct aq_str *to)
{
	const int down = (c->count + ACROSS - 1) / ACROSS;
	int first[CELLS * CELLS];
	for (int i = 0; i < CELLS * CELLS; i++)
		first[i] = -1;
	for (int k = 0; k < c->count; k++) {
		int *best = &first[cell_of(c, k)];
		if (*best < 0 || off(c, k) < off(c, *best))
			*best = k;
	}
	for (int k = 0; k < c->count; k++) {
		const int32_t label = c->data->split[c->split].label[k];
		aq_str_add(to, "<i class=\"%shue%d%s\" style=\"left:%.2f%%;top:%.2f%%;background-position:"
			       "%.4g%% %.4g%%\" title=\"%s %d, ",
			   first[cell_of(c, k)] == k ? "" : "dot ", (int)label % AQ_HUES,
			   c->rank[k] ? " missed" : "", 100 * (double)c->y[2 * k],
			   100 * (double)c->y[2 * k + 1], 100.0 * (k % ACROSS) / (ACROSS - 1),
			   down > 1 ? 100.0 * (k / ACROSS) / (down - 1) : 0, aq_split_name(c->split), k);
		aq_html_text(to, c->data->class_name[label]);
		aq_str_add(to, "%s\"></i>\n", c->rank[k] ? ", not seen as that" : "");
	}
}

/* From the left edge and from the upper one, as shares of the plane. */
static void put_table(const struct cloud *c)
{
	const unsigned long long step = (unsigned long long)c->r->run->done;
	for (int k = 0; k < c->count; k++) {
		char of[32];
		snprintf(of, sizeof of, "%s:%d", aq_split_name(c->split), k);
		aq_report_line(c->r, "embedding_x", of, step, step, (double)c->y[2 * k], NAN, NAN);
		aq_report_line(c->r, "embedding_y", of, step, step, (double)c->y[2 * k + 1], NAN, NAN);
	}
}

static void put_legend(const struct cloud *c, struct aq_str *to)
{
	aq_str_add(to, "<p class=\"legend\">");
	for (int i = 0; i < c->data->classes && i < AQ_HUES; i++) {
		aq_str_add(to, "<span class=\"key hue%d\">", i);
		aq_html_text(to, c->data->class_name[i]);
		aq_str_add(to, "</span>");
	}
	if (c->data->classes > AQ_HUES)
		aq_str_add(to, "<span>%d more, in the same colours</span>", c->data->classes - AQ_HUES);
	aq_str_add(to, "</p>\n");
}

static void put_words(const struct cloud *c, struct aq_str *to)
{
	int missed = 0;
	for (int k = 0; k < c->count; k++)
		missed += c->rank[k] != 0;
	aq_str_add(to, "<p class=\"lede\">The first %d pictures of the %s split, laid out by the ", c->count,
		   aq_split_name(c->split));
	aq_report_count(to, c->width);
	aq_str_add(to, " numbers that ");
	aq_html_text(to, c->layer->name);
	aq_str_add(to, " makes of them after the last step (t-SNE, perplexity %.3g). What is near is alike; far "
		       "distances mean little. A frame has the colour of the picture’s class, and is thin "
		       "where the network says another one: %d of %d.</p>\n",
		   c->perplexity, missed, c->count);
}

/* The split that is laid out; fewer than LEAST pictures say nothing. */
static int64_t there(const struct aq_report *r, enum aq_split *split)
{
	const struct aq_replay *stage = r->album.stage;
	if (!stage || r->run->net->layers < 2)
		return 0;
	*split = stage->data->split[AQ_TEST].count ? AQ_TEST : AQ_TRAIN;
	const int64_t count = stage->data->split[*split].count;
	return count < LEAST ? 0 : count < MOST ? count : MOST;
}

int aq_report_embed_link(struct aq_report *r, struct aq_str *to)
{
	enum aq_split split;
	if (there(r, &split))
		aq_str_add(to, "<a href=\"#embedding\">Embedding</a>\n");
	return AQ_OK;
}

int aq_report_embed(struct aq_report *r, struct aq_str *to)
{
	const struct aq_net *net = r->run->net;
	struct cloud c = { .r = r };
	int rc;
	c.count = (int)there(r, &c.split);
	if (c.count == 0)
		return AQ_OK;
	c.data = r->album.stage->data;
	c.layer = &net->layer[net->layer[net->layers - 1].input[0]];
	c.width = (int)aq_shape_count(c.layer->out);
	AQ_TRY(read_codes(&c));
	AQ_TRY(lay_out(&c));
	aq_str_add(to, "<section id=\"embedding\">\n<h2>What looks alike to it</h2>\n");
	put_words(&c, to);
	put_legend(&c, to);
	AQ_TRY(put_sheet(&c, to));
	/* as wide as can be, but no higher than a screen, and one scale for both axes */
	aq_str_add(to, "<div class=\"cloud\" role=\"img\" aria-label=\"pictures laid out in a plane\" "
		       "style=\"--shape:%d/%d;--ratio:%.3f\">\n", c.thumb_x, c.thumb_y,
		   fmin(3, fmax(0.4, c.span[0] / c.span[1])));
	put_points(&c, to);
	put_table(&c);
	aq_str_add(to, "</div>\n</section>\n");
done:
	release(&c);
	return rc;
}
