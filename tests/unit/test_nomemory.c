/* SPDX-License-Identifier: MIT
 *
 * Every request for memory of every command fails once: exit status 71 and a message, nothing half written, and no
 * death.  Requests of libpng and zlib fail as well, and those of HDF5.
 *
 * HDF5 itself does not survive all of them: it recurses without end where it finds no memory while it starts, leaves
 * its own lists damaged elsewhere, and takes some, as those of zlib, for other errors.  What stood before stays all
 * the same.
 *
 * With AQUATINT_LONG set each request of ours is tried, without it some of them.
 */
#include "commands.h"

struct inject_plan *inject_plan;

static const char *const whose_names[] = { "our", "HDF5's", "libpng's", "zlib's" };

/* What the libraries do over a failed request is nothing that a sanitizer would let pass. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { TRIED = OURS + 1 };
#else
enum { TRIED = WHOSE };
#endif

/* Of other libraries' requests: ended by a signal, other exit statuses. */
static long died, misnamed;

static void check_status(const struct command *command, const struct inject_plan *plan, int status)
{
	const char *whose = whose_names[plan->whose];
	if (WIFSIGNALED(status) && plan->whose == HDF5S)
		died++;
	else if (WIFSIGNALED(status))
		fail_msg("%s: %s request %ld: signal %d", command->words, whose, plan->at, WTERMSIG(status));
	else if (WEXITSTATUS(status) == -AQ_ENOMEM && said("memory"))
		return;
	else if ((plan->whose == HDF5S || plan->whose == ZLIBS) && WEXITSTATUS(status) >= -AQ_EDATA && said("HDF5 says"))
		misnamed++;
	else
		fail_msg("%s: %s request %ld: exit status %d", command->words, whose, plan->at, WEXITSTATUS(status));
}

static void check(const struct command *command, const struct inject_plan *plan, int status)
{
	char path[64];
	const char *whose = whose_names[plan->whose];
	if (status == 0) { /* done without, as a picture of fewer colours is */
		recover(command);
		return;
	}
	check_status(command, plan, status);
	/* the last words may fail, too, when the file is there */
	if (!holds(command->out, "older") && !holds(command->out, whole_of(command->out, path)))
		fail_msg("%s: %s request %ld: the older file is not as it was", command->words, whose, plan->at);
	if (!WIFSIGNALED(status) && (has_temporary("out") || has_temporary(part_of(command->out, path))))
		fail_msg("%s: %s request %ld: a temporary is left", command->words, whose, plan->at);
}

static void try_some(const struct command *command, enum inject_whose whose, long requests)
{
	enum { SOME = 2, MANY = 200 };
	const long most = !is_long() ? SOME : whose == OURS ? requests : MANY;
	const long stride = requests > most ? (requests + most - 1) / most : 1;
	long tried = 0;
	struct inject_plan plan = { .what = INJECT_MEMORY, .way = FAIL_ONCE, .whose = whose, .at = 1 };
	died = misnamed = 0;
	for (; plan.at <= requests; plan.at += stride, tried++) {
		const int status = run_injected(command, plan);
		check(command, &plan, status);
	}
	print_message("%ld of %ld of %s requests, %ld deaths, %ld taken for something else\n", tried, requests,
		      whose_names[whose], died, misnamed);
}

static void test_requests(void **state)
{
	(void)state;
	for (int i = 0; i < how_many(); i++) {
		long requests[WHOSE];
		print_message("%s\n", commands[i].words);
		assert_int_equal(run_injected(&commands[i], (struct inject_plan){ .what = INJECT_MEMORY }), 0);
		recover(&commands[i]);
		memcpy(requests, inject_plan->requests, sizeof requests);
		assert_true(requests[OURS] > 0 && requests[HDF5S] > 0);
		for (int whose = 0; whose < TRIED; whose++)
			try_some(&commands[i], (enum inject_whose)whose, requests[whose]);
		recover(&commands[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_requests),
	};
	return cmocka_run_group_tests(tests, commands_setup, NULL);
}
