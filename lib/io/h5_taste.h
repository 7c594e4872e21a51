/* SPDX-License-Identifier: MIT
 *
 * h5_taste.h - what parent and child of a probe say to each other
 *
 * A request is one packet, its answer one byte, the death of the child the end of the stream.
 */
#ifndef AQ_IO_H5_TASTE_H
#define AQ_IO_H5_TASTE_H

#include "io/h5.h"

#include <limits.h>

/* To open a file is to open its root, with all attributes. */
enum aq_taste { AQ_TASTE_OPEN, AQ_TASTE_OBJECT, AQ_TASTE_LIST, AQ_TASTE_BOX, AQ_TASTE_CLOSE };

enum {
	AQ_TASTE_FINE = 'y', /* it was done, or the library told why it cannot be */
	AQ_TASTE_LARGE = 'm', /* memory was short */
	AQ_TASTE_MIB = 1024, /* of memory on top of what the parent has */
};

/* Seconds of the processor for one request, of which some milliseconds are usual; tests have less
 * time. */
extern int aq_taste_seconds;

struct aq_taste_request {
	enum aq_taste what;
	uint32_t file; /* a number of the parent's choice */
	int rank;
	uint64_t offset[AQ_RANK], extent[AQ_RANK];
	char name[PATH_MAX]; /* of the file to open, or within the file; sent up to its end */
};

/* The child: serve requests until the parent closes its end. */
_Noreturn void aq_taste_serve(int fd);

#endif
