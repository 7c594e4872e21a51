/* SPDX-License-Identifier: MIT
 *
 * record.c - the words of --record, and the columns they ask for
 */
#include "run/record.h"

#include <stdio.h>
#include <string.h>

const char *const aq_what_names[] = { "step", "grad", "reg_grad", "clip_grad", "update", "weights", "stats",
				      "crc", NULL };
const char *const aq_stat_names[] = { "min", "max", "mean", "std", "l1", "l2", "zeros", "update_ratio",
				      "cosine", NULL };

/* One --record. */
struct spec {
	int64_t every;
	const char *layers;
	int bits;
};

static const struct aq_opt spec_opts[] = {
	AQ_NUMBER(struct spec, every, 1, 1, 1e6, "K", "steps whose number K divides"),
	AQ_WORD(struct spec, layers, "A,B", "these layers alone"),
	AQ_NUMBER(struct spec, bits, 23, 1, 23, "N", "mantissa bits kept"),
	AQ_END,
};

/* What the words ask for, for each kind and layer. */
struct wish {
	bool any, chosen;       /* asked for at all; for some layers alone */
	int64_t every;
	int bits;
	const bool *layer;      /* by index, if chosen */
};

static int read_layers(const struct aq_net *net, char *list, bool *layer)
{
	for (char *name; (name = strsep(&list, ","));) {
		const struct aq_layer *found = aq_net_find(net, name);
		if (!found) {
			enum { MOST = 256 };
			const char *names[MOST + 1] = { NULL };
			for (int i = 0; i < net->layers && i < MOST; i++)
				names[i] = net->layer[i].name;
			const char *near = aq_near(name, names);
			return aq_fail(AQ_EUSAGE, "there is no layer '%s'%s%s%s", name,
				       near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
		}
		if (!found->n_params)
			return aq_fail(AQ_EUSAGE, "layer '%s' has no parameters to record", name);
		layer[found->index] = true;
	}
	return AQ_OK;
}

static int find_what(const char *word, enum aq_what *what)
{
	for (int i = AQ_GRAD; i < AQ_WHATS; i++)
		if (strcmp(aq_what_names[i], word) == 0) {
			*what = (enum aq_what)i;
			return AQ_OK;
		}
	const char *near = aq_near(word, aq_what_names + AQ_GRAD);
	return aq_fail(AQ_EUSAGE, "unknown record '%s'; %s%s", word, near ? "did you mean " :
		       "there are grad, reg_grad, clip_grad, update, weights, stats, crc, none",
		       near ? near : "");
}

static int read_spec(const struct aq_net *net, char *text, struct wish *wishes, struct aq_arena *mem)
{
	struct spec spec;
	enum aq_what what = AQ_WHATS;
	int rc;
	aq_opt_defaults(spec_opts, &spec);
	char *const word = strsep(&text, ":");
	if (strcmp(word, "none") == 0)
		return text ? aq_fail(AQ_EUSAGE, "none takes nothing behind it") : AQ_OK;
	AQ_TRY(find_what(word, &what));
	for (char *part; (part = strsep(&text, ":"));) {
		char *value = strchr(part, '=');
		if (value)
			*value++ = '\0';
		AQ_TRY(aq_opt_set(spec_opts, &spec, part, value));
	}

	if ((what == AQ_STATS || what == AQ_CRC) && spec.bits < 23)
		return aq_fail(AQ_EUSAGE, "%s is kept whole: leave bits= out", word);

	struct wish *wish = &wishes[what];
	if (wish->any && (wish->every != spec.every || wish->bits != spec.bits || !wish->chosen || !spec.layers))
		return aq_fail(AQ_EUSAGE, "%s is asked for twice: once more must have the same every and bits, "
			       "and other layers", word);
	if (spec.layers) {
		bool *layer = wish->layer ? (bool *)(uintptr_t)wish->layer :
					    aq_arena_take(mem, (size_t)net->layers, sizeof *layer);
		char *list = aq_arena_text(mem, spec.layers, strlen(spec.layers));
		if (!layer || !list)
			return AQ_ENOMEM;
		AQ_TRY(read_layers(net, list, layer));
		wish->layer = layer;
	}
	wish->any = true;
	wish->chosen = spec.layers != NULL;
	wish->every = spec.every;
	wish->bits = spec.bits;
	rc = AQ_OK;
done:
	return rc;
}

static int read_specs(const struct aq_texts *specs, const struct aq_net *net, struct wish *wishes,
		      struct aq_arena *mem)
{
	static const struct aq_texts usual = { .at = { "grad", "stats", "crc" }, .count = 3 };
	const struct aq_texts *list = specs->count ? specs : &usual;
	for (int i = 0; i < list->count; i++) {
		char *text = aq_arena_text(mem, list->at[i], strlen(list->at[i]));
		const int rc = text ? read_spec(net, text, wishes, mem) : AQ_ENOMEM;
		if (rc < 0)
			return aq_while(rc, "in --record %s", list->at[i]);
	}
	return AQ_OK;
}

/* ---- columns --------------------------------------------------------------------------------------- */

static struct aq_column *add(struct aq_record *record, struct aq_arena *mem, const char *name)
{
	struct aq_column *column = &record->column[record->columns++];
	column->name = aq_arena_text(mem, name, strlen(name));
	column->every = 1;
	column->bits = 23;
	return column->name ? column : NULL;
}

static bool add_plain(struct aq_record *record, struct aq_arena *mem, const char *name, enum aq_step_part part,
		      enum aq_h5_type type, uint64_t every)
{
	struct aq_column *column = add(record, mem, name);
	if (!column)
		return false;
	column->what = AQ_STEP;
	column->part = (int)part;
	column->shape = AQ_SHAPE1(type, 0);
	column->axes = "step";
	column->every = every;
	return true;
}

/* What is kept of every step, whatever --record says.  Of five classes the right one is always among the first five. */
static bool add_always(struct aq_record *record, struct aq_arena *mem, const struct aq_net *net)
{
	return add_plain(record, mem, "/step", AQ_STEP_NUMBER, AQ_U64, 1) &&
	       add_plain(record, mem, "/loss", AQ_STEP_LOSS, AQ_F32, 1) &&
	       add_plain(record, mem, "/lr", AQ_STEP_LR, AQ_F32, 1) &&
	       add_plain(record, mem, "/error", AQ_STEP_ERROR, AQ_F32, 1) &&
	       (net->classes <= 5 || add_plain(record, mem, "/top5", AQ_STEP_TOP5, AQ_F32, 1));
}

/* The columns of one parameter tensor for one kind. */
static bool add_param(struct aq_record *record, struct aq_arena *mem, const struct aq_net *net, int index,
		      enum aq_what what, const struct wish *wish)
{
	static const char *const axes[] = { "step", "step,out", "step,out,in", "step,out,in,y",
					    "step,out,in,y,x" };
	const struct aq_param *param = net->param[index];
	const int parts = what == AQ_STATS ? AQ_STATS_COUNT : 1;
	for (int part = 0; part < parts; part++) {
		char name[512];
		snprintf(name, sizeof name, "/%s/%s/%s%s%s", aq_what_names[what], net->owner[index]->name,
			 param->name, what == AQ_STATS ? "/" : "", what == AQ_STATS ? aq_stat_names[part] : "");
		struct aq_column *column = add(record, mem, name);
		if (!column)
			return false;
		column->what = what;
		column->part = part;
		column->param = param;
		column->param_index = index;
		column->every = (uint64_t)wish->every;
		column->bits = wish->bits;
		column->shape = AQ_SHAPE1(what == AQ_CRC ? AQ_U32 : AQ_F32, 0);
		column->axes = axes[0];
		if (what == AQ_CRC || what == AQ_STATS)
			continue;
		column->shape.rank = 1 + param->rank;
		for (int d = 0; d < param->rank; d++)
			column->shape.dim[1 + d] = (uint64_t)param->dim[d];
		column->axes = axes[param->rank];
	}
	return true;
}

static uint64_t common_multiple(uint64_t a, uint64_t b)
{
	uint64_t x = a, y = b;
	while (y) {
		const uint64_t rest = x % y;
		x = y;
		y = rest;
	}
	return a / x * b;
}

int aq_record_plan(struct aq_record *record, const struct aq_texts *specs, const struct aq_net *net,
		   struct aq_arena *mem)
{
	struct wish wishes[AQ_WHATS] = { 0 };
	int rc;
	*record = (struct aq_record){ .common = 1 };
	AQ_TRY(read_specs(specs, net, wishes, mem));
	record->column = aq_arena_take(mem, 16 + (size_t)net->params * (AQ_WHATS + AQ_STATS_COUNT),
				       sizeof *record->column);
	if (!record->column)
		return AQ_ENOMEM;
	bool ok = add_always(record, mem, net);
	record->wants[AQ_STEP] = true;
	record->every[AQ_STEP] = 1;
	for (int what = AQ_GRAD; what < AQ_WHATS && ok; what++) {
		const struct wish *wish = &wishes[what];
		char name[32];
		if (!wish->any)
			continue;
		record->wants[what] = true;
		record->every[what] = (uint64_t)wish->every;
		record->common = common_multiple(record->common, (uint64_t)wish->every);
		if (record->common > 10000000)
			return aq_fail(AQ_EUSAGE, "the every= of the records have no common multiple below "
				       "10,000,000; choose rounder numbers");
		snprintf(name, sizeof name, "/%s/step", aq_what_names[what]);
		if (wish->every > 1)
			ok = add_plain(record, mem, name, AQ_STEP_SPARSE, AQ_U64, (uint64_t)wish->every);
		for (int i = 0; i < net->params && ok; i++)
			if (!wish->chosen || wish->layer[net->owner[i]->index])
				ok = add_param(record, mem, net, i, (enum aq_what)what, wish);
	}
	rc = ok ? AQ_OK : AQ_ENOMEM;
done:
	return rc;
}

void aq_record_without_errors(struct aq_record *record)
{
	int kept = 0;
	for (int i = 0; i < record->columns; i++) {
		const struct aq_column *column = &record->column[i];
		if (column->what == AQ_STEP && (column->part == AQ_STEP_ERROR || column->part == AQ_STEP_TOP5))
			continue;
		record->column[kept++] = *column;
	}
	record->columns = kept;
}

uint64_t aq_column_rows(const struct aq_column *column, uint64_t steps)
{
	return (steps + column->every - 1) / column->every;
}
