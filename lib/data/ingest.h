/* SPDX-License-Identifier: MIT
 *
 * ingest.h - from sources of pictures to one data file
 *
 * Pictures stream through: read, chosen by class and number, made alike, packed and written.  Only
 * where contrast or whitening is to be fitted are the training pictures kept in memory, as bytes.
 */
#ifndef AQ_DATA_INGEST_H
#define AQ_DATA_INGEST_H

#include "base/err.h"
#include "data/prepare.h"
#include "data/source.h"
#include "data/trim.h"

#include <stdbool.h>
#include <stdint.h>

struct aq_ingest {
	const char *const *sources;
	int count;
	const char *out;
	bool keep;         /* do not replace `out` */
	int64_t limit;     /* most pictures to train on, those put aside for val included; 0 for
			      all, or the size of a drawn set */
	int64_t test_limit; /* likewise, to test on */
	int val_every;     /* training picture i goes to val if i % val_every == 0; 0 for none */
	uint64_t seed;
	const char *classes;        /* "a,b,c": these alone, in this order; NULL for all */
	struct aq_trim trim;
	enum aq_mean mean;
	bool contrast, whiten;
	int threads;                /* 0: as many as there are processors */
	const char *program, *arguments; /* for the file's history */
};

struct aq_ingested {
	uint64_t count[AQ_SPLITS];
	int channels, height, width;
	struct aq_names classes; /* to be freed with aq_names_free() */
	const char *kind;        /* of source */
};

int aq_ingest(const struct aq_ingest *ingest, struct aq_ingested *done) AQ_CHECKED;

#endif
