/* SPDX-License-Identifier: MIT
 *
 * A data set opened, and the batches of a training: each example once an epoch, changed as
 * augmentation says.
 */
#include "tiny.h"

#include "data/feed.h"

#include <math.h>

#define FOLDER "feed.dir"
#define DATA FOLDER "/tiny.data.h5"

enum { WIDTH = TINY_SIDE * TINY_SIDE };

struct bench {
	struct aq_pool *pool;
	struct aq_dataset *data;
};

static int setup(void **state)
{
	struct bench *b = calloc(1, sizeof *b);
	assert_non_null(b);
	tiny_inputs(FOLDER);
	good(aq_pool_new(&b->pool, 2));
	good(aq_dataset_open(&b->data, DATA, b->pool));
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct bench *b = *state;
	aq_dataset_free(b->data);
	aq_pool_free(b->pool);
	free(b);
	return 0;
}

static void test_dataset(void **state)
{
	const struct bench *b = *state;
	assert_int_equal(b->data->classes, TINY_CLASSES);
	assert_string_equal(b->data->class_name[1], "middle");
	assert_int_equal(b->data->split[AQ_TRAIN].count, TINY_TRAIN);
	assert_int_equal(b->data->split[AQ_VAL].count, TINY_VAL);
	assert_int_equal(b->data->split[AQ_TEST].count, TINY_TEST);
	assert_int_equal(aq_dataset_width(b->data), WIDTH);
	assert_int_equal(b->data->split[AQ_TRAIN].label[4], 1);
}

/* An epoch shows each example once, in another order each time; its last batch is what is left. */
static void test_epochs(void **state)
{
	const struct bench *b = *state;
	static const int batches[] = {1, 3, 4, 7, 12, 13, 14, 100};
	for (size_t i = 0; i < sizeof batches / sizeof *batches; i++) {
		const struct aq_feed feed = {.data = b->data,
					     .split = AQ_TRAIN,
					     .shuffle = true,
					     .batch = batches[i],
					     .seed = 5};
		const int64_t steps = aq_feed_epoch_steps(&feed);
		int64_t order[2][TINY_TRAIN];
		assert_int_equal(steps, (TINY_TRAIN + batches[i] - 1) / batches[i]);
		for (int64_t epoch = 0; epoch < 2; epoch++) {
			int seen[TINY_TRAIN] = {0}, shown = 0;
			for (int64_t s = 0; s < steps; s++) {
				const uint64_t step = (uint64_t)(epoch * steps + s);
				assert_int_equal(aq_feed_epoch(&feed, step), epoch);
				const int count = aq_feed_count(&feed, step);
				assert_true(count >= 1 && count <= batches[i]);
				assert_true(count == batches[i] || s == steps - 1);
				for (int k = 0; k < count; k++) {
					const int64_t example = aq_feed_example(&feed, step, k);
					assert_in_range(example, 0, TINY_TRAIN - 1);
					seen[example]++;
					order[epoch][shown++] = example;
				}
			}
			assert_int_equal(shown, TINY_TRAIN);
			for (int e = 0; e < TINY_TRAIN; e++)
				assert_int_equal(seen[e], 1);
		}
		assert_memory_not_equal(order[0], order[1], sizeof order[0]);
		/* the order belongs to the seed and the epoch, not to the batch */
		const struct aq_feed other = {
			.data = b->data, .split = AQ_TRAIN, .shuffle = true, .batch = 1, .seed = 5};
		for (int k = 0; k < TINY_TRAIN; k++)
			assert_int_equal(order[1][k],
					 aq_feed_example(&other, (uint64_t)(TINY_TRAIN + k), 0));
	}
}

static void test_plain_numbers(void **state)
{
	const struct bench *b = *state;
	struct aq_feed feed = {.data = b->data, .split = AQ_TEST, .batch = 3, .step = 1};
	float x[2 * WIDTH];
	int32_t label[2];
	aq_feed_fill(&feed, 0, 2, x, label); /* the last two of five */
	for (int k = 0; k < 2; k++) {
		assert_int_equal(label[k], (3 + k) % TINY_CLASSES);
		for (int p = 0; p < WIDTH; p++) {
			const uint8_t pixel = b->data->split[AQ_TEST].pixels[(3 + k) * WIDTH + p];
			assert_true(x[p * 2 + k] == (float)pixel * b->data->prepare.scale +
							    b->data->prepare.offset);
			assert_true(fabs((double)x[p * 2 + k] - (pixel / 255. - .5)) < 1e-6);
		}
	}
}

/* Is `x` the picture moved by dy, dx and perhaps flipped? */
static bool is_changed(const struct aq_dataset *data, int64_t example, const float *x, int dy,
		       int dx, bool flip)
{
	const uint8_t *pixels = data->split[AQ_TRAIN].pixels + example * WIDTH;
	for (int row = 0; row < TINY_SIDE; row++)
		for (int column = 0; column < TINY_SIDE; column++) {
			const int from_x = (flip ? TINY_SIDE - 1 - column : column) + dx,
				  from_y = row + dy;
			const bool inside = from_x >= 0 && from_x < TINY_SIDE && from_y >= 0 &&
					    from_y < TINY_SIDE;
			const float want = inside ? (float)pixels[from_y * TINY_SIDE + from_x] *
								    data->prepare.scale +
							    data->prepare.offset
						  : 0;
			if (x[row * TINY_SIDE + column] != want)
				return false;
		}
	return true;
}

/* Every shift of -2 .. 2 in y and x, flipped or not, comes, about as often; other examples of the
 * batch and how it is cut do not matter. */
static void test_augmentation(void **state)
{
	const struct bench *b = *state;
	enum { SHIFT = 2, SIDE = 2 * SHIFT + 1, STEPS = 300 };
	struct aq_feed feed = {.data = b->data,
			       .split = AQ_TRAIN,
			       .shuffle = true,
			       .batch = TINY_TRAIN,
			       .seed = 3,
			       .augment = {.flip = true, .shift = SHIFT}};
	int seen[SIDE][SIDE][2] = {0}, found = 0;
	for (feed.step = 0; feed.step < STEPS; feed.step++)
		for (int k = 0; k < TINY_TRAIN; k++) {
			float x[WIDTH];
			int32_t label;
			aq_feed_fill(&feed, k, 1, x, &label);
			for (int dy = -SHIFT; dy <= SHIFT; dy++)
				for (int dx = -SHIFT; dx <= SHIFT; dx++)
					for (int flip = 0; flip < 2; flip++)
						if (is_changed(b->data,
							       aq_feed_example(&feed, feed.step, k),
							       x, dy, dx, flip)) {
							seen[dy + SHIFT][dx + SHIFT][flip]++;
							found++;
						}
		}
	assert_int_equal(found, STEPS * TINY_TRAIN);
	const double each = (double)STEPS * TINY_TRAIN / (SIDE * SIDE * 2);
	for (int i = 0; i < SIDE * SIDE * 2; i++)
		assert_true(fabs((&seen[0][0][0])[i] - each) < 5 * sqrt(each));

	float together[TINY_TRAIN * WIDTH], alone[WIDTH];
	int32_t labels[TINY_TRAIN];
	feed.step = 17;
	aq_feed_fill(&feed, 0, TINY_TRAIN, together, labels);
	for (int k = 0; k < TINY_TRAIN; k++) {
		int32_t label;
		aq_feed_fill(&feed, k, 1, alone, &label);
		assert_int_equal(label, labels[k]);
		for (int p = 0; p < WIDTH; p++)
			assert_true(together[p * TINY_TRAIN + k] == alone[p]);
	}
}

static void test_words(void **state)
{
	(void)state;
	struct aq_augment augment;
	good(aq_augment_parse(&augment, NULL));
	assert_false(augment.flip || augment.shift);
	good(aq_augment_parse(&augment, "shift=3,flip"));
	assert_true(augment.flip && augment.shift == 3);
	good(aq_augment_parse(&augment, ""));
	static const char *const cases[][2] = {
		{"flop", "did you mean 'flip'"},
		{"shift", "needs a value"},
		{"shift=-1", "shift"},
		{"shift=1x", "shift"},
		{"flip=2", "takes no value"},
		{",flip", "unknown"},
		{"flip,", "unknown"},
		{"flip,,shift=1", "unknown"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		bad(aq_augment_parse(&augment, cases[i][0]), AQ_EUSAGE, cases[i][1]);
	char longer[400];
	memset(longer, 'x', sizeof longer);
	longer[399] = '\0';
	bad(aq_augment_parse(&augment, longer), AQ_EUSAGE, "too long");
}

/* ---- data sets that are none
 * ------------------------------------------------------------------------- */

struct lie {
	struct aq_h5_shape images, labels, test;
	int32_t label;
	int classes;
	const char *says;
};

static void tell(const struct lie *lie)
{
	static const char *const names[] = {"a", "b"};
	const struct aq_prepare prepare = aq_prepare_plain(1, 2, 2, false);
	static const uint8_t zeros[4096];
	const int32_t labels[] = {0, lie->label, 0, 0};
	struct aq_h5 *file;
	good(aq_h5_create(&file, FOLDER "/lie.data.h5", "aquatint-data", false));
	if (lie->images.type)
		good(aq_h5_put(file, "/train/images", lie->images, zeros));
	if (lie->labels.type)
		good(aq_h5_put(file, "/train/labels", lie->labels, labels));
	if (lie->test.type) {
		good(aq_h5_put(file, "/test/images", lie->test, zeros));
		good(aq_h5_put(file, "/test/labels", AQ_SHAPE1(AQ_I32, 2), labels));
	}
	if (lie->classes)
		good(aq_h5_put_texts(file, "/classes", names, lie->classes));
	good(aq_prepare_write(&prepare, file));
	good(aq_h5_publish(file));
}

static void test_lies(void **state)
{
	const struct bench *b = *state;
#define GOOD AQ_SHAPE4(AQ_U8, 2, 1, 2, 2)
#define TWO AQ_SHAPE1(AQ_I32, 2)
	const struct lie lies[] = {
		{GOOD, TWO, {0}, 2, 2, "label 2 of picture 1"},
		{GOOD, TWO, {0}, -1, 2, "label -1 of picture 1"},
		{GOOD, AQ_SHAPE1(AQ_I32, 3), {0}, 1, 2, "/train/labels"},
		{GOOD, AQ_SHAPE1(AQ_U8, 2), {0}, 1, 2, "/train/labels"},
		{GOOD, {0}, {0}, 1, 2, "/train/labels"},
		{{0}, TWO, {0}, 1, 2, "/train/images"},
		{AQ_SHAPE3(AQ_U8, 2, 2, 2), TWO, {0}, 1, 2, "/train/images"},
		{AQ_SHAPE4(AQ_F32, 2, 1, 2, 2), TWO, {0}, 1, 2, "/train/images"},
		{AQ_SHAPE4(AQ_U8, 0, 1, 2, 2), TWO, {0}, 1, 2, "/train/images"},
		{AQ_SHAPE4(AQ_U8, 2, 1, 0, 2), TWO, {0}, 1, 2, "/train/images"},
		{GOOD, TWO, AQ_SHAPE4(AQ_U8, 2, 1, 2, 3), 1, 2, "/test/images"},
		{GOOD, TWO, AQ_SHAPE4(AQ_U8, 3, 1, 2, 2), 1, 2, "/test/labels"},
		{GOOD, TWO, GOOD, 1, 0, "/classes"},
	};
	struct aq_dataset *data;
	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		tell(&lies[i]);
		bad(aq_dataset_open(&data, FOLDER "/lie.data.h5", b->pool), AQ_EDATA, lies[i].says);
		assert_null(data);
	}
	tell(&(struct lie){GOOD, TWO, GOOD, 1, 2, ""});
	good(aq_dataset_open(&data, FOLDER "/lie.data.h5", b->pool));
	aq_dataset_free(data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dataset),	      cmocka_unit_test(test_epochs),
		cmocka_unit_test(test_plain_numbers), cmocka_unit_test(test_augmentation),
		cmocka_unit_test(test_words),	      cmocka_unit_test(test_lies),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
