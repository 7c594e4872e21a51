/* SPDX-License-Identifier: MIT
 *
 * readers.h - everything that reads files of ours, and a sum of what it hands out
 */
#ifndef AQ_TESTS_READERS_H
#define AQ_TESTS_READERS_H

#include <stdint.h>

/* CRC-32 of the elements of datasets, and of all that is made of attributes, too. */
struct sums {
	uint32_t numbers, words;
	int gaps; /* parts that a file may do without, and did */
};

/* One way to read a file; 0, or a negative code when it is refused. */
struct reader {
	const char *name;
	int (*read)(const char *path, struct sums *sums);
	int every; /* runs on one of so many files: some are slow */
};

/* A kind of file: the sound one, and what a reader is given when another stands in its place. */
struct subject {
	const char *name;
	const char *sound;   /* file */
	const char *damaged; /* where the damaged one goes */
	const char *opened;  /* what is named to the readers */
	const struct reader *readers;
};

enum { SUBJECTS = 7 };
extern const struct subject subjects[SUBJECTS];

/* Make the sound files, in the present folder. */
void make_subjects(void);

#endif
