/* SPDX-License-Identifier: MIT
 *
 * signals.c - being asked to stop, or to save, between two steps
 */
#include "base/signals.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static volatile sig_atomic_t stop, save;

static void on_stop(int number)
{
	enum { BY_SIGNAL = 128 };
	if (stop)
		_exit(BY_SIGNAL + number);
	stop = number;
}

static void on_save(int number)
{
	(void)number;
	save = 1;
}

void aq_signals_watch(void)
{
	stop = save = 0;
	static const int stops[] = { SIGTERM, SIGINT, SIGXCPU };
	struct sigaction action = { .sa_handler = on_stop, .sa_flags = SA_RESTART };
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof stops / sizeof *stops; i++)
		sigaction(stops[i], &action, NULL);
	action.sa_handler = on_save;
	sigaction(SIGUSR1, &action, NULL);
}

int aq_signals_stop(void)
{
	return stop;
}

bool aq_signals_save(void)
{
	const bool asked = save;
	save = 0;
	return asked;
}
