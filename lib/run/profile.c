/* SPDX-License-Identifier: MIT
 *
 * profile.c - where the time of a training goes
 */
#include "run/profile.h"

#include <stdio.h>
#include <stdlib.h>

enum { BEHIND = 10 }; /* rows behind those of the layers, at most */

static struct aq_profile_row *add(struct aq_profile *p, const char *name, double forward, double backward)
{
	struct aq_profile_row *row = &p->row[p->rows++];
	row->name = name;
	row->forward.seconds = forward / (double)p->steps;
	row->backward.seconds = backward / (double)p->steps;
	row->share = (forward + backward) / (p->seconds * (double)p->steps * p->threads);
	return row;
}

static void add_layer(struct aq_profile *p, const struct aq_trainer *t, int l)
{
	const struct aq_layer *layer = &t->net->layer[l];
	const struct aq_spent spent = aq_engine_spent(t->engine, l);
	const struct aq_shape in = l ? layer->in[0] : layer->out, out = layer->out;
	struct aq_profile_row *row = add(p, layer->name, spent.forward, spent.backward);
	size_t read = 0, wanted = 0;
	for (int k = 0; k < layer->n_inputs; k++) {
		read += aq_shape_count(layer->in[k]);
		wanted += aq_engine_wants(t->engine, layer->input[k]) ? aq_shape_count(layer->in[k]) : 0;
	}
	const double flop = aq_layer_flop(layer) * p->examples;
	const double map = (double)sizeof(aq_real) * p->examples, written = (double)aq_shape_count(out);
	row->forward.flop = flop;
	row->forward.bytes = map * ((double)read + written);
	if (spent.backward > 0) {
		row->backward.flop = wanted ? 2 * flop : flop;
		row->backward.bytes = map * ((double)wanted + written);
	}
	if (l == 0)
		snprintf(row->what, sizeof row->what, "batch, augmentation");
	else
		snprintf(row->what, sizeof row->what, "%s %dx%dx%d -> %dx%dx%d", layer->type->name, in.c, in.y, in.x,
			 out.c, out.y, out.x);
}

/* What follows the layers, and last what nothing else accounts for. */
static void add_rest(struct aq_profile *p, const struct aq_trainer *t, const struct aq_profile_rest *rest)
{
	const int layers = t->net->layers;
	const double all = p->threads;
	const double array = (double)sizeof(aq_real) * (double)t->net->count;
	double worked = 0, shares = 0;
	for (int l = 0; l < layers + AQ_ENGINE_MORE; l++) {
		const struct aq_spent spent = aq_engine_spent(t->engine, l);
		worked += spent.forward + spent.backward;
	}
	add(p, "loss", aq_engine_spent(t->engine, layers).forward, 0);
	add(p, "sums", aq_engine_spent(t->engine, layers + 1).forward, 0);
	struct aq_profile_row *waiting = add(p, "waiting", t->spent.look * all - worked, 0);
	snprintf(waiting->what, sizeof waiting->what, "for other threads, or for a processor");
	struct aq_profile_row *update = add(p, "update", t->spent.update * all, 0);
	update->forward.bytes = array * (3 + 2 * aq_solver_slots(t->solver));
	snprintf(update->what, sizeof update->what, "%s", aq_solver_names[t->args->solver.solver]);
	add(p, "packing", t->spent.pack * all, 0)->forward.bytes = 2 * array;
	add(p, "statistics", rest->statistics * all, 0);
	add(p, "record", rest->record * all, 0);
	add(p, "evaluation", rest->score * all, 0);
	for (int i = 0; i < p->rows; i++)
		shares += p->row[i].share;
	add(p, "other", (1 - shares) * rest->elapsed * all, 0);
}

int aq_profile_new(struct aq_profile **out, const struct aq_trainer *t, int64_t steps, int64_t examples,
		   const struct aq_profile_rest *rest)
{
	*out = NULL;
	struct aq_profile *p = calloc(1, sizeof *p);
	const double n = steps > 0 ? (double)steps : 1;
	if (!p || !(p->row = calloc((size_t)t->net->layers + BEHIND, sizeof *p->row))) {
		aq_profile_free(p);
		return aq_fail(AQ_ENOMEM, "out of memory");
	}
	p->threads = aq_pool_threads(t->pool);
	p->steps = (int64_t)n;
	p->examples = (double)examples / n;
	p->seconds = rest->elapsed / n;
	for (int l = 0; l < t->net->layers; l++)
		add_layer(p, t, l);
	add_rest(p, t, rest);
	*out = p;
	return AQ_OK;
}

void aq_profile_free(struct aq_profile *p)
{
	if (!p)
		return;
	free(p->row);
	free(p);
}
