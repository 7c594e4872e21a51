/* SPDX-License-Identifier: MIT
 *
 * report_layers.c - every layer at the chosen steps
 *
 * The page gets each exhibit twice: a few frames as pictures, for readers without scripts, and the
 * bytes of all frames, which the script draws.  Both are drawn from the same bytes by the
 * same rule.
 */
#include "view/report_private.h"

#include "draw/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STILLS = 3, MANY = 100, VERY_MANY = 250 };

/* ---- stills ---------------------------------------------------------------------------------- */

static int draw_still(const struct aq_exhibit *e, size_t frame, struct aq_str *to)
{
	struct aq_tiles tiles = e->figure.tiles;
	struct aq_canvas *canvas = NULL;
	float *values = malloc(e->values * sizeof *values);
	const struct aq_box size = aq_tiles_size(&tiles);
	int rc = values ? AQ_OK : aq_fail(AQ_ENOMEM, "out of memory");
	AQ_TRY(rc);
	AQ_TRY(aq_canvas_new(&canvas, size.w, size.h, AQ_PAPER));
	aq_exhibit_values(e, frame, values);
	tiles.at = values;
	tiles.range = (struct aq_range){ e->low[frame], e->high[frame], 1, 0 };
	aq_tiles_draw(canvas, 0, 0, &tiles);
	aq_str_add(to, "width=\"%d\" height=\"%d\" src=\"", size.w, size.h);
	rc = aq_html_picture(to, &canvas->picture);
	aq_str_add(to, "\"");
done:
	aq_canvas_free(canvas);
	free(values);
	return rc;
}

/* First, middle, last: whichever of them differ; of very deep networks the last ones alone. */
static size_t still_frame(const struct aq_album *album, int still)
{
	const size_t last = album->frames - 1;
	return album->exhibits > VERY_MANY ? last
	       : album->exhibits > MANY	   ? last * (size_t)(still > 0)
					   : last * (size_t)still / (STILLS - 1);
}

static void put_scale(struct aq_str *to, const struct aq_exhibit *e, size_t frame)
{
	char low[AQ_NUMBER_ROOM], high[AQ_NUMBER_ROOM];
	aq_str_add(to, "%s to %s", aq_number(low, (double)e->low[frame], 3),
		   aq_number(high, (double)e->high[frame], 3));
}

static int put_stills(struct aq_str *to, const struct aq_album *album, const struct aq_exhibit *e)
{
	int rc = AQ_OK;
	aq_str_add(to, "<div class=\"stills\">\n");
	for (int s = 0; s < STILLS; s++) {
		const size_t frame = still_frame(album, s);
		if (s > 0 && frame == still_frame(album, s - 1))
			continue;
		aq_str_add(to, "<div><img data-frame=\"%zu\" alt=\"", frame);
		aq_html_text(to, e->layer->name);
		aq_str_add(to, ": %s%s%s, step %llu\" ", aq_of_words[e->of], e->param ? " of the " : "",
			   e->param ? e->param->name : "", (unsigned long long)album->step[frame]);
		AQ_TRY(draw_still(e, frame, to));
		aq_str_add(to, "/><p>step ");
		aq_report_count(to, (long long)album->step[frame]);
		aq_str_add(to, " <span>");
		put_scale(to, e, frame);
		aq_str_add(to, "</span></p></div>\n");
	}
	aq_str_add(to, "</div>\n");
done:
	return rc;
}

/* ---- an exhibit ------------------------------------------------------------------------------ */

static const char *words_of(const struct aq_exhibit *e)
{
	const bool bias = e->param && e->param->rank == 1;
	switch (e->of) {
	case AQ_OF_WEIGHTS:
		return "before the step";
	case AQ_OF_GRAD:
		return bias ? "mean over the batch" : "gradient of the loss, mean over the batch";
	case AQ_OF_UPDATE:
		return "what the step added";
	case AQ_OF_DELTA:
		return "gradient of the example's loss with respect to that";
	default:
		return "what the layer puts out";
	}
}

static void put_cut(struct aq_str *to, const struct aq_exhibit *e)
{
	char text[128];
	if (aq_figure_cut(&e->figure, text))
		aq_str_add(to, "<p class=\"cut\">%s</p>\n", text);
}

static int put_exhibit(struct aq_str *to, const struct aq_album *album, int index)
{
	const struct aq_exhibit *e = &album->exhibit[index];
	const bool bias = e->param && e->param->rank == 1;
	int rc = AQ_OK;
	aq_str_add(to, "<figure class=\"exhibit%s\" data-exhibit=\"%d\"", bias ? " strip" : "", index);
	if (!e->param)
		aq_str_add(to, " data-example=\"%d\"", e->example);
	aq_str_add(to, ">\n<figcaption><b>%s</b> ", aq_of_words[e->of]);
	if (bias)
		aq_str_add(to, "of the biases, ");
	aq_str_add(to, "%s</figcaption>\n", words_of(e));
	if (e->param || e->example == 0)
		AQ_TRY(put_stills(to, album, e));
	put_cut(to, e);
	aq_str_add(to, "</figure>\n");
done:
	return rc;
}

/* ---- layers ---------------------------------------------------------------------------------- */

/* The exhibits of a layer: its maps, or one of its parameters. */
static int put_row(struct aq_str *to, const struct aq_album *album, const struct aq_layer *layer,
		   const struct aq_param *param)
{
	int rc = AQ_OK, count = 0;
	for (int i = 0; i < album->exhibits; i++) {
		const struct aq_exhibit *e = &album->exhibit[i];
		if (e->layer != layer || e->param != param)
			continue;
		if (count++ == 0)
			aq_str_add(to, "<div class=\"row %s\">\n", param ? "params" : "maps");
		AQ_TRY(put_exhibit(to, album, i));
	}
	if (count)
		aq_str_add(to, "</div>\n");
done:
	return rc;
}

static bool is_shown(const struct aq_album *album, const struct aq_layer *layer)
{
	for (int i = 0; i < album->exhibits; i++)
		if (album->exhibit[i].layer == layer)
			return true;
	return false;
}

static void put_head(struct aq_str *to, const struct aq_layer *layer)
{
	aq_str_add(to, "<h3>");
	aq_html_text(to, layer->name);
	aq_str_add(to, " <small>");
	for (int p = 0; p < layer->n_params; p++) {
		const struct aq_param *param = &layer->param[p];
		aq_str_add(to, "%s %s ", p ? "," : "", param->name);
		for (int d = 0; d < param->rank; d++)
			aq_str_add(to, "%s%d", d ? "×" : "", param->dim[d]);
	}
	aq_str_add(to, "%s out %d×%d×%d</small></h3>\n", layer->n_params ? ", puts" : "puts",
		   layer->out.c, layer->out.y, layer->out.x);
}

int aq_report_layers(struct aq_report *r, struct aq_str *to)
{
	const struct aq_net *net = r->run->net;
	const struct aq_album *album = &r->album;
	int rc = AQ_OK;
	if (album->exhibits == 0)
		aq_str_add(to, "<p class=\"aside\">The gradients of this run were not all recorded. Give the data "
			       "set with --data, and they are computed again.</p>\n");
	for (int i = 1; i < net->layers; i++) {
		const struct aq_layer *layer = &net->layer[i];
		if (!is_shown(album, layer))
			continue;
		aq_str_add(to, "<article class=\"layer\">\n");
		put_head(to, layer);
		AQ_TRY(put_row(to, album, layer, NULL));
		for (int p = 0; p < layer->n_params; p++)
			AQ_TRY(put_row(to, album, layer, &layer->param[p]));
		aq_str_add(to, "</article>\n");
	}
done:
	return rc;
}

/* ---- examples -------------------------------------------------------------------------------- */

static int put_image(struct aq_str *to, const struct aq_album *album, const struct aq_onlooker *o)
{
	const struct aq_dataset *data = album->stage->data;
	const size_t plane = (size_t)data->y * (size_t)data->x, channels = data->c == 3 ? 3 : 1;
	const uint8_t *pixels = data->split[album->split].pixels + (size_t)o->index * (size_t)aq_dataset_width(data);
	struct aq_picture picture;
	int rc = aq_picture_new(&picture, data->x, data->y, (int)channels);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < plane; i++)
		for (size_t c = 0; c < channels; c++)
			picture.at[i * channels + c] = pixels[c * plane + i];
	aq_str_add(to, "<img width=\"64\" height=\"64\" alt=\"\" src=\"");
	rc = aq_html_picture(to, &picture);
	aq_str_add(to, "\"/>");
	aq_picture_free(&picture);
	return rc;
}

int aq_report_examples(struct aq_report *r, struct aq_str *to)
{
	const struct aq_album *album = &r->album;
	int rc = AQ_OK;
	if (album->onlookers == 0)
		return AQ_OK;
	aq_str_add(to, "<fieldset class=\"examples\"><legend>Activations and deltas of</legend>\n");
	for (int k = 0; k < album->onlookers; k++) {
		const struct aq_onlooker *o = &album->onlooker[k];
		aq_str_add(to, "<label data-example=\"%d\"><input type=\"radio\" name=\"example\" value=\"%d\"%s/>",
			   k, k, k ? "" : " checked=\"\"");
		AQ_TRY(put_image(to, album, o));
		aq_str_add(to, "<span>%s %lld<br/><b>", aq_split_name(album->split), (long long)o->index);
		aq_html_text(to, album->stage->data->class_name[o->label]);
		aq_str_add(to, "</b><br/><output data-guess=\"%d\"></output></span></label>\n", k);
	}
	aq_str_add(to, "</fieldset>\n");
done:
	return rc;
}

/* ---- numbers for the script ------------------------------------------------------------------ */

static void put_floats(struct aq_str *to, const char *name, const float *at, size_t count)
{
	aq_str_add(to, ",\"%s\":[", name);
	for (size_t i = 0; i < count; i++)
		if (isfinite(at[i]))
			aq_str_add(to, "%s%.6g", i ? "," : "", (double)at[i]);
		else
			aq_str_add(to, "%snull", i ? "," : "");
	aq_str_add(to, "]");
}

/* A name within a <script>: no '<' may stand there. */
static void put_name(struct aq_str *to, const char *name)
{
	struct aq_str json = { 0 };
	aq_str_json(&json, name);
	for (const char *at = aq_str_text(&json); *at; at++)
		if (*at == '<')
			aq_str_add(to, "\\u003c");
		else
			aq_str_bytes(to, at, 1);
	aq_str_free(&json);
}

/* The colours of the bytes 0 .. 254. */
static void put_map(struct aq_str *to, const char *name, enum aq_map map)
{
	aq_str_add(to, ",\"%s\":\"", name);
	for (int i = 0; i <= AQ_LEVELS; i++) {
		const struct aq_rgb c = aq_map_colour(map, (double)i / AQ_LEVELS);
		aq_str_add(to, "%02x%02x%02x", c.r, c.g, c.b);
	}
	aq_str_add(to, "\"");
}

/* How many numbers a tile has, where its columns begin, how far its rows are apart. */
static void put_layout(struct aq_str *to, const struct aq_exhibit *e, size_t frames)
{
	const struct aq_tiles *t = &e->figure.tiles;
	const char *kind = e->tensor.is_matrix	 ? (e->tensor.height > 1 ? "matrix" : "strip")
			   : e->tensor.is_colour ? "colour"
			   : e->param		 ? "filters"
						 : "map";
	aq_str_add(to,
		   "{\"w\":%d,\"h\":%d,\"channels\":%d,\"count\":%d,\"zoom\":%d,\"gap\":%d,\"flows\":%s,"
		   "\"colours\":\"%s\",\"maps\":%d,\"kind\":\"%s\",\"down\":%d,\"across\":[",
		   t->width, t->height, t->channels, t->count, t->zoom, t->gap,
		   t->cluster ? "false" : "true", e->figure.scale == AQ_SCALE_SYM ? "signed" : "grey",
		   e->figure.shown_maps, kind,
		   aq_tiles_place(t, t->columns).y - aq_tiles_place(t, 0).y);
	for (int i = 0; i < t->columns && i < t->count; i++)
		aq_str_add(to, "%s%d", i ? "," : "", aq_tiles_place(t, i).x);
	aq_str_add(to, "]");
	put_floats(to, "low", e->low, frames);
	put_floats(to, "high", e->high, frames);
	aq_str_add(to, "}");
}

static void put_meta(struct aq_str *to, const struct aq_report *r)
{
	const struct aq_album *album = &r->album;
	aq_str_add(to, "<script type=\"application/json\" id=\"meta\">\n{\"steps\":[");
	for (size_t f = 0; f < album->frames; f++)
		aq_str_add(to, "%s%llu", f ? "," : "", (unsigned long long)album->step[f]);
	aq_str_add(to, "],\"done\":%lld", (long long)r->run->done);
	put_floats(to, "loss", album->loss, album->frames);
	put_floats(to, "lr", album->lr, album->frames);
	put_map(to, "signed", AQ_MAP_SIGNED);
	put_map(to, "grey", AQ_MAP_GREY);
	aq_str_add(to, ",\"classes\":[");
	for (int c = 0; album->stage && c < album->stage->data->classes; c++) {
		aq_str_add(to, "%s", c ? "," : "");
		put_name(to, album->stage->data->class_name[c]);
	}
	aq_str_add(to, "],\"onlookers\":[");
	for (int k = 0; k < album->onlookers; k++) {
		aq_str_add(to, "%s{\"label\":%lld", k ? "," : "", (long long)album->onlooker[k].label);
		put_floats(to, "probability", album->onlooker[k].probability,
			   album->frames * (size_t)r->run->net->classes);
		aq_str_add(to, "}");
	}
	aq_str_add(to, "],\"exhibits\":[\n");
	for (int i = 0; i < album->exhibits; i++) {
		aq_str_add(to, "%s", i ? ",\n" : "");
		put_layout(to, &album->exhibit[i], album->frames);
	}
	aq_str_add(to, "]}\n</script>\n");
}

/* What each picture has, from its least to its greatest number, and what is thought of the examples. */
static void put_table(struct aq_report *r)
{
	const struct aq_album *album = &r->album;
	const int classes = r->run->net->classes;
	struct aq_str of = { 0 };
	for (int i = 0; i < album->exhibits; i++) {
		const struct aq_exhibit *e = &album->exhibit[i];
		of.length = 0;
		aq_str_add(&of, "%s", e->layer->name);
		if (e->param)
			aq_str_add(&of, "/%s", e->param->name);
		else
			aq_str_add(&of, " of %s:%lld", aq_split_name(album->split),
				   (long long)album->onlooker[e->example].index);
		for (size_t f = 0; f < album->frames; f++)
			aq_report_line(r, aq_of_words[e->of], aq_str_text(&of), album->step[f], album->step[f], NAN,
				       (double)e->low[f], (double)e->high[f]);
	}
	for (int k = 0; k < album->onlookers; k++)
		for (int c = 0; c < classes && c < album->stage->data->classes; c++) {
			const struct aq_onlooker *o = &album->onlooker[k];
			of.length = 0;
			aq_str_add(&of, "%s of %s:%lld", album->stage->data->class_name[c],
				   aq_split_name(album->split), (long long)o->index);
			for (size_t f = 0; f < album->frames; f++)
				aq_report_line(r, "probability", aq_str_text(&of), album->step[f], album->step[f],
					       (double)o->probability[f * (size_t)classes + (size_t)c], NAN, NAN);
		}
	aq_str_free(&of);
}

int aq_report_numbers(struct aq_report *r, struct aq_str *to)
{
	const struct aq_album *album = &r->album;
	put_meta(to, r);
	put_table(r);
	for (int i = 0; i < album->exhibits; i++) {
		const struct aq_exhibit *e = &album->exhibit[i];
		aq_str_add(to, "<script type=\"application/octet-stream\" id=\"x%d\">", i);
		aq_str_base64(to, e->levels, e->values * album->frames);
		aq_str_add(to, "</script>\n");
	}
	return AQ_OK;
}
