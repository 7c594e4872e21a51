/* SPDX-License-Identifier: MIT
 *
 * test_view_pictures.c - the pictures look as they did, show the numbers of the run, and say where
 * they come from
 *
 * tests/golden/render-*.png are compared by their pixels.  UPDATE=1 in the environment writes them
 * anew: look at them.
 */
#include "gallery.h"

#include "io/apng.h"
#include "io/png.h"
#include "view/curves.h"
#include "view/examples.h"
#include "view/figure.h"
#include "view/film.h"
#include "view/panel.h"
#include "view/smoothness.h"
#include "view/tiles.h"
#include "view/trace.h"

#include <math.h>

#define HERE "view_pictures"

static int make(void **state)
{
	(void)state;
	gallery_make(HERE);
	return 0;
}

static struct aq_drawing into(const char *out)
{
	return (struct aq_drawing){ out, false, "aquatint-render test", "of=grad" };
}

/* ---- as they were ---------------------------------------------------------------------------- */

/* The path of tests/golden/NAME from wherever the test runs below the source tree. */
static const char *golden(const char *name)
{
	static char path[200];
	snprintf(path, sizeof path, "tests/golden");
	for (int up = 0; up < 8 && !aq_file_is_folder(path); up++) {
		memmove(path + 3, path, strlen(path) + 1);
		memcpy(path, "../", 3);
	}
	const size_t length = strlen(path);
	snprintf(path + length, sizeof path - length, "/%s", name);
	return path;
}

static void compare(const struct aq_picture *now, const char *name)
{
	struct aq_picture before;
	if (getenv("UPDATE"))
		good(aq_png_write(golden(name), false, now, NULL, 0));
	good(aq_png_read(golden(name), NULL, &before));
	assert_int_equal(before.width, now->width);
	assert_int_equal(before.height, now->height);
	size_t far = 0;
	for (size_t i = 0; i < aq_picture_bytes(now); i++)
		far += abs(now->at[i] - before.at[i]) > 3;
	if (far > 30)
		fail_msg("%zu samples of %s are others now; look at both, then UPDATE=1", far,
			 golden(name));
	aq_picture_free(&before);
}

static void compare_file(const char *path, const char *name)
{
	struct aq_picture now;
	good(aq_png_read(path, NULL, &now));
	compare(&now, name);
	aq_picture_free(&now);
}

static void the_panel(void **state)
{
	const struct aq_panel_args args = { .snap = HERE "/a.snap.h5", .example = 1,
					    .of = AQ_OF_GRAD };
	const struct aq_drawing drawing = into(HERE "/panel.png");
	(void)state;
	good(aq_panel_draw(&args, &drawing));
	compare_file(drawing.out, "render-panel.png");
}

static void tiles_and_their_differences(void **state)
{
	struct aq_tiles_args args = { .file = HERE "/a.snap.h5", .layer = "conv2",
				      .param = "weight", .of = AQ_OF_WEIGHTS };
	const struct aq_drawing drawing = into(HERE "/tiles.png");
	(void)state;
	good(aq_tiles_page(&args, &drawing));
	compare_file(drawing.out, "render-tiles.png");
	args.view = AQ_VIEW_MAG;
	args.scale = AQ_SCALE_LAYER;
	args.of = AQ_OF_EXAMPLE_GRAD;
	good(aq_tiles_page(&args, &drawing));
	compare_file(drawing.out, "render-tiles-mag.png");
}

static void the_curves(void **state)
{
	const struct aq_texts runs = { { HERE "/a.run.h5" }, 1 };
	const struct aq_curves_args args = { .runs = &runs };
	const struct aq_drawing drawing = into(HERE "/curves.png");
	(void)state;
	good(aq_curves_draw(&args, &drawing));
	compare_file(drawing.out, "render-curves.png");
}

static void the_smoothness(void **state)
{
	struct aq_smoothness_args args = { .file = HERE "/a.run.h5",
					   .layer = "conv2",
					   .of = "weights",
					   .to = -1,
					   .frames = 6,
					   .threads = 1 };
	const struct aq_drawing drawing = into(HERE "/smoothness.png");
	(void)state;
	good(aq_smoothness_draw(&args, &drawing));
	compare_file(drawing.out, "render-smoothness.png");
	args.file = HERE "/a.snap.h5";
	args.layer = "conv1";
	good(aq_smoothness_draw(&args, &drawing));
	compare_file(drawing.out, "render-smoothness-snap.png");
}

static void the_examples(void **state)
{
	const struct aq_examples_args args = { HERE "/a.snap.h5", "1" };
	const struct aq_drawing drawing = into(HERE "/examples.png");
	(void)state;
	good(aq_examples_draw(&args, &drawing));
	compare_file(drawing.out, "render-examples.png");
}

/* ---- films ----------------------------------------------------------------------------------- */

static struct aq_film_args film_args(enum aq_scale scale)
{
	return (struct aq_film_args){ .reel = { .run = HERE "/a.run.h5",
						.layer = "conv2",
						.param = "weight",
						.ofs = "grad,weights",
						.from = 3,
						.to = 19,
						.frames = 9,
						.threads = 1 },
				      .filter = -1,
				      .rate = 10,
				      .scale = scale };
}

/* Is `part` in `whole`, pixel by pixel? */
static bool holds(const struct aq_picture *whole, const struct aq_picture *part)
{
	for (int y = 0; y + part->height <= whole->height; y++)
		for (int x = 0; x + part->width <= whole->width; x++) {
			int row = 0;
			while (row < part->height &&
			       memcmp(whole->at + ((size_t)(y + row) * (size_t)whole->width +
						   (size_t)x) * 3,
				      part->at + (size_t)row * (size_t)part->width * 3,
				      (size_t)part->width * 3) == 0)
				row++;
			if (row == part->height)
				return true;
		}
	return false;
}

/* The tiles of a step, as large as the film draws them; each with its own range, so that they do
 * not depend on the film's. */
static void check_frame(const struct aq_picture *frame, struct aq_gallery *g, int64_t step,
			bool wanted)
{
	const struct aq_layer *layer;
	struct aq_tensor t;
	struct aq_canvas *canvas;
	good(aq_gallery_layer(g, "conv2", &layer));
	good(aq_tensor_read(&t, g, layer, AQ_OF_GRAD, "weight", step, 0));
	struct aq_figure f = { .tensor = &t, .scale = AQ_SCALE_CONVNETJS, .most_height = 480 };
	good(aq_figure_plan(&f, 420));
	const struct aq_box size = aq_tiles_size(&f.tiles);
	good(aq_canvas_new(&canvas, size.w, size.h, AQ_PAPER));
	aq_tiles_draw(canvas, 0, 0, &f.tiles);
	assert_int_equal(holds(frame, &canvas->picture), wanted);
	aq_canvas_free(canvas);
	aq_figure_free(&f);
	aq_tensor_free(&t);
}

/* Frame k of a film shows what the tiles of its step show, and not those of the step before. */
static void a_frame_is_the_picture_of_its_step(void **state)
{
	const struct aq_film_args args = film_args(AQ_SCALE_CONVNETJS);
	const struct aq_drawing drawing = into(HERE "/film.png");
	struct aq_apng_player *player;
	struct aq_apng_info info;
	struct aq_gallery g;
	(void)state;
	good(aq_film_draw(&args, &drawing));
	good(aq_gallery_open(&g, HERE "/a.run.h5"));
	good(aq_apng_open(&player, drawing.out, &info));
	assert_int_equal(info.frames, 9);
	for (int k = 0; k < 9; k++) {
		const struct aq_picture *frame;
		double seconds;
		good(aq_apng_next(player, &frame, &seconds));
		check_frame(frame, &g, 3 + 2 * k, true);
		check_frame(frame, &g, 2 + 2 * k, false);
		if (k == 4)
			compare(frame, "render-film.png");
	}
	aq_apng_close(player);
	aq_gallery_close(&g);
}

/* Numbered pictures are the frames of the film, of even sizes, as encoders of video want them. */
static void numbered_pictures_are_its_frames(void **state)
{
	const struct aq_film_args args = film_args(AQ_SCALE_SYM);
	struct aq_drawing drawing = into(HERE "/whole.png");
	struct aq_apng_player *player;
	struct aq_apng_info info;
	(void)state;
	good(aq_film_draw(&args, &drawing));
	drawing.out = HERE "/frame-%03d.png";
	good(aq_film_draw(&args, &drawing));
	good(aq_apng_open(&player, HERE "/whole.png", &info));
	assert_int_equal(info.width % 2, 0);
	assert_int_equal(info.height % 2, 0);
	for (int k = 0; k < 9; k++) {
		char name[64];
		const struct aq_picture *frame;
		struct aq_picture one;
		double seconds;
		snprintf(name, sizeof name, HERE "/frame-%03d.png", k);
		good(aq_apng_next(player, &frame, &seconds));
		good(aq_png_read(name, NULL, &one));
		assert_int_equal(aq_picture_bytes(frame), aq_picture_bytes(&one));
		assert_memory_equal(frame->at, one.at, aq_picture_bytes(&one));
		aq_picture_free(&one);
	}
	assert_false(aq_file_exists(HERE "/frame-009.png"));
	aq_apng_close(player);
	drawing.keep = true;
	bad(aq_film_draw(&args, &drawing), AQ_ECREATE, "frame-000.png");
}

/* What was recorded and what is computed again give the same film. */
static void recorded_or_computed_is_the_same_film(void **state)
{
	struct aq_film_args args = film_args(AQ_SCALE_SYM);
	struct aq_drawing drawing = into(HERE "/film-a.png");
	char *left, *right;
	size_t a, b;
	(void)state;
	good(aq_film_draw(&args, &drawing));
	good(tiny_train(HERE, HERE "/a2.run.h5",
			"solver=momentum lr=0.01 batch=4 steps=24 eval-every=8 record=none", "",
			NULL));
	args.reel.run = HERE "/a2.run.h5";
	drawing.out = HERE "/film-b.png";
	bad(aq_film_draw(&args, &drawing), AQ_EUSAGE, "--data");
	args.reel.data = HERE "/tiny.data.h5";
	good(aq_film_draw(&args, &drawing));
	/* the texts tell the two runs apart: only the frames are compared */
	struct aq_apng_player *one, *two;
	struct aq_apng_info info;
	good(aq_apng_open(&one, HERE "/film-a.png", &info));
	good(aq_apng_open(&two, HERE "/film-b.png", &info));
	for (uint32_t k = 0; k < info.frames; k++) {
		const struct aq_picture *from, *to;
		double seconds;
		good(aq_apng_next(one, &from, &seconds));
		good(aq_apng_next(two, &to, &seconds));
		assert_int_equal(aq_picture_bytes(from), aq_picture_bytes(to));
		assert_memory_equal(from->at, to->at, aq_picture_bytes(from));
	}
	aq_apng_close(one);
	aq_apng_close(two);
	/* and the same film twice is the same bytes */
	args = film_args(AQ_SCALE_SYM);
	drawing.out = HERE "/film-c.png";
	good(aq_film_draw(&args, &drawing));
	good(aq_file_read(HERE "/film-a.png", 1 << 26, &left, &a));
	good(aq_file_read(HERE "/film-c.png", 1 << 26, &right, &b));
	assert_int_equal(a, b);
	assert_memory_equal(left, right, a);
	free(left);
	free(right);
}

/* ---- where they come from -------------------------------------------------------------------- */

static void pictures_carry_their_history(void **state)
{
	static const struct {
		const char *key, *text;
	} cases[] = {
		{ "Source 1", "aquatint-train 0.1.0: solver=momentum" },
		{ "Source 2", "aquatint-snapshot cut 0.1.0: step=20; run " },
		{ "Software", "aquatint-render test" },
		{ "Command", "of=grad" },
	};
	const struct aq_tiles_args args = { .file = HERE "/a.snap.h5", .layer = "conv1",
					    .param = "weight", .of = AQ_OF_GRAD };
	const struct aq_drawing drawing = into(HERE "/credit.png");
	(void)state;
	good(aq_tiles_page(&args, &drawing));
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *value;
		good(aq_png_read_text(drawing.out, cases[i].key, &value));
		assert_non_null(value);
		if (!strstr(value, cases[i].text))
			fail_msg("%s is '%s'", cases[i].key, value);
		free(value);
	}
	struct aq_drawing again = drawing;
	again.keep = true;
	bad(aq_tiles_page(&args, &again), AQ_ECREATE, "credit.png");
}

/* ---- for viewers of HDF5 --------------------------------------------------------------------- */

/* /tiles of a snap: marked as images, and coloured as the tiles are. */
static void a_snap_holds_pictures_of_itself(void **state)
{
	struct aq_gallery g;
	struct aq_h5_shape shape = AQ_SHAPE3(AQ_U8, 0, 0, 3);
	struct aq_tensor t;
	struct aq_canvas *canvas;
	const struct aq_layer *layer;
	char *class;
	void *pixels;
	(void)state;
	good(aq_gallery_open(&g, HERE "/a.snap.h5"));
	good(aq_h5_attr_text(g.file, "/tiles/grad/conv2", "CLASS", &class));
	assert_string_equal(class, "IMAGE");
	free(class);
	good(aq_h5_get(g.file, "/tiles/grad/conv2", &shape, &pixels));
	good(aq_gallery_layer(&g, "conv2", &layer));
	good(aq_tensor_read(&t, &g, layer, AQ_OF_GRAD, "weight", 0, 0));
	struct aq_figure f = { .tensor = &t, .scale = AQ_SCALE_SYM };
	good(aq_figure_plan(&f, 800));
	const struct aq_box size = aq_tiles_size(&f.tiles);
	assert_int_equal(shape.dim[0], size.h);
	assert_int_equal(shape.dim[1], size.w);
	good(aq_canvas_new(&canvas, size.w, size.h, AQ_PAPER));
	aq_tiles_draw(canvas, 0, 0, &f.tiles);
	assert_memory_equal(pixels, canvas->picture.at, aq_picture_bytes(&canvas->picture));
	free(pixels);
	aq_canvas_free(canvas);
	aq_figure_free(&f);
	aq_tensor_free(&t);
	aq_gallery_close(&g);
}

/* ---- long runs ------------------------------------------------------------------------------- */

/* In bands, no step is lost: the extremes are those of all steps, the mean is theirs. */
static void bands_lose_nothing(void **state)
{
	enum { STEPS = 9001 };
	struct aq_run *run;
	struct aq_trace trace;
	float *loss = malloc(STEPS * sizeof *loss);
	(void)state;
	assert_non_null(loss);
	good(tiny_train(HERE, HERE "/long.run.h5", "batch=1 steps=9001 record=none lr=0.001", "",
			NULL));
	good(aq_run_open(&run, HERE "/long.run.h5"));
	good(aq_run_read(run, aq_run_find(run, "/loss"), 0, STEPS, loss));
	good(aq_trace_read(&trace, run, 0));
	assert_true(trace.bands < STEPS);
	double sum = 0;
	float least = INFINITY, most = -INFINITY;
	for (int i = 0; i < STEPS; i++) {
		sum += (double)loss[i];
		least = fminf(least, loss[i]);
		most = fmaxf(most, loss[i]);
	}
	float low = INFINITY, high = -INFINITY;
	double mean = 0;
	for (size_t b = 0; b < trace.bands; b++) {
		const double from = floor((double)STEPS * (double)b / (double)trace.bands);
		const double to = floor((double)STEPS * (double)(b + 1) / (double)trace.bands);
		assert_true(trace.x[b] == (from + to - 1) / 2);
		assert_true(trace.start[b] == (uint64_t)from && trace.start[b + 1] == (uint64_t)to);
		assert_true(trace.low[b] <= trace.loss.least[b] && trace.loss.most[b] <= trace.high[b]);
		assert_true(trace.loss.least[b] <= trace.loss.mean[b] &&
			    trace.loss.mean[b] <= trace.loss.most[b]);
		low = fminf(low, trace.loss.least[b]);
		high = fmaxf(high, trace.loss.most[b]);
		mean += (double)trace.loss.mean[b] * (to - from);
	}
	assert_true(low == least && high == most);
	assert_true(fabs(mean / sum - 1) < 1e-5);
	assert_true(trace.lr[0] == 0.001f);
	aq_trace_free(&trace);
	/* on a logarithmic axis: early steps alone, later ones together, none lost */
	good(aq_trace_read_log(&trace, run, 0, true));
	assert_true(trace.start[9] == 9 && trace.x[9] == 10 && trace.loss.mean[9] == loss[9]);
	assert_true(trace.start[trace.bands] - trace.start[trace.bands - 1] > 1);
	for (size_t b = 0; b < trace.bands; b++)
		for (uint64_t i = trace.start[b]; i < trace.start[b + 1]; i++)
			assert_true(trace.loss.least[b] <= loss[i] && loss[i] <= trace.loss.most[b]);
	assert_int_equal(trace.start[trace.bands], STEPS);
	aq_trace_free(&trace);
	aq_run_close(run);
	/* bands of one step: the envelope reaches halfway to the steps beside it, and no further */
	good(aq_run_open(&run, HERE "/a.run.h5"));
	good(aq_trace_read(&trace, run, 0));
	for (size_t b = 1; b + 1 < trace.bands; b++) {
		const float l = trace.loss.mean[b - 1], m = trace.loss.mean[b], r = trace.loss.mean[b + 1];
		assert_true(trace.low[b] == fminf(m, fminf(l / 2 + m / 2, m / 2 + r / 2)));
		assert_true(trace.high[b] == fmaxf(m, fmaxf(l / 2 + m / 2, m / 2 + r / 2)));
		assert_true(trace.error.least[b] == trace.error.mean[b] && trace.error.mean[b] <= 1);
	}
	assert_null(trace.top5.mean); /* there are three classes */
	aq_trace_free(&trace);
	aq_run_close(run);
	free(loss);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_panel),
		cmocka_unit_test(tiles_and_their_differences),
		cmocka_unit_test(the_curves),
		cmocka_unit_test(the_smoothness),
		cmocka_unit_test(the_examples),
		cmocka_unit_test(a_frame_is_the_picture_of_its_step),
		cmocka_unit_test(numbered_pictures_are_its_frames),
		cmocka_unit_test(recorded_or_computed_is_the_same_film),
		cmocka_unit_test(pictures_carry_their_history),
		cmocka_unit_test(a_snap_holds_pictures_of_itself),
		cmocka_unit_test(bands_lose_nothing),
	};
	return cmocka_run_group_tests(tests, make, NULL);
}
