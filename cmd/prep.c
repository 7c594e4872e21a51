/* SPDX-License-Identifier: MIT
 *
 * aquatint-prep - from pictures of several kinds to one data file
 */
#include "aquatint.h"

struct args {
	struct aq_texts sources;
	const char *out;
	bool no_clobber;
	int64_t limit, test_limit, seed;
	int val_every;
	const char *classes;
	int size[2], pad, crop[2];
	bool gray, rgb;
	int mean;
	bool contrast, whiten;
	int threads;
};

static const char *const means[] = { "none", "channel", "image", NULL };

// clang-format off
static const struct aq_opt opts[] = {
	AQ_OPERAND(struct args, sources, "SOURCE",
		   "IDX or CIFAR files or their folder, folder of PNG, synth:shapes",
		   .aside = true),
	AQ_WORD(struct args, out, "FILE", "the data file to make",
		.letter = 'o', .needed = true, .aside = true),
	AQ_SWITCH(struct args, no_clobber, "refuse to replace FILE", .aside = true),
	AQ_NUMBER(struct args, limit, 0, 0, 1e12, "N",
		  "use the first N training pictures, 0 for all"),
	AQ_NUMBER(struct args, test_limit, 0, 0, 1e12, "N",
		  "use the first N test pictures, 0 for all"),
	AQ_NUMBER(struct args, val_every, 0, 0, 1e9, "K",
		  "put training picture i into val if K divides i"),
	AQ_NUMBER(struct args, seed, 1, 0, 9e15, "S", "what drawn shapes are drawn from"),
	AQ_WORD(struct args, classes, "A,B,...", "use these classes alone, in this order"),
	AQ_ROW(struct args, size, .max = AQ_SIDE_MOST, .value = "HxW",
	       .help = "resize every picture"),
	AQ_NUMBER(struct args, pad, 0, 0, 1024, "P", "add P black pixels on each side"),
	AQ_ROW(struct args, crop, .max = AQ_SIDE_MOST, .value = "HxW", .help = "keep the middle"),
	AQ_SWITCH(struct args, gray, "make every picture gray"),
	AQ_SWITCH(struct args, rgb, "make every picture colour"),
	AQ_CHOICE(struct args, mean, AQ_MEAN_NONE, means, "what is subtracted from a picture"),
	AQ_SWITCH(struct args, contrast, "normalise the contrast of each picture"),
	AQ_SWITCH(struct args, whiten, "decorrelate the pixels (ZCA)"),
	AQ_NUMBER(struct args, threads, 0, 0, 1024, "N",
		  "work on N threads, 0 for all processors", .aside = true),
	AQ_END,
};
// clang-format on

static void report(const struct aq_ingested *made, const char *file)
{
	aq_say_begin("data");
	aq_say_text("file", file);
	aq_say_text("from", made->kind);
	aq_say_int("channels", made->channels);
	aq_say_int("height", made->height);
	aq_say_int("width", made->width);
	for (int s = 0; s < AQ_SPLITS; s++)
		aq_say_int(aq_split_name((enum aq_split)s), (long long)made->count[s]);
	aq_say_int("classes", made->classes.count);
	aq_say_end();
	struct aq_str names = { 0 };
	for (int i = 0; i < made->classes.count && i < 20; i++)
		aq_str_add(&names, "%s%s", i ? ", " : "", made->classes.at[i]);
	aq_say("classes: %s%s", aq_str_text(&names), made->classes.count > 20 ? ", ..." : "");
	aq_str_free(&names);
}

static int prep(const void *given)
{
	const struct args *args = given;
	struct aq_ingested made;
	const struct aq_ingest ingest = {
		.sources = args->sources.at,
		.count = args->sources.count,
		.out = args->out,
		.keep = args->no_clobber,
		.limit = args->limit,
		.test_limit = args->test_limit,
		.val_every = args->val_every,
		.seed = (uint64_t)args->seed,
		.classes = args->classes,
		.trim = {
			.gray = args->gray,
			.rgb = args->rgb,
			.size = { args->size[0], args->size[1] },
			.pad = args->pad,
			.crop = { args->crop[0], args->crop[1] },
		},
		.mean = (enum aq_mean)args->mean,
		.contrast = args->contrast,
		.whiten = args->whiten,
		.threads = args->threads,
		.program = aq_cmd_program(),
		.arguments = aq_cmd_arguments(),
	};
	aq_file_guard();
	const int rc = aq_ingest(&ingest, &made);
	if (rc < 0)
		return aq_while(rc, "cannot make %s", args->out);
	report(&made, args->out);
	aq_names_free(&made.classes);
	return AQ_OK;
}

int main(int argc, char **argv)
{
	const struct aq_cmd cmd = {
		.name = "prep",
		.brief = "turn pictures of several kinds into one data file",
		.size = sizeof(struct args),
		.opts = opts,
		.run = prep,
	};
	return aq_cmd_main(&cmd, argc, argv);
}
