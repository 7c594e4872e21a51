/* SPDX-License-Identifier: MIT
 *
 * rows.c - the row of every column after a step
 */
#include "run/rows.h"

#include "io/gz.h"
#include "num/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FEW = 200000 };

struct aq_rows {
	const struct aq_record *record;
	struct aq_trainer *trainer;
	struct aq_arena *mem;
	uint64_t step;            /* the step just taken */
	float of_step[AQ_STEP_SPARSE]; /* by aq_step_part */
	float *stats;             /* [params][AQ_STATS_COUNT] */
	uint32_t *crc;            /* [params] */
	aq_real *previous;        /* the gradient of the step before, if there are statistics */
	struct aq_stats_part *part; /* of the solver's pieces */
	float *rounded;           /* the largest tensor, if any column keeps fewer bits */
};

struct aq_wants aq_rows_wants(const struct aq_record *record)
{
	return (struct aq_wants){
		.reg_grad = record->wants[AQ_REG_GRAD],
		.clip_grad = record->wants[AQ_CLIP_GRAD],
		.update = record->wants[AQ_UPDATE],
		.before = record->wants[AQ_WEIGHTS],
	};
}

/* The solver makes the statistics while it has the numbers at hand. */
static int ask_for_stats(struct aq_rows *rows)
{
	struct aq_trainer *t = rows->trainer;
	const size_t pieces = (size_t)aq_solver_pieces(t->solver);
	rows->previous = aq_arena_take(rows->mem, t->net->count, sizeof *rows->previous);
	rows->part = aq_arena_take(rows->mem, pieces, sizeof *rows->part);
	if (!rows->previous || !rows->part)
		return AQ_ENOMEM;
	for (size_t i = 0; i < t->net->count; i++)
		rows->previous[i] = NAN;
	t->stages.previous = rows->previous;
	t->stages.stats = rows->part;
	t->stats_every = (int64_t)rows->record->every[AQ_STATS];
	return AQ_OK;
}

static int take_arrays(struct aq_rows *rows)
{
	const struct aq_net *net = rows->trainer->net;
	size_t largest = 0;
	for (int i = 0; i < rows->record->columns; i++)
		if (rows->record->column[i].bits < 23 && rows->record->column[i].param->count > largest)
			largest = rows->record->column[i].param->count;
	rows->stats = aq_arena_take(rows->mem, (size_t)net->params * AQ_STATS_COUNT, sizeof *rows->stats);
	rows->crc = aq_arena_take(rows->mem, (size_t)net->params, sizeof *rows->crc);
	rows->rounded = aq_arena_take(rows->mem, largest, sizeof *rows->rounded);
	if (!rows->stats || !rows->crc || !rows->rounded)
		return AQ_ENOMEM;
	return rows->record->wants[AQ_STATS] ? ask_for_stats(rows) : AQ_OK;
}

int aq_rows_new(struct aq_rows **out, const struct aq_record *record, struct aq_trainer *trainer)
{
	*out = NULL;
	struct aq_rows *rows = calloc(1, sizeof *rows);
	if (!rows)
		return aq_fail(AQ_ENOMEM, "out of memory");
	rows->record = record;
	rows->trainer = trainer;
	rows->mem = aq_arena_new();
	const int rc = rows->mem ? take_arrays(rows) : AQ_ENOMEM;
	if (rc < 0)
		aq_rows_free(rows);
	else
		*out = rows;
	return rc;
}

void aq_rows_free(struct aq_rows *rows)
{
	if (!rows)
		return;
	aq_arena_free(rows->mem);
	free(rows);
}

aq_real *aq_rows_previous(struct aq_rows *rows)
{
	return rows->previous;
}

static bool is_due(const struct aq_rows *rows, enum aq_what what)
{
	return rows->record->wants[what] && rows->step % rows->record->every[what] == 0;
}

/* Statistics and checksum of one parameter tensor, on any thread. */
static void take_param(void *self, int index, int worker)
{
	(void)worker;
	struct aq_rows *rows = self;
	const struct aq_trainer *t = rows->trainer;
	const struct aq_param *param = t->net->param[index];
	if (is_due(rows, AQ_CRC))
		rows->crc[index] = aq_crc(0, t->weights + param->offset, param->count * sizeof(aq_real));
	if (!rows->previous)
		return;
	if (is_due(rows, AQ_STATS)) {
		const struct aq_stats s = aq_solver_stats(t->solver, rows->part, index);
		const double number[AQ_STATS_COUNT] = {
			[AQ_STAT_MIN] = s.min, [AQ_STAT_MAX] = s.max, [AQ_STAT_MEAN] = s.mean,
			[AQ_STAT_STD] = s.std, [AQ_STAT_L1] = s.l1, [AQ_STAT_L2] = s.l2,
			[AQ_STAT_ZEROS] = s.zeros, [AQ_STAT_UPDATE_RATIO] = s.update_ratio,
			[AQ_STAT_COSINE] = s.cosine,
		};
		for (int i = 0; i < AQ_STATS_COUNT; i++)
			rows->stats[index * AQ_STATS_COUNT + i] = (float)number[i];
	}
	memcpy(rows->previous + param->offset, t->grad + param->offset, param->count * sizeof(aq_real));
}

void aq_rows_take(struct aq_rows *rows)
{
	const struct aq_trainer *t = rows->trainer;
	rows->step = (uint64_t)t->step - 1;
	rows->of_step[AQ_STEP_LOSS] = (float)t->loss;
	rows->of_step[AQ_STEP_LR] = (float)t->lr;
	rows->of_step[AQ_STEP_ERROR] = (float)t->error;
	rows->of_step[AQ_STEP_TOP5] = (float)t->top5;
	if (!rows->previous && !is_due(rows, AQ_CRC))
		return;
	/* waking the other threads costs more than a few numbers */
	if (t->net->count > FEW)
		aq_pool_run(t->pool, t->net->params, take_param, rows);
	else
		for (int i = 0; i < t->net->params; i++)
			take_param(rows, i, 0);
}

bool aq_rows_due(const struct aq_rows *rows, const struct aq_column *column)
{
	return rows->step % column->every == 0;
}

/* The nearest number of `bits` bits of mantissa, ties to even, so that the error is at most half a unit of the last of
 * them.  Numbers below the normal ones have no bit that goes without saying: theirs are counted from the first that
 * is set.  What is no number stays, and what would become infinite. */
static uint32_t round_word(uint32_t word, int bits)
{
	const uint32_t exponents = 0x7f800000u, mantissa = word & 0x007fffffu;
	const bool normal = word & exponents;
	const int drop = normal ? 23 - bits : mantissa ? 31 - __builtin_clz(mantissa) - bits : 0;
	if (drop <= 0 || (word & exponents) == exponents)
		return word;
	const uint32_t up = word + (1u << (drop - 1)) - 1 + (word >> drop & 1);
	return (up & exponents) == exponents ? word : up >> drop << drop;
}

static const float *rounded(struct aq_rows *rows, const float *from, size_t count, int bits)
{
	if (bits == 23)
		return from;
	for (size_t i = 0; i < count; i++) {
		uint32_t word;
		memcpy(&word, from + i, sizeof word);
		word = round_word(word, bits);
		memcpy(rows->rounded + i, &word, sizeof word);
	}
	return rows->rounded;
}

const void *aq_rows_at(struct aq_rows *rows, const struct aq_column *column)
{
	const struct aq_trainer *t = rows->trainer;
	const aq_real *flat = NULL;
	switch (column->what) {
	case AQ_STEP:
		if (column->part == AQ_STEP_NUMBER || column->part == AQ_STEP_SPARSE)
			return &rows->step;
		return &rows->of_step[column->part];
	case AQ_STATS:
		return rows->stats + column->param_index * AQ_STATS_COUNT + column->part;
	case AQ_CRC:
		return rows->crc + column->param_index;
	case AQ_GRAD:
		flat = t->grad;
		break;
	case AQ_REG_GRAD:
		flat = t->stages.reg_grad;
		break;
	case AQ_CLIP_GRAD:
		flat = t->stages.clip_grad;
		break;
	case AQ_UPDATE:
		flat = t->stages.update;
		break;
	case AQ_WEIGHTS:
		flat = t->before;
		break;
	case AQ_WHATS:
		break;
	}
	return rounded(rows, flat + column->param->offset, column->param->count, column->bits);
}
