/* SPDX-License-Identifier: MIT
 *
 * mutate.h - HDF5 files damaged on purpose, by accident's ways and by malice's
 *
 * What is done to file number `index` follows from the seed and the index alone.
 */
#ifndef AQ_TESTS_MUTATE_H
#define AQ_TESTS_MUTATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum mutation {
	MUTATE_BITS,	 /* some bits flipped */
	MUTATE_BYTES,	 /* some bytes replaced */
	MUTATE_BLOCK,	 /* bytes within one block of metadata */
	MUTATE_FIELD,	 /* a number of 2, 4 or 8 bytes becomes an extreme one */
	MUTATE_SPLICE,	 /* a piece overwritten by another piece */
	MUTATE_SWAP,	 /* two pieces exchanged */
	MUTATE_CUT,	 /* cut short */
	MUTATE_LONGER,	 /* something behind the end */
	MUTATE_RUN,	 /* a piece of zeros or ones */
	MUTATE_FORGED,	 /* as BLOCK and FIELD, the block's checksum made right again */
	MUTATIONS
};
extern const char *const mutation_names[MUTATIONS];

/* A block of metadata: a signature, and perhaps a checksum over `length` bytes. */
struct block {
	size_t at, length;
	size_t sum;   /* where its checksum stands, 0 where none was found */
	bool in_the_midst; /* the checksum is part of what it is of, as zero */
};

/* A sound file. */
struct patient {
	unsigned char *bytes;
	size_t length;
	struct block *block;
	int blocks, sealed; /* blocks with a checksum come first */
};

/* Find the blocks of a file that was read into `patient`. */
void patient_look(struct patient *patient);

/* A damaged copy in `to`, which has room for twice the length; *length is what it has. */
enum mutation patient_mutate(const struct patient *patient, uint64_t seed, uint64_t index,
			     unsigned char *to, size_t *length);

#endif
