/* SPDX-License-Identifier: MIT
 *
 * album_plan.c - which exhibits an album has, how much of them, and of which steps
 *
 * The room is bounded: where all does not fit there are fewer frames, then smaller figures.  Frames
 * that are far apart are moved onto the checkpoints, so that a run of a million steps costs no more
 * than a short one.
 */
#include "view/album_private.h"

#include "draw/film.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	HEIGHT = 420,	  /* pixels that a figure may be high, where there is the room */
	LOW = 60,	  /* and at the least */
	MAP_HEIGHT = 150, /* the same of a map */
	FEW = 24,	  /* frames, where a network is large */
	FEWEST = 8,	  /* and where it is very large */
};
/* Of all frames; as text in a page they take a third more.  Maps may have what parameters leave. */
static const size_t most_param_bytes = 4200000, most_bytes = 9200000;

/* ---- which exhibits -------------------------------------------------------------------------- */

static int add(struct aq_album *r, struct aq_exhibit exhibit)
{
	struct aq_exhibit *more = reallocarray(r->exhibit, (size_t)r->exhibits + 1, sizeof *more);
	if (!more)
		return aq_fail(AQ_ENOMEM, "out of memory");
	r->exhibit = more;
	more[r->exhibits++] = exhibit;
	return AQ_OK;
}

static const struct aq_column *recorded(const struct aq_album *r, enum aq_of of, int param)
{
	char name[512];
	const struct aq_net *net = r->replay.run->net;
	snprintf(name, sizeof name, "/%s/%s/%s", aq_of_words[of], net->owner[param]->name,
		 net->param[param]->name);
	return aq_run_find(r->replay.run, name);
}

/* Weights, gradient and update of each parameter: those that can be had. */
int aq_album_params(struct aq_album *r)
{
	static const enum aq_of kinds[] = { AQ_OF_WEIGHTS, AQ_OF_GRAD, AQ_OF_UPDATE };
	const struct aq_net *net = r->replay.run->net;
	int rc = AQ_OK;
	for (int p = 0; p < net->params; p++)
		for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
			const struct aq_column *column = recorded(r, kinds[k], p);
			if (!column && !r->steps_known)
				continue;
			AQ_TRY(add(r, (struct aq_exhibit){ .layer = net->owner[p],
							   .param = net->param[p],
							   .of = kinds[k],
							   .column = column,
							   .tensor = aq_tensor_of_param(net->owner[p],
											net->param[p]) }));
		}
done:
	return rc;
}

int aq_album_maps(struct aq_album *r)
{
	const struct aq_net *net = r->replay.run->net;
	int rc = AQ_OK;
	for (int i = 1; i < net->layers; i++)
		for (enum aq_of of = AQ_OF_ACTIVATION; of <= AQ_OF_DELTA; of++)
			for (int k = 0; k < r->onlookers; k++)
				AQ_TRY(add(r, (struct aq_exhibit){ .layer = &net->layer[i],
								   .of = of,
								   .example = k,
								   .tensor = aq_tensor_of_map(
									   &net->layer[i]) }));
done:
	return rc;
}

/* ---- how much of them ------------------------------------------------------------------------ */

static int plan_one(const struct aq_album *r, struct aq_exhibit *e, int height)
{
	struct aq_figure *f = &e->figure;
	aq_figure_free(f);
	*f = (struct aq_figure){ .tensor = &e->tensor,
				 .scale = e->of == AQ_OF_ACTIVATION ? AQ_SCALE_LAYER : AQ_SCALE_SYM,
				 .most_height = height };
	const int rc = aq_figure_plan(f, e->param ? r->args->width : r->args->wide);
	if (rc < 0)
		return rc;
	const struct aq_tiles *t = &f->tiles;
	e->values = (size_t)t->count * (size_t)t->channels * (size_t)t->height * (size_t)t->width;
	return AQ_OK;
}

static int plan_kind(struct aq_album *r, bool params, int height, size_t *values)
{
	int rc = AQ_OK;
	*values = 0;
	for (int i = 0; i < r->exhibits; i++) {
		struct aq_exhibit *e = &r->exhibit[i];
		if ((e->param != NULL) != params)
			continue;
		AQ_TRY(plan_one(r, e, height));
		*values += e->values;
	}
done:
	return rc;
}

/* As many frames, and figures as high, as the room allows: of the parameters, or of the maps, with
 * `beside` other values a frame. */
static int plan_all(struct aq_album *r, bool params, size_t beside, size_t most, size_t *values)
{
	int rc, height = params ? HEIGHT : MAP_HEIGHT;
	AQ_TRY(plan_kind(r, params, height, values));
	while ((*values + beside) * r->frames > most) {
		if (r->frames > FEW) {
			r->frames = r->frames * 7 / 8 > FEW ? r->frames * 7 / 8 : FEW;
		} else if (height > LOW) {
			height = height * 2 / 3 > LOW ? height * 2 / 3 : LOW;
			AQ_TRY(plan_kind(r, params, height, values));
		} else if (r->frames > FEWEST) {
			r->frames = FEWEST;
		} else {
			break;
		}
	}
done:
	return rc;
}

int aq_album_plan(struct aq_album *r)
{
	size_t params, maps;
	int rc = AQ_OK;
	for (int i = 0; i < r->exhibits; i++) {
		struct aq_tensor *t = &r->exhibit[i].tensor;
		t->at = calloc(aq_tensor_count(t), sizeof *t->at);
		if (!t->at)
			return aq_fail(AQ_ENOMEM, "out of memory");
	}
	AQ_TRY(plan_all(r, true, 0, most_param_bytes, &params));
	AQ_TRY(plan_all(r, false, params, most_bytes, &maps));
done:
	return rc;
}

/* ---- which steps ----------------------------------------------------------------------------- */

/* Steps between rows of what was recorded, where nothing else can be had. */
static uint64_t coarsest(const struct aq_album *r)
{
	uint64_t every = 1;
	for (int i = 0; i < r->exhibits && !r->steps_known; i++)
		if (r->exhibit[i].column && r->exhibit[i].column->every > every)
			every = r->exhibit[i].column->every;
	return every;
}

int aq_album_steps(struct aq_album *r)
{
	const uint64_t every = coarsest(r), rows = ((uint64_t)r->replay.run->done - 1) / every + 1;
	size_t kept = 0;
	int rc = AQ_OK;
	r->frames = aq_film_rows(rows, r->frames, r->args->log, r->step);
	for (size_t f = 0; f < r->frames; f++) {
		uint64_t step = r->step[f] * every;
		int64_t checkpoint;
		const bool last = f + 1 == r->frames;
		if (r->steps_known && !last) {
			AQ_TRY(aq_run_checkpoint(r->replay.run, (int64_t)step, &checkpoint));
			if (kept == 0 || (uint64_t)checkpoint > r->step[kept - 1])
				step = (uint64_t)checkpoint;
		}
		r->step[kept++] = step;
	}
	r->frames = kept;
done:
	return rc;
}
