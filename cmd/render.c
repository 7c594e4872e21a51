/* SPDX-License-Identifier: MIT
 *
 * aquatint-render - draw what runs, snaps and weights files hold
 */
#include "aquatint.h"

#include <string.h>

struct args {
	const char *file, *out;
	struct aq_texts runs;
	const char *layer, *data, *ofs;
	int of, param, view, scale;
	int zoom, filter, threads;
	int64_t step, example, from, to, frames;
	double fps, smooth, perplexity, theta;
	int iterations;
	int64_t seed;
	const char *csv, *coordinates, *weight, *examples;
	bool log, log_steps, dots, no_clobber;
};

/* The gradients a panel can show, from aq_of_words; and how parameters are called. */
static const char *const gradients[] = { "grad", "reg_grad", "clip_grad", "update", "example_grad", NULL };
static const enum aq_of gradient_of[] = { AQ_OF_GRAD, AQ_OF_REG_GRAD, AQ_OF_CLIP_GRAD, AQ_OF_UPDATE,
					  AQ_OF_EXAMPLE_GRAD };
static const char *const params[] = { "weight", "bias", NULL };
/* The views of tiles: those of difference.h, and all of them on one sheet. */
static const char *const views[] = { "plain", "dx", "dy", "mag", "all", NULL };
enum { ALL_VIEWS = AQ_VIEW_MAG + 1 };
/* A panel has a scale for each kind of thing unless one is asked for. */
static const char *const panel_scales[] = { "usual", "sym", "minmax", "layer", "global", "convnetjs", NULL };

#define ARGS struct args
// clang-format off
#define OUT_ROWS \
	AQ_WORD(ARGS, out, "FILE", "the file to write", .letter = 'o', .needed = true, .aside = true), \
	AQ_SWITCH(ARGS, no_clobber, "refuse to replace an existing FILE", .aside = true)

static const struct aq_opt panel_opts[] = {
	AQ_OPERAND(ARGS, file, "SNAP", "a step opened by aquatint-snapshot cut", .aside = true),
	OUT_ROWS,
	AQ_NUMBER(ARGS, example, 0, 0, 1e9, "K", "which of the snap's examples"),
	AQ_CHOICE(ARGS, of, 0, gradients, "which gradient of the weights"),
	AQ_CHOICE(ARGS, scale, 0, panel_scales, "how values become colours; usual is sym, and layer for activations"),
	AQ_END,
};

static const struct aq_opt examples_opts[] = {
	AQ_OPERAND(ARGS, file, "SNAP", "a step opened by aquatint-snapshot cut", .aside = true),
	OUT_ROWS,
	AQ_WORD(ARGS, examples, "K,A-B", "which of the snap's examples; the first four if not given"),
	AQ_END,
};

static const struct aq_opt diagnose_opts[] = {
	AQ_OPERAND(ARGS, file, "SNAP", "a step opened by aquatint-snapshot cut", .aside = true),
	OUT_ROWS,
	AQ_CHOICE(ARGS, of, 0, gradients, "which gradient of the weights"),
	AQ_WORD(ARGS, csv, "FILE", "write the numbers, too", .aside = true),
	AQ_END,
};

static const struct aq_opt tiles_opts[] = {
	AQ_OPERAND(ARGS, file, "FILE", "a snap, a weights file or a run", .aside = true),
	OUT_ROWS,
	AQ_WORD(ARGS, layer, "L", "the layer", .needed = true),
	AQ_CHOICE(ARGS, of, AQ_OF_WEIGHTS, aq_of_words, "what to draw of it"),
	AQ_CHOICE(ARGS, param, 0, params, "which parameter"),
	AQ_CHOICE(ARGS, view, 0, views, "as it is, or its finite difference as a picture"),
	AQ_CHOICE(ARGS, scale, AQ_SCALE_SYM, aq_scale_words, "how values become colours"),
	AQ_NUMBER(ARGS, zoom, 0, 0, 64, "N", "pixels a value; 0 is chosen"),
	AQ_NUMBER(ARGS, step, -1, -1e15, 1e15, "S", "of a run: the step; -1 is the last recorded"),
	AQ_NUMBER(ARGS, example, 0, 0, 1e9, "K", "of a snap: which example"),
	AQ_END,
};

static const struct aq_opt film_opts[] = {
	AQ_OPERAND(ARGS, file, "RUN", "a run, or the folder of a live one", .aside = true),
	OUT_ROWS,
	AQ_WORD(ARGS, layer, "L", "the layer", .needed = true),
	{ .name = "of", .type = AQ_T_TEXT, .offset = offsetof(ARGS, ofs), .value = "A,B,...",
	  .help = "what stands side by side, weights,grad,update if not given; or momentum" },
	AQ_CHOICE(ARGS, param, 0, params, "which parameter"),
	AQ_NUMBER(ARGS, filter, -1, -1, 1e9, "K", "one output alone; -1 is all"),
	AQ_NUMBER(ARGS, from, 0, -1e15, 1e15, "S", "the first step"),
	AQ_NUMBER(ARGS, to, -1, -1e15, 1e15, "S", "the last step"),
	AQ_NUMBER(ARGS, frames, 120, 1, 1e5, "N", "frames at the most"),
	AQ_NUMBER(ARGS, fps, 12, 0.1, 60, "F", "frames a second"),
	AQ_SWITCH(ARGS, log, "frames dense at the beginning"),
	AQ_CHOICE(ARGS, scale, AQ_SCALE_SYM, aq_scale_words, "how values become colours, fixed over the film"),
	AQ_WORD(ARGS, data, "DATA", "the data set of the run, where gradients were not recorded", .aside = true),
	AQ_NUMBER(ARGS, threads, 0, 0, 1024, "N", "threads of a replay; 0 is one a processor", .aside = true),
	AQ_END,
};

static const struct aq_opt curves_opts[] = {
	AQ_OPERAND(ARGS, runs, "RUN", "runs to lay over each other", .aside = true),
	OUT_ROWS,
	AQ_SWITCH(ARGS, log, "logarithmic loss"),
	AQ_SWITCH(ARGS, log_steps, "logarithmic axis of steps"),
	AQ_NUMBER(ARGS, smooth, 0, 0, 1e12, "N", "steps of the running mean; 0 is a fiftieth of the run"),
	AQ_WORD(ARGS, csv, "FILE", "write the numbers, too", .aside = true),
	AQ_END,
};

static const struct aq_opt flow_opts[] = {
	AQ_OPERAND(ARGS, file, "RUN", "a run with statistics, or the folder of a live one", .aside = true),
	OUT_ROWS,
	AQ_CHOICE(ARGS, param, 0, params, "which parameter"),
	AQ_SWITCH(ARGS, log, "logarithmic axis of steps"),
	AQ_WORD(ARGS, csv, "FILE", "write the numbers, too", .aside = true),
	AQ_END,
};

static const struct aq_opt smoothness_opts[] = {
	AQ_OPERAND(ARGS, file, "FILE", "a run, a snap or a weights file", .aside = true),
	OUT_ROWS,
	AQ_WORD(ARGS, layer, "L", "the layer", .needed = true),
	{ .name = "of", .type = AQ_T_TEXT, .offset = offsetof(ARGS, ofs), .value = "A",
	  .help = "what to measure of it: weights if not given" },
	AQ_NUMBER(ARGS, from, 0, -1e15, 1e15, "S", "of a run: the first step"),
	AQ_NUMBER(ARGS, to, -1, -1e15, 1e15, "S", "of a run: the last step"),
	AQ_NUMBER(ARGS, frames, 200, 1, 1e4, "N", "of a run: steps measured at the most"),
	AQ_SWITCH(ARGS, log, "of a run: steps dense at the beginning"),
	AQ_WORD(ARGS, csv, "FILE", "write the numbers, too", .aside = true),
	AQ_WORD(ARGS, data, "DATA", "the data set of the run, where gradients were not recorded", .aside = true),
	AQ_NUMBER(ARGS, threads, 0, 0, 1024, "N", "threads of a replay; 0 is one a processor", .aside = true),
	AQ_END,
};

static const struct aq_opt sharing_opts[] = {
	AQ_OPERAND(ARGS, file, "SNAP", "a step opened by aquatint-snapshot cut", .aside = true),
	OUT_ROWS,
	AQ_WORD(ARGS, weight, "L[...]", "the weight: conv1[out,in,y,x], dense1[out,in]", .needed = true),
	AQ_NUMBER(ARGS, example, 0, 0, 1e9, "K", "of a convolution: which of the snap's examples"),
	AQ_WORD(ARGS, csv, "FILE", "write the numbers, too", .aside = true),
	AQ_END,
};

static const struct aq_opt report_opts[] = {
	AQ_OPERAND(ARGS, file, "RUN", "a run, or the folder of a live one", .aside = true),
	OUT_ROWS,
	AQ_WORD(ARGS, data, "DATA", "the data set of the run, for activations and the embedding", .aside = true),
	AQ_WORD(ARGS, examples, "RANGE", "whose activations: test:0-2 and the like"),
	AQ_NUMBER(ARGS, frames, 48, 1, 1000, "N", "steps to choose from, at the most"),
	AQ_SWITCH(ARGS, log, "steps dense at the beginning"),
	AQ_WORD(ARGS, csv, "FILE", "write the numbers, too", .aside = true),
	AQ_NUMBER(ARGS, threads, 0, 0, 1024, "N", "threads; 0 is one a processor", .aside = true),
	AQ_END,
};

static const struct aq_opt embed_opts[] = {
	AQ_OPERAND(ARGS, file, "SNAP", "a step opened by aquatint-snapshot cut, with many examples", .aside = true),
	OUT_ROWS,
	AQ_WORD(ARGS, layer, "L", "the layer", .needed = true),
	AQ_CHOICE(ARGS, of, AQ_OF_ACTIVATION, aq_of_words,
		  "codes or gradients of examples, or filters and their gradients"),
	AQ_NUMBER(ARGS, perplexity, 0, 0, 1e4, "F", "how many neighbours count; 0 is 30, or what the points allow"),
	AQ_NUMBER(ARGS, theta, 0.5, 0, 1, "F", "coarseness of far forces, from 1,000 points on"),
	AQ_NUMBER(ARGS, iterations, 1000, 1, 1e6, "N", "steps of the layout"),
	AQ_NUMBER(ARGS, seed, 1, 0, 9e15, "S", "seed of the layout"),
	AQ_SWITCH(ARGS, dots, "dots alone, no thumbnails"),
	AQ_WORD(ARGS, csv, "FILE", "write the coordinates, too", .aside = true),
	AQ_WORD(ARGS, coordinates, "X.embed.h5", "write them as HDF5, too", .aside = true),
	AQ_NUMBER(ARGS, threads, 0, 0, 1024, "N", "threads; 0 is one a processor", .aside = true),
	AQ_END,
};
// clang-format on

/* No output is an input, nor the same as another one. */
static int check(const void *args)
{
	const struct args *a = args;
	const char *const outs[] = { a->out, a->csv, a->coordinates };
	int rc = AQ_OK;
	for (int i = 0; i < 3; i++) {
		AQ_TRY(aq_file_apart(outs[i], a->file));
		AQ_TRY(aq_file_apart(outs[i], a->data));
		for (int k = 0; k < a->runs.count; k++)
			AQ_TRY(aq_file_apart(outs[i], a->runs.at[k]));
		for (int k = 0; k < i; k++)
			if (outs[i] && outs[k] && (strcmp(outs[i], outs[k]) == 0 || aq_file_same(outs[i], outs[k])))
				return aq_fail(AQ_EUSAGE, "%s is to be written twice: name two files", outs[i]);
	}
done:
	return rc;
}

static struct aq_drawing drawing_of(const struct args *a)
{
	return (struct aq_drawing){ a->out, a->no_clobber, aq_cmd_program(), aq_cmd_arguments() };
}

static int drawn(const struct args *a, int rc)
{
	if (rc == AQ_OK) {
		aq_say_begin("drawn");
		aq_say_text("file", a->out);
		aq_say_end();
	}
	return rc;
}

static int panel(const void *args)
{
	const struct args *a = args;
	const struct aq_drawing drawing = drawing_of(a);
	const struct aq_panel_args panel = {
		.snap = a->file, .example = a->example, .of = gradient_of[a->of], .one_scale = a->scale > 0,
		.scale = a->scale > 0 ? (enum aq_scale)(a->scale - 1) : AQ_SCALE_SYM,
	};
	return drawn(a, aq_panel_draw(&panel, &drawing));
}

static int examples(const void *args)
{
	const struct args *a = args;
	const struct aq_drawing drawing = drawing_of(a);
	const struct aq_examples_args examples_args = { a->file, a->examples };
	return drawn(a, aq_examples_draw(&examples_args, &drawing));
}

static int diagnose(const void *args)
{
	const struct args *a = args;
	const struct aq_drawing drawing = drawing_of(a);
	const struct aq_diagnose_args diagnose_args = { a->file, gradient_of[a->of], a->csv };
	return drawn(a, aq_diagnose_draw(&diagnose_args, &drawing));
}

static int tiles(const void *args)
{
	const struct args *a = args;
	const struct aq_drawing drawing = drawing_of(a);
	const struct aq_tiles_args tiles = {
		.file = a->file, .layer = a->layer, .param = params[a->param], .of = (enum aq_of)a->of,
		.view = (enum aq_view)a->view, .scale = (enum aq_scale)a->scale, .zoom = a->zoom,
		.step = a->step == -1 ? AQ_LAST_RECORDED : a->step, .example = a->example,
	};
	return drawn(a, a->view == ALL_VIEWS ? aq_views_page(&tiles, &drawing)
					     : aq_tiles_page(&tiles, &drawing));
}

static int film(const void *args)
{
	const struct args *a = args;
	const struct aq_drawing drawing = drawing_of(a);
	const struct aq_film_args film = {
		.reel = { .run = a->file, .data = a->data, .layer = a->layer, .param = params[a->param],
			  .ofs = a->ofs ? a->ofs : "weights,grad,update", .from = a->from, .to = a->to,
			  .frames = a->frames, .log = a->log, .threads = a->threads },
		.filter = a->filter, .rate = a->fps, .scale = (enum aq_scale)a->scale,
	};
	return drawn(a, aq_film_draw(&film, &drawing));
}

static int curves(const void *args)
{
	const struct args *a = args;
	const struct aq_drawing drawing = drawing_of(a);
	const struct aq_curves_args curves = { .runs = &a->runs, .csv = a->csv, .log = a->log,
					       .log_steps = a->log_steps, .smooth = a->smooth };
	return drawn(a, aq_curves_draw(&curves, &drawing));
}

static int flow(const void *args)
{
	const struct args *a = args;
	const struct aq_drawing drawing = drawing_of(a);
	const struct aq_flow_args flow_args = { a->file, params[a->param], a->csv, a->log };
	return drawn(a, aq_flow_draw(&flow_args, &drawing));
}

static int smoothness(const void *args)
{
	const struct args *a = args;
	const struct aq_drawing drawing = drawing_of(a);
	const struct aq_smoothness_args smoothness_args = {
		.file = a->file, .data = a->data, .layer = a->layer, .of = a->ofs ? a->ofs : "weights",
		.from = a->from, .to = a->to, .frames = a->frames, .log = a->log, .csv = a->csv,
		.threads = a->threads,
	};
	return drawn(a, aq_smoothness_draw(&smoothness_args, &drawing));
}

static int sharing(const void *args)
{
	const struct args *a = args;
	const struct aq_drawing drawing = drawing_of(a);
	const struct aq_sharing_args sharing_args = { a->file, a->weight, a->example, a->csv };
	return drawn(a, aq_sharing_draw(&sharing_args, &drawing));
}

static int embed(const void *args)
{
	const struct args *a = args;
	const struct aq_drawing drawing = drawing_of(a);
	const struct aq_embed_args embed = {
		.snap = a->file, .layer = a->layer, .of = (enum aq_of)a->of, .perplexity = a->perplexity,
		.theta = a->theta, .iterations = a->iterations, .seed = (uint64_t)a->seed, .dots = a->dots,
		.csv = a->csv, .coordinates = a->coordinates, .threads = a->threads,
	};
	return drawn(a, aq_embed_draw(&embed, &drawing));
}

static int report(const void *args)
{
	const struct args *a = args;
	const struct aq_drawing drawing = drawing_of(a);
	const struct aq_report_args report_args = {
		.run = a->file, .data = a->data, .examples = a->examples, .frames = a->frames, .log = a->log,
		.threads = a->threads, .csv = a->csv,
	};
	return drawn(a, aq_report_write(&report_args, &drawing));
}

int main(int argc, char **argv)
{
	static const struct aq_cmd verbs[] = {
		{ .name = "panel", .brief = "the whole network at one step on one page", .opts = panel_opts,
		  .size = sizeof(struct args), .run = panel },
		{ .name = "diagnose", .brief = "how large the numbers of each layer are at one step",
		  .opts = diagnose_opts, .size = sizeof(struct args), .run = diagnose },
		{ .name = "examples", .brief = "activations and deltas of examples through all layers",
		  .opts = examples_opts, .size = sizeof(struct args), .run = examples },
		{ .name = "tiles", .brief = "one tensor of a layer as a montage", .opts = tiles_opts,
		  .size = sizeof(struct args), .run = tiles },
		{ .name = "film", .brief = "a layer over the steps of a run, as an animated PNG", .opts = film_opts,
		  .size = sizeof(struct args), .run = film },
		{ .name = "curves", .brief = "loss, error and learning rate of runs", .opts = curves_opts,
		  .size = sizeof(struct args), .run = curves },
		{ .name = "flow", .brief = "all layers over all steps: norms, ratios, zeros, cosines",
		  .opts = flow_opts, .size = sizeof(struct args), .run = flow },
		{ .name = "smoothness", .brief = "whether filters are smooth or noise, over the steps",
		  .opts = smoothness_opts, .size = sizeof(struct args), .run = smoothness },
		{ .name = "sharing", .brief = "the terms that one weight's gradient is the sum of",
		  .opts = sharing_opts, .size = sizeof(struct args), .run = sharing },
		{ .name = "embed", .brief = "examples or filters laid out by t-SNE", .opts = embed_opts,
		  .size = sizeof(struct args), .run = embed },
		{ .name = "report", .brief = "a run as one page for a browser, with everything inside",
		  .opts = report_opts, .size = sizeof(struct args), .run = report },
		{ .name = NULL },
	};
	static const struct aq_cmd cmd = {
		.name = "render",
		.brief = "draw what runs, snaps and weights files hold",
		.check = check,
		.verbs = verbs,
	};
	aq_file_guard();
	return aq_cmd_main(&cmd, argc, argv);
}
