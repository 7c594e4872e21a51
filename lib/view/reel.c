/* SPDX-License-Identifier: MIT
 *
 * reel.c - what a training did to one parameter, at chosen steps
 */
#include "view/reel.h"

#include "draw/film.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is shown --------------------------------------------------------------------------- */

/* The solver's array of that name, or -1; "momentum" is the one that gradients gather in. */
static int find_slot(const struct aq_solver *solver, const char *name)
{
	for (int i = 0; i < aq_solver_slots(solver); i++) {
		const char *slot = aq_solver_slot_name(solver, i);
		const bool gathers = strcmp(slot, "velocity") == 0 || strcmp(slot, "mean") == 0;
		if (strcmp(slot, name) == 0 || (gathers && strcmp(name, "momentum") == 0))
			return i;
	}
	return -1;
}

static int refuse(const struct aq_reel *reel, const char *name)
{
	const struct aq_solver *solver = reel->replay.trainer->solver;
	const char *method = aq_solver_names[reel->replay.run->args.solver.solver];
	struct aq_str slots = { 0 };
	for (int i = 0; i < aq_solver_slots(solver); i++)
		aq_str_add(&slots, "%s%s", i ? ", " : "", aq_solver_slot_name(solver, i));
	const int rc = aq_fail(AQ_EUSAGE,
			       "of: there is no '%s'; choose of weights, grad, reg_grad, clip_grad, "
			       "update, and what the solver %s keeps: %s",
			       name, method, slots.length ? slots.at : "nothing");
	aq_str_free(&slots);
	return rc;
}

static int find_strip(struct aq_reel *reel, const char *name)
{
	struct aq_strip *strip = &reel->strip[reel->strips];
	const struct aq_solver *solver = reel->replay.trainer->solver;
	char path[512];
	if (reel->strips == AQ_REEL_MOST)
		return aq_fail(AQ_EUSAGE, "of: at most %d beside each other", AQ_REEL_MOST);
	*strip = (struct aq_strip){ .of = AQ_OF_UPDATE + 1, .slot = -1 };
	for (int i = 0; i <= AQ_OF_UPDATE; i++)
		if (strcmp(aq_of_words[i], name) == 0 ||
		    (i == AQ_OF_WEIGHTS && strcmp(name, "weight") == 0))
			strip->of = (enum aq_of)i;
	if (strip->of > AQ_OF_UPDATE) {
		strip->slot = find_slot(solver, name);
		if (strip->slot < 0)
			return refuse(reel, name);
		snprintf(strip->name, sizeof strip->name, "%s",
			 aq_solver_slot_name(solver, strip->slot));
		snprintf(strip->meaning, sizeof strip->meaning, "state of %s",
			 aq_solver_names[reel->replay.run->args.solver.solver]);
	} else {
		snprintf(strip->name, sizeof strip->name, "%s", aq_of_words[strip->of]);
		snprintf(strip->meaning, sizeof strip->meaning, "%s", aq_of_meanings[strip->of]);
		snprintf(path, sizeof path, "/%s/%s/%s", strip->name, reel->layer->name,
			 reel->param->name);
		strip->column = aq_run_find(reel->replay.run, path);
	}
	strip->at = malloc(reel->param->count * sizeof *strip->at);
	reel->strips++;
	return strip->at ? AQ_OK : aq_fail(AQ_ENOMEM, "out of memory");
}

static int find_strips(struct aq_reel *reel, const char *ofs)
{
	char words[256];
	int rc = AQ_OK;
	if (strlen(ofs) >= sizeof words)
		return aq_fail(AQ_EUSAGE, "of: '%s' is too long", ofs);
	snprintf(words, sizeof words, "%s", ofs);
	char *rest = words;
	for (char *word; (word = strsep(&rest, ","));)
		AQ_TRY(find_strip(reel, word));
done:
	return rc;
}

/* Is it there before the step is taken? */
static bool is_state(const struct aq_strip *strip)
{
	return strip->slot >= 0 || strip->of == AQ_OF_WEIGHTS;
}

/* ---- which steps ----------------------------------------------------------------------------- */

/* Every so many steps all that is read is there. */
static uint64_t find_every(const struct aq_reel *reel)
{
	uint64_t every = 1;
	for (int i = 0; i < reel->strips; i++)
		if (reel->strip[i].column && reel->strip[i].column->every > every)
			every = reel->strip[i].column->every;
	return every;
}

/* Nothing but states, none of them recorded: any checkpoint will do. */
static bool is_all_states(const struct aq_reel *reel)
{
	bool all = true;
	for (int i = 0; i < reel->strips; i++)
		all &= is_state(&reel->strip[i]) && !reel->strip[i].column;
	return all;
}

/* Move steps back to the checkpoints before them; where steps between checkpoints cannot be had at
 * all, those that would fall together are left out. */
static int loosen(struct aq_reel *reel)
{
	const bool can_replay = reel->replay.data || reel->replay.has_gradients;
	size_t kept = 0;
	int rc = AQ_OK;
	for (size_t f = 0; f < reel->frames; f++) {
		int64_t found;
		AQ_TRY(aq_run_checkpoint(reel->replay.run, (int64_t)reel->step[f], &found));
		const bool later = kept == 0 || (uint64_t)found > reel->step[kept - 1];
		if (later)
			reel->step[kept++] = (uint64_t)found;
		else if (can_replay)
			reel->step[kept++] = reel->step[f];
	}
	reel->frames = kept;
done:
	return rc;
}

static int choose_steps(struct aq_reel *reel, const struct aq_reel_args *args)
{
	const struct aq_run *run = reel->replay.run;
	const uint64_t every = find_every(reel);
	const bool loose = args->loose && is_all_states(reel);
	int64_t from, to;
	int rc;
	AQ_TRY(aq_run_step(run, args->from, &from));
	AQ_TRY(aq_run_step(run, args->to, &to));
	if (loose && args->to == -1)
		to = run->done;
	else if (to >= run->done)
		to = run->done - 1;
	const uint64_t first = ((uint64_t)from + every - 1) / every * every;
	if (to < from || first > (uint64_t)to)
		return aq_fail(AQ_EUSAGE, "%s has no recorded step from %lld to %lld", run->path,
			       (long long)from, (long long)to);
	reel->step = malloc((size_t)args->frames * sizeof *reel->step);
	if (!reel->step)
		return aq_fail(AQ_ENOMEM, "out of memory");
	reel->frames = aq_film_rows(((uint64_t)to - first) / every + 1, (size_t)args->frames,
				    args->log, reel->step);
	for (size_t f = 0; f < reel->frames; f++)
		reel->step[f] = first + reel->step[f] * every;
	if (loose)
		AQ_TRY(loosen(reel));
done:
	return rc;
}

int aq_reel_open(struct aq_reel *reel, const struct aq_reel_args *args)
{
	const struct aq_wants all = { true, true, true, true };
	int rc;
	*reel = (struct aq_reel){ 0 };
	AQ_TRY(aq_replay_open(&reel->replay, args->run, args->data, args->threads, all, false));
	const struct aq_gallery gallery = { .path = reel->replay.run->path,
					    .net = reel->replay.run->net };
	AQ_TRY(aq_gallery_layer(&gallery, args->layer, &reel->layer));
	for (int i = 0; i < reel->layer->n_params; i++)
		if (strcmp(reel->layer->param[i].name, args->param) == 0)
			reel->param = &reel->layer->param[i];
	if (!reel->param)
		return aq_fail(AQ_EUSAGE, "layer %s has no %s: it is a %s", args->layer,
			       args->param, reel->layer->type->name);
	aq_replay_narrow(&reel->replay, reel->layer);
	AQ_TRY(find_strips(reel, args->ofs));
	AQ_TRY(choose_steps(reel, args));
done:
	return rc;
}

void aq_reel_close(struct aq_reel *reel)
{
	for (int i = 0; i < AQ_REEL_MOST; i++)
		free(reel->strip[i].at);
	free(reel->step);
	aq_replay_close(&reel->replay);
	*reel = (struct aq_reel){ 0 };
}

/* ---- a frame --------------------------------------------------------------------------------- */

static const aq_real *find_state(const struct aq_reel *reel, const struct aq_strip *strip)
{
	const struct aq_trainer *t = reel->replay.trainer;
	return strip->slot >= 0 ? aq_solver_slot(t->solver, strip->slot) : t->weights;
}

static const aq_real *find_stage(const struct aq_reel *reel, const struct aq_strip *strip)
{
	const struct aq_trainer *t = reel->replay.trainer;
	return strip->of == AQ_OF_GRAD	      ? t->grad
	       : strip->of == AQ_OF_REG_GRAD  ? t->stages.reg_grad
	       : strip->of == AQ_OF_CLIP_GRAD ? t->stages.clip_grad
					      : t->stages.update;
}

static void copy(const struct aq_reel *reel, const struct aq_strip *strip, const aq_real *flat)
{
	memcpy(strip->at, flat + reel->param->offset, reel->param->count * sizeof *strip->at);
}

int aq_reel_read(struct aq_reel *reel, size_t frame)
{
	const uint64_t step = reel->step[frame];
	bool seek = false, take = false;
	int rc = AQ_OK;
	for (int i = 0; i < reel->strips; i++) {
		const struct aq_strip *strip = &reel->strip[i];
		seek |= !strip->column;
		take |= !strip->column && !is_state(strip);
		if (strip->column)
			AQ_TRY(aq_run_read(reel->replay.run, strip->column,
					   step / strip->column->every, 1, strip->at));
	}
	if (seek)
		AQ_TRY(aq_replay_seek(&reel->replay, (int64_t)step));
	for (int i = 0; i < reel->strips; i++)
		if (!reel->strip[i].column && is_state(&reel->strip[i]))
			copy(reel, &reel->strip[i], find_state(reel, &reel->strip[i]));
	if (take)
		AQ_TRY(aq_replay_step(&reel->replay));
	for (int i = 0; i < reel->strips; i++)
		if (!reel->strip[i].column && !is_state(&reel->strip[i]))
			copy(reel, &reel->strip[i], find_stage(reel, &reel->strip[i]));
done:
	return rc;
}
