/* SPDX-License-Identifier: MIT
 *
 * options.c - the options of a training, from a command line or from the run it made
 */
#include "run/options.h"

#include <stdlib.h>
#include <string.h>

#define ARGS struct aq_train_args
// clang-format off
static const struct aq_opt own[] = {
	AQ_OPERAND(ARGS, net, "NET", "the network (.net)", .aside = true),
	AQ_OPERAND(ARGS, data, "DATA", "the data set (.data.h5)", .aside = true),
	AQ_WORD(ARGS, out, "FILE", "the run to write (.run.h5)", .letter = 'o', .aside = true),
	AQ_WORD(ARGS, lr_schedule, "SPEC",
		"constant, steps:EVERY,FACTOR, exponential:FACTOR, cosine[:FLOOR], epochs:RxN,..."),
	AQ_NUMBER(ARGS, batch, 32, 1, 1 << 20, "N", "examples a step"),
	AQ_NUMBER(ARGS, steps, 0, 0, 1e12, "N", "steps to train; or"),
	AQ_NUMBER(ARGS, epochs, 0, 0, 1e9, "N", "epochs to train (1 if neither is given)"),
	AQ_NUMBER(ARGS, seed, 1, 0, 9e15, "S", "seed of weights, order, augmentation, dropout"),
	AQ_WORD(ARGS, augment, "WORDS", "flip and shift=N, with a comma between"),
	AQ_NUMBER(ARGS, eval_every, 0, 0, 1e12, "N", "evaluate every N steps; 0 is once an epoch"),
	AQ_WORD(ARGS, init, "FILE", "start from these weights (.weights.h5)", .aside = true),
	AQ_WORD(ARGS, record, "SPEC", "what[:every=K][:layers=a,b][:bits=N]; what is grad, reg_grad, "
		"clip_grad, update, weights, stats, crc or none; repeatable; grad, stats and crc if not given"),
	AQ_NUMBER(ARGS, checkpoint_every, 500, 1, 1e9, "N", "steps a segment, each with a checkpoint"),
	AQ_NUMBER(ARGS, threads, 0, 0, 1024, "N", "threads; 0 is one a processor", .aside = true),
	AQ_SWITCH(ARGS, resume, "take up FILE.part if it is there", .aside = true),
	AQ_SWITCH(ARGS, force, "throw FILE.part away if it is there", .aside = true),
	AQ_SWITCH(ARGS, gradcheck, "check the gradients of NET on DATA instead of training", .aside = true),
	AQ_SWITCH(ARGS, profile, "tell at the end where the time went", .aside = true),
	AQ_SWITCH(ARGS, no_clobber, "refuse to replace an existing FILE", .aside = true),
	AQ_END,
};
// clang-format on

enum { MOST_ROWS = 64 };

const struct aq_opt *aq_train_opts(void)
{
	static struct aq_opt all[MOST_ROWS + 1];
	int n = 0;
	if (all[0].name)
		return all;
	for (const struct aq_opt *opt = aq_solver_opts; opt->name && n < MOST_ROWS; opt++)
		all[n++] = *opt;
	for (const struct aq_opt *opt = own; opt->name && n < MOST_ROWS; opt++)
		all[n++] = *opt;
	return all;
}

static int write_option(struct aq_h5 *file, const struct aq_opt *opt, const struct aq_train_args *args)
{
	const void *at = (const char *)args + opt->offset;
	struct aq_str text = { 0 };
	int rc;
	switch (opt->type) {
	case AQ_T_INT:
		return aq_h5_set_int(file, "/options", opt->name, *(const int *)at);
	case AQ_T_LONG:
		return aq_h5_set_int(file, "/options", opt->name, *(const int64_t *)at);
	case AQ_T_REAL:
		return aq_h5_set_real(file, "/options", opt->name, *(const double *)at);
	case AQ_T_FLAG:
	case AQ_T_TEXT:
	case AQ_T_TEXTS:
	case AQ_T_PAIR:
	case AQ_T_SIDES:
	case AQ_T_CHOICE:
		aq_opt_print(opt, args, &text);
		AQ_TRY(aq_str_check(&text));
		AQ_TRY(aq_h5_set_text(file, "/options", opt->name, aq_str_text(&text)));
	}
	rc = AQ_OK;
done:
	aq_str_free(&text);
	return rc;
}

int aq_options_write(struct aq_h5 *file, const struct aq_train_args *args, uint32_t digest)
{
	int rc;
	AQ_TRY(aq_h5_make_group(file, "/options"));
	for (const struct aq_opt *opt = aq_train_opts(); opt->name; opt++)
		if (!opt->aside)
			AQ_TRY(write_option(file, opt, args));
	AQ_TRY(aq_h5_set_int(file, "/options", "data_digest", digest));
done:
	return rc;
}

/* Give one option its value back; repeatable ones are parted at spaces. */
static int read_option(const struct aq_opt *opt, struct aq_train_args *args, char *text)
{
	if (opt->type == AQ_T_FLAG)
		return strcmp(text, "yes") == 0 ? aq_opt_read(opt, args, NULL) : AQ_OK;
	if (opt->type == AQ_T_TEXT && !*text)
		return AQ_OK;
	if (opt->type != AQ_T_TEXTS)
		return aq_opt_read(opt, args, text);
	int rc = AQ_OK;
	for (char *word; rc == AQ_OK && (word = strsep(&text, " "));)
		if (*word)
			rc = aq_opt_read(opt, args, word);
	return rc;
}

int aq_options_read(struct aq_h5 *file, struct aq_train_args *args, uint32_t *digest, char **texts)
{
	int rc = AQ_OK;
	struct aq_str all = { 0 };
	size_t at[MOST_ROWS + 1] = { 0 };
	int n = 0;
	*texts = NULL;
	aq_opt_defaults(aq_train_opts(), args);
	for (const struct aq_opt *opt = aq_train_opts(); opt->name; opt++, n++) {
		if (opt->aside)
			continue;
		at[n] = all.length;
		AQ_TRY(aq_h5_attr_print(file, "/options", opt->name, &all));
		aq_str_bytes(&all, "", 1);
	}
	AQ_TRY(aq_str_check(&all));
	n = 0;
	for (const struct aq_opt *opt = aq_train_opts(); opt->name; opt++, n++)
		if (!opt->aside && read_option(opt, args, all.at + at[n]) < 0) {
			rc = aq_while(aq_fail(AQ_EDATA, "%s", aq_story()), "in /options of %s", aq_h5_path(file));
			goto done;
		}
	int64_t value;
	AQ_TRY(aq_h5_attr_int(file, "/options", "data_digest", &value));
	*digest = (uint32_t)value;
	*texts = all.at;
	return AQ_OK;
done:
	aq_str_free(&all);
	return rc;
}
