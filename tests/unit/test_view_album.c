/* SPDX-License-Identifier: MIT
 *
 * test_view_album.c - what a report carries along are the numbers of the run, as exactly as it says
 */
#include "view/album.h"

#include "gallery.h"

#include <math.h>

#define HERE "view_album"
#define RUN  HERE "/a.run.h5"
#define DATA HERE "/tiny.data.h5"

static int make(void **state)
{
	(void)state;
	gallery_make(HERE);
	return 0;
}

static struct aq_album_args args_of(const char *data, int frames)
{
	return (struct aq_album_args){
		.run = RUN, .data = data, .frames = frames, .width = 362, .wide = 1144, .threads = 1
	};
}

/* Frame f of the exhibit stands for `real`, each within half a level. */
static void check_frame(const struct aq_exhibit *e, size_t f, const float *real)
{
	const float slack = (e->high[f] - e->low[f]) / AQ_LEVELS * 0.501f;
	float *values = malloc(e->values * sizeof *values);
	assert_non_null(values);
	aq_exhibit_values(e, f, values);
	for (size_t i = 0; i < e->values; i++)
		if (!(fabsf(values[i] - real[i]) <= slack))
			fail_msg("%s %s, frame %zu, number %zu: %g instead of %g", e->layer->name,
				 aq_of_words[e->of], f, i, (double)values[i], (double)real[i]);
	free(values);
}

static void frames_are_the_steps_of_the_run(void **state)
{
	const struct aq_album_args args = args_of(NULL, GALLERY_STEPS);
	struct aq_album album;
	struct aq_gallery g;
	int checked = 0;
	(void)state;
	good(aq_album_fill(&album, &args));
	good(aq_gallery_open(&g, RUN));
	assert_int_equal(album.frames, GALLERY_STEPS);
	assert_int_equal(album.exhibits, 3 * g.net->params);
	for (int i = 0; i < album.exhibits; i++) {
		const struct aq_exhibit *e = &album.exhibit[i];
		assert_int_equal(e->values, e->param->count); /* all of it is shown */
		for (size_t f = 0; f < album.frames && e->of == AQ_OF_GRAD; f++, checked++) {
			struct aq_tensor t;
			assert_int_equal(album.step[f], f);
			good(aq_tensor_read(&t, &g, e->layer, AQ_OF_GRAD, e->param->name, (int64_t)f, 0));
			check_frame(e, f, t.at);
			/* the ends are exact, and a sign is never lost */
			const struct aq_range range = aq_range_of(t.at, aq_tensor_count(&t));
			assert_float_equal(e->high[f], fmaxf(-range.min, range.max), 0);
			assert_float_equal(e->low[f], -e->high[f], 0);
			aq_tensor_free(&t);
		}
	}
	assert_int_equal(checked, g.net->params * GALLERY_STEPS);
	aq_gallery_close(&g);
	aq_album_free(&album);
}

/* Weights, updates and activations are those of the same step opened as a snap. */
static void a_frame_is_the_step_opened(void **state)
{
	struct aq_album_args args = args_of(DATA, GALLERY_STEPS);
	struct aq_h5_shape shape = AQ_SHAPE1(AQ_U64, 0);
	struct aq_album album;
	struct aq_gallery g;
	uint64_t *index;
	char examples[32];
	int maps = 0;
	(void)state;
	good(aq_gallery_open(&g, HERE "/a.snap.h5"));
	good(aq_h5_get(g.file, "/example/index", &shape, (void **)&index));
	snprintf(examples, sizeof examples, "train:%llu", (unsigned long long)index[1]);
	free(index);
	args.examples = examples;
	good(aq_album_fill(&album, &args));
	assert_int_equal(album.onlookers, 1);
	assert_int_equal(album.step[GALLERY_CUT], GALLERY_CUT);
	for (int i = 0; i < album.exhibits; i++) {
		const struct aq_exhibit *e = &album.exhibit[i];
		struct aq_tensor t;
		good(aq_tensor_read(&t, &g, e->layer, e->of, e->param ? e->param->name : NULL, 0, 1));
		check_frame(e, GALLERY_CUT, t.at);
		maps += !e->param;
		aq_tensor_free(&t);
	}
	assert_int_equal(maps, 2 * (g.net->layers - 1));
	aq_gallery_close(&g);
	aq_album_free(&album);
}

static void data_changes_nothing_of_the_parameters(void **state)
{
	const struct aq_album_args with = args_of(DATA, 5), without = args_of(NULL, 5);
	struct aq_album a, b;
	(void)state;
	good(aq_album_fill(&a, &with));
	good(aq_album_fill(&b, &without));
	assert_int_equal(a.frames, b.frames);
	assert_true(a.exhibits > b.exhibits);
	assert_memory_equal(a.step, b.step, a.frames * sizeof *a.step);
	for (int i = 0; i < b.exhibits; i++) {
		assert_int_equal(a.exhibit[i].values, b.exhibit[i].values);
		assert_memory_equal(a.exhibit[i].levels, b.exhibit[i].levels,
				    a.frames * a.exhibit[i].values);
	}
	aq_album_free(&a);
	aq_album_free(&b);
}

static void steps_rise_and_end_with_the_last(void **state)
{
	(void)state;
	for (int log = 0; log < 2; log++)
		for (int frames = 1; frames < GALLERY_STEPS + 3; frames += 3) {
			struct aq_album_args args = args_of(NULL, frames);
			struct aq_album album;
			args.log = log;
			good(aq_album_fill(&album, &args));
			assert_true(album.frames <= (size_t)frames);
			assert_int_equal(album.step[album.frames - 1], GALLERY_STEPS - 1);
			for (size_t f = 1; f < album.frames; f++)
				assert_true(album.step[f] > album.step[f - 1]);
			aq_album_free(&album);
		}
}

static void what_is_not_finite_is_told(void **state)
{
	uint8_t levels[] = { 0, AQ_LEVEL_ODD, 127, AQ_LEVELS };
	float low = -2, high = 2, values[4];
	const struct aq_exhibit e = { .values = 4, .levels = levels, .low = &low, .high = &high };
	(void)state;
	aq_exhibit_values(&e, 0, values);
	assert_float_equal(values[0], -2, 0);
	assert_true(isnan(values[1]));
	assert_float_equal(values[2], 0, 0);
	assert_float_equal(values[3], 2, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_are_the_steps_of_the_run),
		cmocka_unit_test(a_frame_is_the_step_opened),
		cmocka_unit_test(data_changes_nothing_of_the_parameters),
		cmocka_unit_test(steps_rise_and_end_with_the_last),
		cmocka_unit_test(what_is_not_finite_is_told),
	};
	return cmocka_run_group_tests(tests, make, NULL);
}
