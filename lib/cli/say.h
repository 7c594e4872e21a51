/* SPDX-License-Identifier: MIT
 *
 * say.h - the voice of a command: started and stopped by its frame (see cmd.h for what commands
 * use)
 */
#ifndef AQ_CLI_SAY_H
#define AQ_CLI_SAY_H

#include <stdbool.h>

/* Install the listener and the signal handlers that remove an unfinished output. */
void aq_say_start(bool json, bool quiet, bool verbose);

/* End a progress bar; returns `rc`. */
int aq_say_stop(int rc);

#endif
