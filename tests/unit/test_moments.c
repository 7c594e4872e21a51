/* SPDX-License-Identifier: MIT
 *
 * Commands are killed at random moments, and trainings are asked to stop or to save at others: published files are
 * whole, the next run is not troubled by what is left, and a training that is stopped says how to go on, and soon.
 *
 * With AQUATINT_LONG set 300 times each, without it some of them.
 */
#include "commands.h"

#include "base/clock.h"
#include "run/run.h"

struct inject_plan *inject_plan;

/* 5 on a machine that does little else; on one of many tests that is not for sure. */
enum { SECONDS = 30 };
#define LONG_TRAIN                                                                                      \
	"train in/tiny.net in/tiny.data.h5 --resume --quiet --threads 2 --batch 8 --steps 2000 --solver adam " \
	"--record grad:layers=conv1 --record crc --checkpoint-every 300 --eval-every 500 -o"

/* From 0 to `most` seconds, others each time and the same in each run of the test. */
static void wait_random(double most)
{
	static uint32_t count;
	const uint32_t word = aq_rng_word(1, AQ_STREAM_SYNTH, 7, count++, 0);
	usleep((useconds_t)(1e6 * most * word / 4294967296.0));
}

/* ---- killed ---------------------------------------------------------------------------------------- */

static double duration_of(const struct command *command)
{
	const double began = aq_seconds();
	run_well(command->words, command->out);
	const double took = aq_seconds() - began;
	good(aq_file_write(command->out, false, OLDER, strlen(OLDER)));
	return took;
}

static void check_part(const char *part)
{
	char words[128], index[128];
	snprintf(index, sizeof index, "%s/run.h5", part);
	snprintf(words, sizeof words, "snapshot list %s", part);
	if (aq_file_exists(index))
		run_well(words, "");
}

/* Was it in time? */
static bool kill_once(const struct command *command, double most)
{
	char path[64];
	const pid_t child = start(command->words, command->out, false);
	wait_random(most);
	kill(child, SIGKILL);
	const int status = end(child);
	if (!holds(command->out, "older") && !holds(command->out, whole_of(command->out, path)))
		fail_msg("%s: neither the older file nor the new one", command->words);
	check_part(part_of(command->out, path));
	recover(command);
	return WIFSIGNALED(status);
}

static void test_killed(void **state)
{
	(void)state;
	const int each = is_long() ? 300 / COMMANDS + 1 : 60 / FEW;
	int killed = 0, tries = 0;
	for (int i = 0; i < how_many(); i++) {
		const double most = 1.1 * duration_of(&commands[i]);
		for (int k = 0; k < each; k++, tries++)
			killed += kill_once(&commands[i], most);
	}
	print_message("%d of %d times killed before the end\n", killed, tries);
	assert_true(killed > tries / 3);
}

/* ---- asked ----------------------------------------------------------------------------------------- */

static void await_part(pid_t child)
{
	for (int i = 0; i < 3000 && !aq_file_exists("out/y.run.h5.part/segment-0.h5"); i++)
		usleep(1000);
	assert_int_equal(waitpid(child, NULL, WNOHANG), 0);
}

static long steps_of(const char *run)
{
	struct aq_run *open;
	good(aq_run_open(&open, run));
	const long steps = (long)open->done;
	aq_run_close(open);
	return steps;
}

/* Stop at a random moment again and again; it goes on each time from where it was. */
static void test_stopped(void **state)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGXCPU };
	const int wanted = is_long() ? 100 : 8;
	double slowest = 0;
	int stops = 0;
	(void)state;
	run_well(LONG_TRAIN, "whole/y.run.h5");
	for (int tries = 0; stops < wanted; tries++) {
		const long had = aq_file_exists("out/y.run.h5.part/run.h5") ? steps_of("out/y.run.h5.part") : 0;
		const pid_t child = start(LONG_TRAIN, "out/y.run.h5", false);
		wait_random(0.2);
		const double began = aq_seconds();
		kill(child, signals[tries % 3]);
		const int status = end(child);
		const double took = aq_seconds() - began;
		if (WIFSIGNALED(status)) { /* before it listened */
			assert_int_equal(WTERMSIG(status), signals[tries % 3]);
			continue;
		}
		if (WEXITSTATUS(status) == 0) {
			assert_true(holds("out/y.run.h5", "whole/y.run.h5"));
			assert_int_equal(unlink("out/y.run.h5"), 0);
			continue;
		}
		assert_int_equal(WEXITSTATUS(status), -AQ_ESTOPPED);
		assert_true(said("--resume goes on"));
		assert_true(took < SECONDS);
		assert_true(steps_of("out/y.run.h5.part") > had);
		assert_false(has_temporary("out/y.run.h5.part"));
		slowest = took > slowest ? took : slowest;
		stops++;
	}
	run_well(LONG_TRAIN, "out/y.run.h5");
	assert_true(holds("out/y.run.h5", "whole/y.run.h5"));
	print_message("%d stops, %.3f s at the most\n", stops, slowest);
	assert_int_equal(unlink("out/y.run.h5"), 0);
}

/* USR1 makes it write what it has; it goes on and ends as always. */
static void test_saving(void **state)
{
	const int wanted = is_long() ? 100 : 6;
	int saves = 0;
	(void)state;
	while (saves < wanted) {
		int status;
		const pid_t child = start(LONG_TRAIN, "out/y.run.h5", false);
		await_part(child);
		while (waitpid(child, &status, WNOHANG) == 0) {
			wait_random(0.05);
			saves += kill(child, SIGUSR1) == 0;
		}
		assert_int_equal(status, 0);
		assert_true(holds("out/y.run.h5", "whole/y.run.h5"));
		assert_int_equal(unlink("out/y.run.h5"), 0);
	}
	print_message("asked %d times to save\n", saves);
}

/* A second request, seen before the first could be met, ends it at once. */
static void test_twice(void **state)
{
	(void)state;
	const pid_t child = start(LONG_TRAIN, "out/y.run.h5", false);
	await_part(child);
	kill(child, SIGSTOP);
	kill(child, SIGTERM);
	kill(child, SIGINT);
	kill(child, SIGCONT);
	const int status = end(child);
	assert_true(WIFEXITED(status));
	assert_true(WEXITSTATUS(status) == 128 + SIGTERM || WEXITSTATUS(status) == 128 + SIGINT);
	run_well(LONG_TRAIN, "out/y.run.h5");
	assert_true(holds("out/y.run.h5", "whole/y.run.h5"));
	assert_false(aq_file_exists("out/y.run.h5.part"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_stopped),
		cmocka_unit_test(test_saving),
		cmocka_unit_test(test_twice),
	};
	return cmocka_run_group_tests(tests, commands_setup, NULL);
}
