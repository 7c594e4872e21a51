/* SPDX-License-Identifier: MIT
 *
 * schema_rule.c - the lines of a schema, parsed
 */
#include "io/schema_rule.h"

#include <stdlib.h>
#include <string.h>

/* Where in a text the parser is; a line is read word by word. */
struct reader {
	const char *name;
	struct aq_arena *mem;
	int line;
	const char *at, *end; /* the rest of the line */
};

static int wrong(const struct reader *r, const char *what, const char *word)
{
	return aq_fail(AQ_EDATA, "schema %s, line %d: %s '%s'", r->name, r->line, what,
		       word ? word : "");
}

/* The next word, or NULL at the end of the line; brackets and bars are words by themselves. */
static char *next(struct reader *r)
{
	while (r->at < r->end && (*r->at == ' ' || *r->at == '\t'))
		r->at++;
	if (r->at == r->end || *r->at == '#')
		return NULL;
	const char *from = r->at++;
	const bool single = strchr("[]|", *from);
	while (!single && r->at < r->end && !strchr(" \t[]|#", *r->at))
		r->at++;
	return aq_arena_text(r->mem, from, (size_t)(r->at - from));
}

static int find(const char *word, const char *const *words)
{
	for (int i = 0; word && words[i]; i++)
		if (strcmp(words[i], word) == 0)
			return i;
	return -1;
}

static int read_shapes(struct reader *r, struct aq_rule *rule, char **word)
{
	*word = next(r);
	for (;; *word = next(r)) {
		if (!*word || strcmp(*word, "[") != 0)
			return wrong(r, "a shape in [brackets] is missing before", *word);
		if (rule->shapes == AQ_RULE_SHAPES)
			return wrong(r, "too many shapes before", *word);
		struct aq_rule_shape *shape = &rule->shape[rule->shapes++];
		while ((*word = next(r)) && strcmp(*word, "]") != 0) {
			if (shape->rank == AQ_RANK)
				return wrong(r, "too many dimensions before", *word);
			shape->dim[shape->rank++] = *word;
		}
		if (!*word)
			return wrong(r, "a bracket is not closed", NULL);
		*word = next(r);
		if (!*word || strcmp(*word, "|") != 0)
			return AQ_OK;
	}
}

static int read_rule(struct reader *r, const char *kind, struct aq_rule *rule)
{
	static const char *const kinds[] = { "", "group", "data", "attr", NULL };
	static const char *const types[] = {"",	   "u8",  "i32", "u32", "u64",
					    "f32", "f64", "str", NULL};
	static const char *const attrs[] = { "", "any", "int", "real", "str", "strs", NULL };
	char *word;
	int rc = AQ_OK;
	const int found = find(kind, kinds);
	if (found < AQ_RULE_GROUP)
		return wrong(r, "there is no", kind);
	*rule = (struct aq_rule){
		.kind = (enum aq_rule_kind)found, .line = r->line, .path = next(r)};
	if (!rule->path || rule->path[0] != '/')
		return wrong(r, "this is no path:", rule->path);
	if (rule->kind == AQ_RULE_ATTR) {
		rule->key = next(r);
		const int type = find(word = next(r), attrs);
		if (type < AQ_ATTR_ANY)
			return wrong(r, "unknown type of an attribute", word);
		rule->attr = (enum aq_attr_type)type;
	}
	if (rule->kind == AQ_RULE_DATA) {
		const int type = find(word = next(r), types);
		if (type < AQ_U8)
			return wrong(r, "unknown type of data", word);
		rule->type = (enum aq_h5_type)type;
		AQ_TRY(read_shapes(r, rule, &word));
	} else {
		word = next(r);
	}
	for (; word; word = next(r)) {
		if (strcmp(word, "optional") == 0)
			rule->optional = true;
		else if (strcmp(word, "unless") != 0 || !(rule->unless = next(r)))
			return wrong(r, "unknown word", word);
	}
done:
	return rc;
}

static int read_format(struct reader *r, struct aq_rules *rules)
{
	const char *const format = next(r), *const version = format ? next(r) : NULL;
	if (!version || next(r))
		return wrong(r, "wanted: format NAME VERSION, not", format);
	rules->format = format;
	rules->version = atoll(version);
	return AQ_OK;
}

int aq_rules_parse(struct aq_rules *rules, const char *name, const char *text, struct aq_arena *mem)
{
	int lines = 1, rc = AQ_OK;
	for (const char *at = text; *at; at++)
		lines += *at == '\n';
	*rules = (struct aq_rules){.rule = aq_arena_take(mem, (size_t)lines, sizeof *rules->rule)};
	if (!rules->rule)
		return AQ_ENOMEM;
	struct reader r = { .name = name, .mem = mem, .line = 1, .at = text };
	for (; *r.at; r.at = r.end + (*r.end == '\n'), r.line++) {
		r.end = strchrnul(r.at, '\n');
		const char *kind = next(&r);
		if (!kind)
			continue;
		if (strcmp(kind, "format") == 0)
			AQ_TRY(read_format(&r, rules));
		else
			AQ_TRY(read_rule(&r, kind, &rules->rule[rules->count++]));
	}
	if (!rules->format)
		rc = wrong(&r, "a line 'format NAME VERSION' is missing", NULL);
done:
	return rc;
}

/* ---- patterns -------------------------------------------------------------------------------- */

/* Match one member of a path; both pointers go to its end. */
static bool match_member(const char **pattern, const char **path, struct aq_names *names)
{
	const char *const p = *pattern, *const s = *path;
	const char *const p_end = strchrnul(p, '/'), *const s_end = strchrnul(s, '/');
	*pattern = p_end;
	*path = s_end;
	if (*p != '{')
		return p_end - p == s_end - s && memcmp(p, s, (size_t)(p_end - p)) == 0;
	if (names && names->count < AQ_RULE_NAMES) {
		const int i = names->count++;
		names->at[i].name = p + 1;
		names->at[i].name_length = (int)(p_end - p) - 2;
		names->at[i].value = s;
		names->at[i].value_length = (int)(s_end - s);
	}
	return s_end > s;
}

bool aq_rule_match(const char *pattern, const char *path, struct aq_names *names)
{
	if (names)
		names->count = 0;
	while (*pattern == '/' && *path == '/') {
		pattern++;
		path++;
		if (!match_member(&pattern, &path, names))
			return false;
	}
	return !*pattern && !*path;
}

bool aq_rule_leads(const char *pattern, const char *path)
{
	while (*pattern == '/' && *path == '/') {
		pattern++;
		path++;
		if (!match_member(&pattern, &path, NULL))
			return false;
	}
	return *pattern == '/' && !*path;
}
