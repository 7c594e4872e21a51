/* SPDX-License-Identifier: MIT
 *
 * provenance.h - which commands led to a file, and what its contents are known by
 *
 * The root attribute `history` is an array of texts, one a command, oldest first:
 *
 *	aquatint-prep 0.1.0: seed=1 val-every=10; source 5f3a09c1
 *	aquatint-train 0.1.0: solver=adam steps=500; data 8d01fe22
 *
 * program, version, the arguments that change the result, and the digests of its inputs.  No times
 * and no names of files or hosts: the same command on the same inputs writes the same bytes.
 */
#ifndef AQ_IO_PROVENANCE_H
#define AQ_IO_PROVENANCE_H

#include "io/h5.h"

/* Carry the records of an input over to a file being written, leaving out those it has already. */
int aq_history_copy(struct aq_h5 *from, struct aq_h5 *to) AQ_CHECKED;

/* Add the record of the command that writes `to`: program ("aquatint-snapshot cut"), our version,
 * and the arguments that change the result ("" for none). */
int aq_history_add(struct aq_h5 *to, const char *program, const char *arguments) AQ_CHECKED;

/* Name an input of the newest record: "data", and its digest. */
int aq_history_input(struct aq_h5 *to, const char *what, uint32_t digest) AQ_CHECKED;

/* The records, malloc'd as one block: free(*records) frees all; none is no failure. */
int aq_history_read(struct aq_h5 *file, char ***records, int *count) AQ_CHECKED;

/* One CRC-32 of all contents: names, types, shapes and checksums of the datasets and all attributes
 * but the history, in the order they were made.  Reads no data: it is cheap, and trusts the
 * checksums. */
int aq_h5_digest(struct aq_h5 *file, uint32_t *digest) AQ_CHECKED;

#endif
