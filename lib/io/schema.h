/* SPDX-License-Identifier: MIT
 *
 * schema.h - files held against the text that describes them
 *
 * schemas/{data,run,snap,weights}.schema say line by line what a file of each format holds; the
 * texts are built into the program.  Their grammar stands in schemas/README.
 */
#ifndef AQ_IO_SCHEMA_H
#define AQ_IO_SCHEMA_H

#include "io/h5.h"

/* Hold `file` against the schema of its format, and every dataset against its checksum.  AQ_EDATA,
 * with the first deviations as the story, when it does not hold. */
int aq_schema_check(struct aq_h5 *file) AQ_CHECKED;

/* The same against the text of any schema, called `name` in messages. */
int aq_schema_check_text(struct aq_h5 *file, const char *name, const char *text) AQ_CHECKED;

/* The texts, made from schemas/ when the program is built; ended by a NULL name. */
/* "data": of files whose format is aquatint-data */
struct aq_schema { const char *name;
	const char *text;
};
extern const struct aq_schema aq_schemas[];

#endif
