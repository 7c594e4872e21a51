/* SPDX-License-Identifier: MIT
 *
 * signals.h - being asked to stop, or to save, between two steps
 *
 * The handlers only set flags.  A second request to stop ends the program at once.
 */
#ifndef AQ_BASE_SIGNALS_H
#define AQ_BASE_SIGNALS_H

#include <stdbool.h>

/* From now on TERM, INT and XCPU ask to stop, USR1 asks to save and go on; nothing has been asked
 * yet. */
void aq_signals_watch(void);

/* The signal that asked to stop, or 0. */
int aq_signals_stop(void);

/* True once for each request to save. */
bool aq_signals_save(void);

#endif
