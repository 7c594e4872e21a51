/* SPDX-License-Identifier: MIT
 *
 * Two trainers on one output: the second refuses, whether the file system knows locks or not, and a trainer that was
 * killed is in nobody's way.
 */
#include "commands.h"

struct inject_plan *inject_plan;

#define TRAIN "train in/tiny.net in/tiny.data.h5 --threads 1 --batch 4 --steps 5000 --record crc "
#define PART "out/x.run.h5.part"

static int setup(void **state)
{
	(void)state;
	make_plan();
	tiny_inputs("in");
	return 0;
}

/* A trainer that is at work, and no step further until it is told to go on. */
static pid_t start_and_stop(const char *words)
{
	enum { PATIENCE = 3000 };
	const pid_t trainer = start(words, "out/x.run.h5", true);
	for (int i = 0; !aq_file_exists(PART "/segment-1.h5"); i++) {
		assert_true(i < PATIENCE);
		usleep(10000);
	}
	kill(trainer, SIGSTOP);
	return trainer;
}

static void refused(const char *words)
{
	const int status = end(start(words, "out/x.run.h5", true));
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), -AQ_ECREATE);
	assert_true(said("another trainer is at work"));
}

static void second_refuses(int error)
{
	*inject_plan = (struct inject_plan){ .what = error ? INJECT_LOCKS : INJECT_FILES, .error = error };
	tiny_folder("out");
	pid_t trainer = start_and_stop(TRAIN "--checkpoint-every 5 -o");
	refused(TRAIN "--resume --checkpoint-every 5 -o");
	refused(TRAIN "--force --checkpoint-every 5 -o");
	assert_true(aq_file_exists(PART "/segment-1.h5"));

	/* killed, it holds nothing */
	kill(trainer, SIGKILL);
	end(trainer);
	assert_int_equal(unlink(PART "/segment-1.h5"), 0);
	trainer = start_and_stop(TRAIN "--resume --checkpoint-every 5 -o");
	refused(TRAIN "--resume --checkpoint-every 5 -o");

	/* and told to stop it ends in order */
	kill(trainer, SIGTERM);
	kill(trainer, SIGCONT);
	const int status = end(trainer);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), -AQ_ESTOPPED);
	if (error)
		assert_true(inject_plan->calls >= 5); /* each of them met a file system without locks */
}

static void test_locks(void **state)
{
	(void)state;
	second_refuses(0);
}

static void test_no_locks(void **state)
{
	(void)state;
	second_refuses(ENOLCK);
	second_refuses(EOPNOTSUPP);
}

/* Other outputs are nobody's concern. */
static void test_others(void **state)
{
	(void)state;
	*inject_plan = (struct inject_plan){ .what = INJECT_LOCKS, .error = ENOLCK };
	tiny_folder("out");
	const pid_t trainer = start_and_stop(TRAIN "--checkpoint-every 5 -o");
	const int status = end(start("train in/tiny.net in/tiny.data.h5 --steps 3 --batch 4 -o", "out/y.run.h5", true));
	assert_int_equal(status, 0);
	kill(trainer, SIGKILL);
	end(trainer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_locks),
		cmocka_unit_test(test_no_locks),
		cmocka_unit_test(test_others),
	};
	return cmocka_run_group_tests(tests, setup, NULL);
}
