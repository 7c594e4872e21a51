/* SPDX-License-Identifier: MIT
 *
 * test_view_tensor.c - what is drawn are the numbers of the file, in the right shape
 */
#include "view/tensor.h"

#include "gallery.h"

#include <math.h>

#define HERE "view_tensor"

static int make(void **state)
{
	(void)state;
	gallery_make(HERE);
	return 0;
}

static struct aq_gallery open_it(const char *path)
{
	struct aq_gallery g;
	good(aq_gallery_open(&g, path));
	return g;
}

static struct aq_tensor read_it(struct aq_gallery *g, const char *layer, enum aq_of of,
				const char *param, int64_t step, int64_t example)
{
	const struct aq_layer *found;
	struct aq_tensor t;
	good(aq_gallery_layer(g, layer, &found));
	good(aq_tensor_read(&t, g, found, of, param, step, example));
	return t;
}

static void check_shape(const struct aq_tensor *t, int groups, int maps, int height, int width)
{
	assert_int_equal(t->groups, groups);
	assert_int_equal(t->maps, maps);
	assert_int_equal(t->height, height);
	assert_int_equal(t->width, width);
}

static void weights_take_the_shape_they_are_seen_in(void **state)
{
	static const struct {
		const char *layer;
		int groups, maps, height, width;
		bool is_colour, is_matrix;
	} cases[] = {
		{ "conv1", 6, 3, 3, 3, true, false },  /* reads red, green and blue */
		{ "conv2", 3, 6, 3, 3, false, false },
		{ "conv3", 1, 1, 5, 3, false, true },  /* single cells; three inputs, no colours */
		{ "dense1", 7, 5, 4, 4, false, false }, /* like the maps it reads */
		{ "dense2", 1, 1, 3, 7, false, true },
	};
	struct aq_gallery g = open_it(HERE "/a.snap.h5");
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct aq_tensor t = read_it(&g, cases[i].layer, AQ_OF_WEIGHTS, "weight", 0, 0);
		check_shape(&t, cases[i].groups, cases[i].maps, cases[i].height, cases[i].width);
		assert_int_equal(t.is_colour, cases[i].is_colour);
		assert_int_equal(t.is_matrix, cases[i].is_matrix);
		aq_tensor_free(&t);
	}
	struct aq_tensor bias = read_it(&g, "conv1", AQ_OF_GRAD, "bias", 0, 0);
	check_shape(&bias, 1, 1, 1, 6);
	aq_tensor_free(&bias);
	struct aq_tensor input = read_it(&g, "input", AQ_OF_DELTA, NULL, 0, 1);
	check_shape(&input, 1, 3, 8, 8);
	assert_true(input.is_colour);
	aq_tensor_free(&input);
	struct aq_tensor maps = read_it(&g, "conv2", AQ_OF_ACTIVATION, NULL, 0, 3);
	check_shape(&maps, 1, 3, 4, 4);
	assert_false(maps.is_colour);
	aq_tensor_free(&maps);
	aq_gallery_close(&g);
}

/* The tensors of a snap are its datasets, those of an example its rows. */
static void numbers_are_those_of_the_snap(void **state)
{
	struct aq_gallery g = open_it(HERE "/a.snap.h5");
	struct aq_h5_shape shape = AQ_SHAPE4(AQ_F32, 0, 0, 0, 0);
	void *all;
	(void)state;
	good(aq_h5_get(g.file, "/grad/conv2/weight", &shape, &all));
	struct aq_tensor t = read_it(&g, "conv2", AQ_OF_GRAD, "weight", 0, 0);
	assert_int_equal(aq_tensor_count(&t), aq_h5_count(&shape));
	assert_memory_equal(t.at, all, aq_h5_bytes(&shape));
	aq_tensor_free(&t);
	free(all);

	shape = AQ_SHAPE4(AQ_F32, 0, 0, 0, 0);
	good(aq_h5_get(g.file, "/delta/relu1", &shape, &all));
	t = read_it(&g, "relu1", AQ_OF_DELTA, NULL, 0, 2);
	assert_memory_equal(t.at, (float *)all + 2 * aq_tensor_count(&t),
			    aq_tensor_count(&t) * sizeof(float));
	aq_tensor_free(&t);
	free(all);
	aq_gallery_close(&g);
}

/* A step of a run is the same numbers as the snap that was cut at it. */
static void a_run_and_its_snap_agree(void **state)
{
	struct aq_gallery snap = open_it(HERE "/a.snap.h5"), run = open_it(HERE "/a.run.h5");
	(void)state;
	struct aq_tensor a = read_it(&snap, "conv1", AQ_OF_GRAD, "weight", 0, 0);
	struct aq_tensor b = read_it(&run, "conv1", AQ_OF_GRAD, "weight", GALLERY_CUT, 0);
	assert_memory_equal(a.at, b.at, aq_tensor_count(&a) * sizeof(float));
	assert_int_equal(run.step, GALLERY_CUT);
	aq_tensor_free(&b);
	b = read_it(&run, "conv1", AQ_OF_GRAD, "weight", AQ_LAST_RECORDED, 0);
	assert_int_equal(run.step, GALLERY_STEPS - 1);
	aq_tensor_free(&a);
	aq_tensor_free(&b);
	aq_gallery_close(&snap);
	aq_gallery_close(&run);
}

/* example_grad averaged over the batch is grad. */
static void example_gradients_average_to_the_gradient(void **state)
{
	struct aq_gallery g = open_it(HERE "/a.snap.h5");
	struct aq_tensor mean = read_it(&g, "conv1", AQ_OF_GRAD, "weight", 0, 0);
	double sum[6 * 3 * 3 * 3] = { 0 };
	(void)state;
	assert_int_equal(aq_tensor_count(&mean), sizeof sum / sizeof *sum);
	for (uint64_t k = 0; k < g.examples; k++) {
		struct aq_tensor t = read_it(&g, "conv1", AQ_OF_EXAMPLE_GRAD, "weight", 0,
					     (int64_t)k);
		for (size_t i = 0; i < aq_tensor_count(&t); i++)
			sum[i] += (double)t.at[i] / (double)g.examples;
		aq_tensor_free(&t);
	}
	for (size_t i = 0; i < aq_tensor_count(&mean); i++)
		assert_true(fabs(sum[i] - (double)mean.at[i]) < 1e-6);
	aq_tensor_free(&mean);
	aq_gallery_close(&g);
}

static void differences_are_of_each_picture(void **state)
{
	struct aq_gallery g = open_it(HERE "/a.snap.h5");
	struct aq_tensor t = read_it(&g, "conv2", AQ_OF_WEIGHTS, "weight", 0, 0);
	float plain[3 * 6 * 9];
	(void)state;
	memcpy(plain, t.at, sizeof plain);
	good(aq_tensor_view(&t, AQ_VIEW_DX));
	for (int p = 0; p < 3 * 6; p++)
		for (int y = 0; y < 3; y++) {
			const float *in = plain + p * 9 + y * 3, *out = t.at + p * 9 + y * 3;
			assert_true(out[0] == in[1] - in[0]);
			assert_true(out[1] == (in[2] - in[0]) / 2);
			assert_true(out[2] == in[2] - in[1]);
		}
	aq_tensor_free(&t);
	t = read_it(&g, "dense2", AQ_OF_WEIGHTS, "weight", 0, 0);
	bad(aq_tensor_view(&t, AQ_VIEW_DX), AQ_EUSAGE, "no dx of them");
	aq_tensor_free(&t);
	aq_gallery_close(&g);
}

/* ---- what cannot be drawn -------------------------------------------------------------------- */

static void refuse(struct aq_gallery *g, const char *layer, enum aq_of of, const char *param,
		   int64_t step, int64_t example, const char *text)
{
	const struct aq_layer *found;
	struct aq_tensor t;
	good(aq_gallery_layer(g, layer, &found));
	bad(aq_tensor_read(&t, g, found, of, param, step, example), AQ_EUSAGE, text);
	assert_null(t.at);
}

static void what_is_not_there_is_told_with_the_remedy(void **state)
{
	struct aq_gallery snap = open_it(HERE "/a.snap.h5"), run = open_it(HERE "/a.run.h5");
	const struct aq_layer *layer;
	(void)state;
	bad(aq_gallery_layer(&snap, "cnov1", &layer), AQ_EUSAGE, "did you mean conv1");
	bad(aq_gallery_layer(&snap, "residual", &layer), AQ_EUSAGE, "there are input, conv1");
	refuse(&snap, "relu1", AQ_OF_WEIGHTS, "weight", 0, 0, "has no weight");
	refuse(&snap, "conv1", AQ_OF_DELTA, NULL, 0, 4, "examples 0 to 3");
	refuse(&snap, "conv1", AQ_OF_DELTA, NULL, 0, -1, "examples 0 to 3");
	refuse(&run, "conv1", AQ_OF_ACTIVATION, NULL, 3, 0, "aquatint-snapshot cut");
	refuse(&run, "conv1", AQ_OF_UPDATE, "weight", 3, 0, "--record update");
	refuse(&run, "conv1", AQ_OF_GRAD, "weight", 99, 0, "0 to 23");
	aq_gallery_close(&snap);
	aq_gallery_close(&run);
}

static void other_files_are_told_apart(void **state)
{
	struct aq_gallery g;
	(void)state;
	bad(aq_gallery_open(&g, HERE "/tiny.data.h5"), AQ_EDATA, "aquatint-data");
	bad(aq_gallery_open(&g, HERE "/nothing.h5"), AQ_ENOINPUT, "nothing.h5");
	bad(aq_gallery_open(&g, HERE "/tiny.net"), AQ_EDATA, "tiny.net");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(weights_take_the_shape_they_are_seen_in),
		cmocka_unit_test(numbers_are_those_of_the_snap),
		cmocka_unit_test(a_run_and_its_snap_agree),
		cmocka_unit_test(example_gradients_average_to_the_gradient),
		cmocka_unit_test(differences_are_of_each_picture),
		cmocka_unit_test(what_is_not_there_is_told_with_the_remedy),
		cmocka_unit_test(other_files_are_told_apart),
	};
	return cmocka_run_group_tests(tests, make, NULL);
}
