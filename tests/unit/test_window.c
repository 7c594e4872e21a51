/* SPDX-License-Identifier: MIT
 *
 * Rows read through a window, in any order, are those of the column; and which steps A:B means.
 */
#include "tiny.h"

#include "run/verify.h"
#include "run/window.h"

#define FOLDER "window.dir"
#define RUN FOLDER "/x.run.h5"

enum { STEPS = 4200 }; /* a window of /loss holds 4096 */

static int setup(void **state)
{
	(void)state;
	tiny_inputs(FOLDER);
	good(tiny_train(FOLDER, RUN, "solver=sgd lr=0.01 batch=1 steps=4200",
			"record=grad:layers=conv1:every=600 checkpoint_every=4200 threads=1",
			NULL));
	return 0;
}

static void test_rows(void **state)
{
	(void)state;
	struct aq_run *run;
	struct aq_row_window window;
	float *all = malloc(STEPS * sizeof *all);
	const void *row;
	assert_non_null(all);
	good(aq_run_open(&run, RUN));
	const struct aq_column *column = aq_run_find(run, "/loss");
	good(aq_run_read(run, column, 0, STEPS, all));
	good(aq_row_window_open(&window, run, column));
	for (uint64_t i = 0; i < STEPS; i++) {
		good(aq_row_window_at(&window, i, &row));
		assert_memory_equal(row, &all[i], sizeof *all);
	}
	/* to and fro over the seam, the last row, and the first again */
	static const uint64_t places[] = { 4095, 4096, 4095, 4199, 0, 4096, 1, 4095 };
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		good(aq_row_window_at(&window, places[i], &row));
		assert_memory_equal(row, &all[places[i]], sizeof *all);
		assert_true(window.rows <= window.room && window.room < STEPS);
	}
	aq_row_window_close(&window);
	aq_row_window_close(&window); /* once more does no harm */
	aq_run_close(run);
	free(all);
}

static void test_sparse_rows(void **state)
{
	(void)state;
	struct aq_run *run;
	struct aq_row_window window;
	float one[27];
	const void *row;
	good(aq_run_open(&run, RUN));
	const struct aq_column *column = aq_run_column(run, AQ_GRAD, 0, 0);
	assert_int_equal(aq_run_rows(run, column), STEPS / 600);
	good(aq_row_window_open(&window, run, column));
	assert_int_equal(window.width, sizeof one);
	for (uint64_t i = 0; i < STEPS / 600; i++) {
		good(aq_run_read(run, column, i, 1, one));
		good(aq_row_window_at(&window, i, &row));
		assert_memory_equal(row, one, sizeof one);
	}
	aq_row_window_close(&window);
	aq_run_close(run);
}

/* ---- A:B ------------------------------------------------------------------------------------- */

static void test_steps(void **state)
{
	(void)state;
	char path[] = "x.run.h5";
	const struct aq_run run = { .path = path, .done = 30 };
	static const struct {
		const char *text;
		int64_t first, end;
	} right[] = {
		{ NULL, 0, 30 }, { ":", 0, 30 },      { "0:30", 0, 30 }, { "7:", 7, 30 },
		{ ":7", 0, 7 },	 { "12:13", 12, 13 }, { "5:5", 5, 5 },	 { "30:", 30, 30 },
	};
	static const struct {
		const char *text, *says;
	} wrong[] = {
		{ "", "it is A:B" },
		{ "7", "it is A:B" },
		{ "a:7", "A of A:B" },
		{ "7 :9", "A of A:B" },
		{ "7:b", "B of A:B" },
		{ "7:9:11", "B of A:B" },
		{ "0:31", "has the steps 0:30" },
		{ "-1:4", "has the steps 0:30" },
		{ "9:8", "has the steps 0:30" },
		{ "31:", "has the steps 0:30" },
		{ "0:99999999999999999999", "has the steps 0:30" },
	};
	int64_t first, end;
	for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
		good(aq_steps_parse(&run, right[i].text, &first, &end));
		assert_int_equal(first, right[i].first);
		assert_int_equal(end, right[i].end);
	}
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		bad(aq_steps_parse(&run, wrong[i].text, &first, &end), AQ_EUSAGE, wrong[i].says);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_sparse_rows),
		cmocka_unit_test(test_steps),
	};
	return cmocka_run_group_tests(tests, setup, NULL);
}
