/* SPDX-License-Identifier: MIT
 *
 * sharing.c - the terms that one weight's gradient is the sum of
 */
#include "look/sharing.h"

#include "look/field.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- which weight ---------------------------------------------------------------------------- */

int aq_place_name(const char *text, char *name, size_t room, const char **rest)
{
	const char *open = strchr(text, '[');
	const size_t length = open ? (size_t)(open - text) : 0;
	if (length == 0 || length >= room)
		return aq_fail(AQ_EUSAGE,
			       "'%s' names no weight; write conv1[out,in,y,x] or dense1[out,in]",
			       text);
	memcpy(name, text, length);
	name[length] = '\0';
	*rest = open;
	return AQ_OK;
}

int aq_place_parse(struct aq_place *place, const struct aq_layer *layer, const char *numbers)
{
	static const char *const axes[] = { "out", "in", "y", "x" };
	const struct aq_param *param = layer->n_params > 0 ? &layer->param[0] : NULL;
	int number[4] = { 0 };
	size_t index = 0;
	if (!param || (param->rank != 4 && param->rank != 2))
		return aq_fail(AQ_EUSAGE, "layer %s has no weights: it is a %s", layer->name,
			       layer->type->name);
	const char *at = numbers;
	for (int d = 0; d < param->rank; d++) {
		char *end;
		if (*at != (d == 0 ? '[' : ','))
			break;
		const long value = strtol(at + 1, &end, 10);
		if (end == at + 1)
			break;
		if (value < 0 || value >= param->dim[d])
			return aq_fail(AQ_EUSAGE, "%s%s: %s is 0 to %d", layer->name, numbers,
				       axes[d], param->dim[d] - 1);
		number[d] = (int)value;
		index = index * (size_t)param->dim[d] + (size_t)value;
		at = d + 1 < param->rank ? end : *end == ']' && !end[1] ? "" : "?";
		if (d + 1 == param->rank && *at == '\0') {
			*place = (struct aq_place){ layer,     number[0], number[1],
						    number[2], number[3], index };
			return AQ_OK;
		}
	}
	return aq_fail(AQ_EUSAGE, "%s%s: a weight of this %s is %s%s", layer->name, numbers,
		       layer->type->name, layer->name,
		       param->rank == 4 ? "[out,in,y,x]" : "[out,in]");
}

/* ---- its terms ------------------------------------------------------------------------------- */

static bool is_conv(const struct aq_place *place)
{
	return place->layer->param[0].rank == 4;
}

void aq_sharing_size(const struct aq_place *place, int *height, int *width)
{
	*height = is_conv(place) ? place->layer->out.y : 1;
	*width = is_conv(place) ? place->layer->out.x : 1;
}

/* What the weight reads at output (y, x): input (in, y*sy - top + v, x*sx - left + u). */
static float read_at(const struct aq_place *p, const struct aq_window *w, const float *input, int y,
		     int x)
{
	const struct aq_shape in = p->layer->in[0];
	const int iy = y * w->sy - w->top + p->y, ix = x * w->sx - w->left + p->x;
	if (iy < 0 || iy >= in.y || ix < 0 || ix >= in.x)
		return 0;
	return input[((size_t)p->in * (size_t)in.y + (size_t)iy) * (size_t)in.x + (size_t)ix];
}

double aq_sharing_terms(const struct aq_place *p, const float *input, const float *delta,
			float *seen, float *terms)
{
	const struct aq_window w = aq_window_of(p->layer);
	int height, width;
	double sum = 0;
	aq_sharing_size(p, &height, &width);
	const size_t plane = (size_t)height * (size_t)width;
	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++) {
			const size_t i = (size_t)y * (size_t)width + (size_t)x;
			seen[i] = is_conv(p) ? read_at(p, &w, input, y, x) : input[p->in];
			const double term =
				(double)seen[i] * (double)delta[(size_t)p->out * plane + i];
			terms[i] = (float)term;
			sum += term;
		}
	return sum;
}

double aq_sharing_slack(const float *terms, size_t count)
{
	double sizes = 0;
	for (size_t i = 0; i < count; i++)
		sizes += fabs((double)terms[i]);
	return ((double)count + 2) * (double)FLT_EPSILON / 2 * sizes;
}

int aq_sharing_extremes(const float *terms, size_t places, bool up, int count, size_t *place)
{
	int found = 0;
	for (size_t i = 0; i < places; i++) {
		const float size = up ? terms[i] : -terms[i];
		if (!(size > 0))
			continue;
		int at = found;
		while (at > 0 && size > (up ? terms[place[at - 1]] : -terms[place[at - 1]]))
			at--;
		if (at >= count)
			continue;
		found = found < count ? found + 1 : count;
		memmove(place + at + 1, place + at, (size_t)(found - at - 1) * sizeof *place);
		place[at] = i;
	}
	return found;
}
