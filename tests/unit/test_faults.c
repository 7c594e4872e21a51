/* SPDX-License-Identifier: MIT
 *
 * Every command is killed at each call by which it changes a file, and each of these calls fails: the file that was
 * there stays until the new one is whole, the message tells the reason and the file, and the next run is not
 * troubled by what is left.
 *
 * With AQUATINT_LONG set each call is tried in each way, without it some of them.
 */
#include "commands.h"

struct inject_plan *inject_plan;

typedef void check(const struct command *command, const struct inject_plan *plan, int status);

static long calls[COMMANDS];

/* How often each command changes a file. */
static int count_calls(void **state)
{
	commands_setup(state);
	for (int i = 0; i < how_many(); i++) {
		assert_int_equal(run_injected(&commands[i], (struct inject_plan){ .way = KILL_AFTER }), 0);
		calls[i] = inject_plan->calls;
		recover(&commands[i]);
	}
	return 0;
}

/* Some of the calls of each command, others each time; or all of them. */
static void try_each(struct inject_plan plan, check *look)
{
	static long turn;
	long tried = 0, all = 0;
	for (int i = 0; i < how_many(); i++) {
		const long stride = is_long() ? 1 : calls[i];
		for (plan.at = 1 + turn++ * 17 % stride; plan.at <= calls[i]; plan.at += stride, tried++) {
			const int status = run_injected(&commands[i], plan);
			look(&commands[i], &plan, status);
		}
		all += calls[i];
	}
	print_message("%ld of %ld calls\n", tried, all);
}

/* ---- killed ---------------------------------------------------------------------------------------- */

static void check_killed(const struct command *command, const struct inject_plan *plan, int status)
{
	char path[64];
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL)
		fail_msg("%s: call %ld: not killed, status %x", command->words, plan->at, (unsigned)status);
	if (!holds(command->out, "older") && !holds(command->out, whole_of(command->out, path)))
		fail_msg("%s: killed at call %ld: neither the older file nor the new one", command->words, plan->at);
	recover(command);
}

static void test_killed(void **state)
{
	(void)state;
	try_each((struct inject_plan){ .way = KILL_AFTER }, check_killed);
	try_each((struct inject_plan){ .way = KILL_WITHIN }, check_killed);
}

/* ---- failing --------------------------------------------------------------------------------------- */

static void check_failed(const struct command *command, const struct inject_plan *plan, int status)
{
	char path[64];
	const char *reason = strerror(plan->error), *name = strchr(command->out, '/') + 1;
	if (status == 0) { /* nobody needed it: a folder that is there already */
		recover(command);
		return;
	}
	if (!WIFEXITED(status))
		fail_msg("%s: call %ld: signal %d", command->words, plan->at, WTERMSIG(status));
	if (WEXITSTATUS(status) != -AQ_EIO && WEXITSTATUS(status) != -AQ_ECREATE)
		fail_msg("%s: call %ld: exit status %d", command->words, plan->at, WEXITSTATUS(status));
	if (!said(reason) || (!said(name) && !said(".csv")))
		fail_msg("%s: call %ld: not told: %s, %s", command->words, plan->at, reason, name);
	/* the folder's sync, the last of all, comes when the file has its name */
	const bool whole = inject_plan->calls == plan->at && holds(command->out, whole_of(command->out, path));
	if (!whole && !holds(command->out, "older"))
		fail_msg("%s: call %ld: the older file is not as it was", command->words, plan->at);
	if (has_temporary("out") || has_temporary(part_of(command->out, path)))
		fail_msg("%s: call %ld: a temporary is left", command->words, plan->at);
	recover(command);
}

static void test_failing(void **state)
{
	static const int errors[] = { ENOSPC, EIO, EDQUOT };
	(void)state;
	for (int i = 0; i < 3; i++) {
		try_each((struct inject_plan){ .way = FAIL_ON, .error = errors[i] }, check_failed);
		try_each((struct inject_plan){ .way = FAIL_ONCE, .error = errors[i] }, check_failed);
	}
}

/* ---- short ----------------------------------------------------------------------------------------- */

static void check_short(const struct command *command, const struct inject_plan *plan, int status)
{
	if (status != 0)
		fail_msg("%s: call %ld: status %x", command->words, plan->at, (unsigned)status);
	recover(command);
}

static void test_short_writes(void **state)
{
	(void)state;
	try_each((struct inject_plan){ .way = SHORT }, check_short);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_failing),
		cmocka_unit_test(test_short_writes),
	};
	return cmocka_run_group_tests(tests, count_calls, NULL);
}
