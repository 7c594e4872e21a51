/* SPDX-License-Identifier: MIT
 *
 * A training that is stopped, saved or killed after any of its steps, and resumed, makes the same
 * file to the last byte.
 *
 * With AQUATINT_LONG set every step of the 60 is tried with every solver (a minute); without it the
 * steps at the seams of epochs and segments and a few others.
 */
#include "tiny.h"

#include "run/run.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STEPS = 60, LENGTH = 25 };

#define FOLDER "session.dir"

/* batches of 4, 4, 4 and 1 */
#define COMMON                                                                                   \
	"steps=60 batch=4 augment=flip,shift=2 eval_every=1 checkpoint_every=25 l2=1e-3 clip=2 " \
	"record=crc record=grad record=stats:layers=dense1 record=weights:every=5:layers=conv1 " \
	"record=update:bits=10:layers=conv1 "

static const struct {
	const char *name, *words;
} ways[] = {
	{"momentum", COMMON "solver=momentum lr=0.05 lr_schedule=cosine:0.001"},
	{"adam", COMMON "solver=adam lr=0.003 lr_schedule=steps:7,0.8"},
	{"adadelta", COMMON "solver=adadelta lr_schedule=epochs:1x3,0.5x4,0.7x2"},
};
enum { WAYS = sizeof ways / sizeof *ways };

static bool is_tried(int way, int64_t step)
{
	static const int64_t seams[] = {1, 24, 25, 26, 50};
	for (size_t i = 0; i < sizeof seams / sizeof *seams; i++)
		if (seams[i] == step && (int)i % WAYS == way)
			return true;
	return getenv("AQUATINT_LONG") != NULL;
}

/* ---- being stopped at a step
 * ------------------------------------------------------------------------- */

static int64_t at, every;
static int what;

static void ear_scored(const struct aq_trainer *t, enum aq_split split, struct aq_score score)
{
	(void)score;
	if (split == AQ_TEST && (t->step == at || (every && t->step % every == 0)))
		raise(what);
}

static const struct aq_session_ear ear = {.scored = ear_scored};

static const char *whole(int way)
{
	static char path[64];
	snprintf(path, sizeof path, FOLDER "/%s.run.h5", ways[way].name);
	return path;
}

/* The file that the others must equal. */
static int setup(void **state)
{
	(void)state;
	tiny_inputs(FOLDER);
	for (int way = 0; way < WAYS; way++)
		good(tiny_train(FOLDER, whole(way), ways[way].words, "threads=1", NULL));
	return 0;
}

static void go_on(int way, const char *threads)
{
	char more[64];
	snprintf(more, sizeof more, "resume threads=%s", threads);
	at = every = 0;
	good(tiny_train(FOLDER, FOLDER "/x.run.h5", ways[way].words, more, NULL));
	assert_false(aq_file_exists(FOLDER "/x.run.h5.part"));
	tiny_same(whole(way), FOLDER "/x.run.h5");
	assert_int_equal(unlink(FOLDER "/x.run.h5"), 0);
}

static void test_stop_at_every_step(void **state)
{
	(void)state;
	what = SIGTERM;
	for (int way = 0; way < WAYS; way++)
		for (int64_t step = 1; step < STEPS; step++) {
			if (!is_tried(way, step))
				continue;
			at = step;
			bad(tiny_train(FOLDER, FOLDER "/x.run.h5", ways[way].words, "threads=2",
				       &ear),
			    AQ_ESTOPPED, "--resume");
			assert_false(aq_file_exists(FOLDER "/x.run.h5"));
			go_on(way, "1");
		}
}

static void test_stop_after_each_step(void **state)
{
	(void)state;
	what = SIGINT;
	for (int way = 0; way < WAYS; way++) {
		int stops = 0, rc;
		every = getenv("AQUATINT_LONG") ? 1 : 13;
		while ((rc = tiny_train(FOLDER, FOLDER "/x.run.h5", ways[way].words,
					"resume threads=2", &ear)) == AQ_ESTOPPED)
			stops++;
		good(rc);
		assert_int_equal(stops, (STEPS - 1) / every);
		tiny_same(whole(way), FOLDER "/x.run.h5");
		assert_int_equal(unlink(FOLDER "/x.run.h5"), 0);
	}
	every = 0;
}

static void test_save_at_every_step(void **state)
{
	(void)state;
	what = SIGUSR1;
	for (int way = 0; way < WAYS; way++) {
		every = getenv("AQUATINT_LONG") ? 1 : 17;
		good(tiny_train(FOLDER, FOLDER "/x.run.h5", ways[way].words, "threads=3", &ear));
		tiny_same(whole(way), FOLDER "/x.run.h5");
		assert_int_equal(unlink(FOLDER "/x.run.h5"), 0);
	}
	every = 0;
}

/* ---- being killed at a step
 * -------------------------------------------------------------------------- */

static void die(int way, int64_t step, const char *more)
{
	int status;
	const pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		what = SIGKILL;
		at = step;
		_exit(tiny_train(FOLDER, FOLDER "/x.run.h5", ways[way].words, more, &ear) < 0 ? 2
											      : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void test_kill_at_every_step(void **state)
{
	(void)state;
	for (int64_t step = 1; step <= STEPS; step++) {
		struct aq_run *run;
		const int way = (int)(step % WAYS);
		if (!is_tried(way, step) && step != STEPS)
			continue;
		die(way, step, "threads=1");
		/* the open segment is lost, and the one being published, no more */
		good(aq_run_open(&run, FOLDER "/x.run.h5.part"));
		const int64_t full = (step - 1) / LENGTH * LENGTH;
		assert_true(run->done == full || run->done == full - LENGTH);
		aq_run_close(run);
		go_on(way, "2");
	}
}

/* What USR1 saved is not lost to a kill behind it. */
static void test_kill_behind_a_save(void **state)
{
	(void)state;
	struct aq_run *run;
	what = SIGTERM;
	at = 31;
	bad(tiny_train(FOLDER, FOLDER "/x.run.h5", ways[0].words, "", &ear), AQ_ESTOPPED,
	    "31 of 60");
	die(0, 40, "resume");
	good(aq_run_open(&run, FOLDER "/x.run.h5.part"));
	assert_int_equal(run->done, 31);
	aq_run_close(run);
	go_on(0, "2");
}

/* All steps are there, the sealing is not: resuming seals. */
static void test_failing_to_seal(void **state)
{
	(void)state;
	struct aq_run *run;
	for (int way = 0; way < WAYS; way++) {
		what = SIGUSR1;
		at = STEPS;
		/* the temporary of the sealed file cannot be made where a folder stands */
		assert_int_equal(system("mkdir " FOLDER "/x.run.h5.tmp"), 0);
		bad(tiny_train(FOLDER, FOLDER "/x.run.h5", ways[way].words, "", &ear), AQ_ECREATE,
		    "x.run.h5");
		good(aq_run_open(&run, FOLDER "/x.run.h5.part"));
		assert_int_equal(run->done, STEPS);
		aq_run_close(run);
		assert_int_equal(system("rmdir " FOLDER "/x.run.h5.tmp"), 0);
		go_on(way, "1");
	}
}

/* ---- what must not matter
 * ---------------------------------------------------------------------------- */

static void test_threads(void **state)
{
	(void)state;
	static const char *const threads[] = {"threads=2", "threads=3", "threads=7", "threads=16"};
	for (int i = 0; i < 4; i++)
		for (int way = 0; way < WAYS; way++) {
			if (!getenv("AQUATINT_LONG") && i % WAYS != way)
				continue;
			good(tiny_train(FOLDER, FOLDER "/t.run.h5", ways[way].words, threads[i],
					NULL));
			tiny_same(whole(way), FOLDER "/t.run.h5");
		}
}

/* The CRC of all weights at every step, read back. */
static uint32_t *weights_log(const char *path, size_t *count)
{
	struct aq_run *run;
	good(aq_run_open(&run, path));
	*count = (size_t)run->net->params * (size_t)run->done;
	uint32_t *log = calloc(*count, sizeof *log);
	assert_non_null(log);
	for (int i = 0; i < run->net->params; i++)
		good(aq_run_read(run, aq_run_column(run, AQ_CRC, i, 0), 0, (uint64_t)run->done,
				 log + (size_t)i * (size_t)run->done));
	aq_run_close(run);
	return log;
}

/* Whatever is recorded, and however often the state is kept, the weights are the same at every
 * step. */
static void test_record_and_segments(void **state)
{
	(void)state;
#define PLAIN "batch=%d solver=adam steps=60 augment=flip,shift=2 l2=1e-3 "
	static const int batches[] = {1, 3, 7, 13, 20};
	static const char *const records[] = {
		"record=crc checkpoint_every=1",
		"record=crc record=grad record=stats checkpoint_every=7",
		"record=crc record=reg_grad record=clip_grad record=update record=weights "
		"checkpoint_every=500",
		"record=crc record=grad:every=3:bits=4:layers=conv1 record=stats:every=2 "
		"checkpoint_every=10",
		"record=crc eval_every=1",
	};
	for (int b = 0; b < 5; b++) {
		if (!getenv("AQUATINT_LONG") && b != 0 && b != 2)
			continue;
		char words[256];
		uint32_t *first = NULL;
		size_t count = 0, again;
		snprintf(words, sizeof words, PLAIN, batches[b]);
		for (int i = 0; i < (b == 2 || getenv("AQUATINT_LONG") ? 5 : 2); i++) {
			good(tiny_train(FOLDER, FOLDER "/r.run.h5", words, records[i], NULL));
			uint32_t *log = weights_log(FOLDER "/r.run.h5", &again);
			if (first) {
				assert_int_equal(again, count);
				assert_memory_equal(log, first, count * sizeof *log);
				free(log);
			} else {
				first = log;
				count = again;
			}
		}
		free(first);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stop_at_every_step),
		cmocka_unit_test(test_stop_after_each_step),
		cmocka_unit_test(test_save_at_every_step),
		cmocka_unit_test(test_kill_at_every_step),
		cmocka_unit_test(test_kill_behind_a_save),
		cmocka_unit_test(test_failing_to_seal),
		cmocka_unit_test(test_threads),
		cmocka_unit_test(test_record_and_segments),
	};
	return cmocka_run_group_tests(tests, setup, NULL);
}
