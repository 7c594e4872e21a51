/* SPDX-License-Identifier: MIT
 *
 * spool.h - bytes put aside in order and taken back in the same order, in a file without a name
 *
 * For what is gone over twice, does not fit into memory, and would cost much to have again.
 */
#ifndef AQ_IO_SPOOL_H
#define AQ_IO_SPOOL_H

#include "base/err.h"

#include <stddef.h>

struct aq_spool;

int aq_spool_new(struct aq_spool **spool) AQ_CHECKED;
int aq_spool_put(struct aq_spool *spool, const void *bytes, size_t length) AQ_CHECKED;

/* The first one goes back to the beginning; nothing can be put any more. */
int aq_spool_take(struct aq_spool *spool, void *bytes, size_t length) AQ_CHECKED;
void aq_spool_free(struct aq_spool *spool); /* accepts NULL */

#endif
