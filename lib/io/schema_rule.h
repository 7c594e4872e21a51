/* SPDX-License-Identifier: MIT
 *
 * schema_rule.h - the lines of a schema, parsed
 */
#ifndef AQ_IO_SCHEMA_RULE_H
#define AQ_IO_SCHEMA_RULE_H

#include "base/arena.h"
#include "io/h5.h"

enum { AQ_RULE_SHAPES = 5, AQ_RULE_NAMES = 8 };

enum aq_rule_kind { AQ_RULE_GROUP = 1, AQ_RULE_DATA, AQ_RULE_ATTR };

enum aq_attr_type { AQ_ATTR_ANY = 1, AQ_ATTR_INT, AQ_ATTR_REAL, AQ_ATTR_TEXT, AQ_ATTR_TEXTS };

struct aq_rule_shape {
	int rank;
	const char *dim[AQ_RANK]; /* "16", "*", "n" or "layer.out" */
};

struct aq_rule {
	enum aq_rule_kind kind;
	int line;
	const char *path;           /* "/grad/{layer}/{param}" */
	bool optional;
	const char *unless;         /* root attribute where it may be missing, or NULL */
	enum aq_h5_type type;       /* of data */
	int shapes;
	struct aq_rule_shape shape[AQ_RULE_SHAPES];
	const char *key;            /* of an attribute; "*" is any */
	enum aq_attr_type attr;
	int seen;                   /* objects that it described */
};

/* "aquatint-run" */
struct aq_rules { const char *format;
	int64_t version;
	int count;
	struct aq_rule *rule;
};

/* Parse `text`, called `name` in messages; everything lives in `mem`. */
int aq_rules_parse(struct aq_rules *rules, const char *name, const char *text,
		   struct aq_arena *mem) AQ_CHECKED;

/* What the {names} of a pattern stand for in a path. */
struct aq_names {
	int count;
	/* not ended: their lengths follow */
	struct { const char *name, *value;
		int name_length, value_length;
	} at[AQ_RULE_NAMES];
};

/* Does `path` match the pattern?  Sets `names`, where not NULL. */
bool aq_rule_match(const char *pattern, const char *path, struct aq_names *names);

/* Is `path` a group on the way to what the pattern matches? */
bool aq_rule_leads(const char *pattern, const char *path);

#endif
