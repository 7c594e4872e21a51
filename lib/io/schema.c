/* SPDX-License-Identifier: MIT
 *
 * schema.c - files held against the text that describes them
 */
#include "io/schema.h"

#include "io/schema_rule.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_TOLD = 12 };

/* A dimension that was given a size: by its name, or by the name of the layer and its own. */
struct bound {
	char *name;
	uint64_t size;
	char *where; /* the dataset that gave it */
	struct bound *next;
};

struct check {
	struct aq_h5 *file;
	struct aq_rules rules;
	struct aq_arena *mem;
	struct bound *bound;
	struct aq_str told; /* deviations, a line each */
	int deviations;
	int rc; /* what is no deviation of the file: no memory, failing disk */
};

static void tell(struct check *c, const char *fmt, ...) AQ_PRINTF(2, 3);

static void tell(struct check *c, const char *fmt, ...)
{
	va_list args;
	if (c->deviations++ >= MOST_TOLD)
		return;
	aq_str_add(&c->told, "\n  ");
	va_start(args, fmt);
	aq_str_addv(&c->told, fmt, args);
	va_end(args);
}

/* A failure while looking: bad data is a deviation, anything else ends the check. */
static int tell_failure(struct check *c, int rc)
{
	if (rc != AQ_EDATA)
		return rc;
	tell(c, "%s", aq_story());
	return AQ_OK;
}

/* ---- dimensions ------------------------------------------------------------------------------ */

/* "layer.out" with {layer} being conv1 is "conv1.out". */
static char *bound_name(struct check *c, const char *dim, const struct aq_names *names)
{
	struct aq_str full = { 0 };
	const char *dot = strchr(dim, '.');
	const int length = dot ? (int)(dot - dim) : 0;
	for (int i = 0; dot && i < names->count; i++)
		if (names->at[i].name_length == length &&
		    memcmp(names->at[i].name, dim, (size_t)length) == 0)
			aq_str_add(&full, "%.*s", names->at[i].value_length, names->at[i].value);
	aq_str_add(&full, "%s", dot ? dot : dim);
	char *name = aq_str_check(&full) < 0 ? NULL : aq_arena_text(c->mem, full.at, full.length);
	aq_str_free(&full);
	return name;
}

static int bind(struct check *c, const char *path, const char *dim, uint64_t size,
		const struct aq_names *names)
{
	if (strcmp(dim, "*") == 0)
		return AQ_OK;
	if (*dim >= '0' && *dim <= '9') {
		if (strtoull(dim, NULL, 10) != size)
			tell(c, "%s has a dimension of %llu where %s is asked for", path,
			     (unsigned long long)size, dim);
		return AQ_OK;
	}
	char *name = bound_name(c, dim, names);
	if (!name)
		return AQ_ENOMEM;
	struct bound *bound = c->bound;
	while (bound && strcmp(bound->name, name) != 0)
		bound = bound->next;
	if (bound && bound->size != size)
		tell(c, "%s: %s is %llu here and %llu in %s", path, name, (unsigned long long)size,
		     (unsigned long long)bound->size, bound->where);
	if (bound)
		return AQ_OK;
	bound = aq_arena_take(c->mem, 1, sizeof *bound);
	if (!bound)
		return AQ_ENOMEM;
	*bound = (struct bound){ name, size, aq_arena_text(c->mem, path, strlen(path)), c->bound };
	c->bound = bound;
	return bound->where ? AQ_OK : AQ_ENOMEM;
}

static void print_wanted(const struct aq_rule *rule, struct aq_str *to)
{
	aq_str_add(to, "%s", aq_h5_type_name(rule->type));
	for (int s = 0; s < rule->shapes; s++) {
		aq_str_add(to, s ? " or [" : " [");
		for (int i = 0; i < rule->shape[s].rank; i++)
			aq_str_add(to, "%s%s", i ? "," : "", rule->shape[s].dim[i]);
		aq_str_add(to, "]");
	}
}

static int check_shape(struct check *c, const struct aq_rule *rule, const char *path,
		       const struct aq_names *names)
{
	struct aq_h5_shape shape;
	int rc = aq_h5_shape(c->file, path, &shape);
	if (rc < 0)
		return tell_failure(c, rc);
	const struct aq_rule_shape *fit = NULL;
	for (int s = 0; s < rule->shapes && !fit; s++)
		if (rule->shape[s].rank == shape.rank)
			fit = &rule->shape[s];
	if (fit && shape.type == rule->type) {
		for (int i = 0; i < shape.rank && rc == AQ_OK; i++)
			rc = bind(c, path, fit->dim[i], shape.dim[i], names);
		return rc;
	}
	struct aq_str is = { 0 }, wanted = { 0 };
	aq_h5_shape_print(&shape, false, &is);
	print_wanted(rule, &wanted);
	tell(c, "%s is %s where %s is asked for", path, aq_str_text(&is), aq_str_text(&wanted));
	aq_str_free(&is);
	aq_str_free(&wanted);
	return rc;
}

/* ---- attributes ------------------------------------------------------------------------------ */

/* What the HDF5 layer and viewers put on objects; described once, in schemas/README. */
static bool is_usual(const char *path, const char *key)
{
	static const char *const usual[] = {
		"crc32",
		"rows",
		"axes",
		"CLASS",
		"NAME",
		"DIMENSION_LIST",
		"REFERENCE_LIST",
		"IMAGE_VERSION",
		"IMAGE_SUBCLASS",
		"IMAGE_MINMAXRANGE",
		"IMAGE_WHITE_IS_ZERO",
		"INTERLACE_MODE",
		"DISPLAY_ORIGIN",
		"NX_class",
		"signal",
		"default",
	};
	static const char *const root[] = { "format", "format_version", "history" };
	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
		if (strcmp(key, usual[i]) == 0)
			return true;
	for (size_t i = 0; !path[1] && i < sizeof root / sizeof *root; i++)
		if (strcmp(key, root[i]) == 0)
			return true;
	return false;
}

static struct aq_rule *attr_rule(struct check *c, const char *path, const char *key)
{
	for (int i = 0; i < c->rules.count; i++) {
		struct aq_rule *rule = &c->rules.rule[i];
		if (rule->kind == AQ_RULE_ATTR && aq_rule_match(rule->path, path, NULL) &&
		    (strcmp(rule->key, "*") == 0 || strcmp(rule->key, key) == 0))
			return rule;
	}
	return NULL;
}

static int read_attr(struct check *c, const struct aq_rule *rule, const char *path, const char *key)
{
	int rc = AQ_OK, count;
	int64_t whole;
	double real;
	char *text = NULL, **texts = NULL;
	struct aq_str printed = { 0 };
	switch (rule->attr) {
	case AQ_ATTR_INT:
		rc = aq_h5_attr_int(c->file, path, key, &whole);
		break;
	case AQ_ATTR_REAL:
		rc = aq_h5_attr_real(c->file, path, key, &real);
		break;
	case AQ_ATTR_TEXT:
		rc = aq_h5_attr_text(c->file, path, key, &text);
		break;
	case AQ_ATTR_TEXTS:
		rc = aq_h5_attr_texts(c->file, path, key, &texts, &count);
		break;
	case AQ_ATTR_ANY:
		rc = aq_h5_attr_print(c->file, path, key, &printed);
		break;
	}
	free(text);
	free(texts);
	aq_str_free(&printed);
	return rc < 0 ? tell_failure(c, rc) : rc;
}

static int check_attrs(struct check *c, const char *path)
{
	char **keys;
	int count;
	int rc = aq_h5_list(c->file, path, AQ_H5_ATTRIBUTE, &keys, &count);
	if (rc < 0)
		return tell_failure(c, rc);
	for (int i = 0; i < count && rc == AQ_OK; i++) {
		struct aq_rule *rule = attr_rule(c, path, keys[i]);
		if (rule)
			rc = read_attr(c, rule, path, keys[i]);
		else if (!is_usual(path, keys[i]))
			tell(c, "%s has an attribute %s that no line describes", path, keys[i]);
	}
	/* each object that is there must have the attributes that are not optional */
	for (int r = 0; r < c->rules.count && rc == AQ_OK; r++) {
		const struct aq_rule *rule = &c->rules.rule[r];
		if (rule->kind != AQ_RULE_ATTR || rule->optional ||
		    !aq_rule_match(rule->path, path, NULL) || strcmp(rule->key, "*") == 0 ||
		    (rule->unless && aq_h5_has_attr(c->file, "/", rule->unless)))
			continue;
		bool there = false;
		for (int i = 0; i < count; i++)
			there |= strcmp(keys[i], rule->key) == 0;
		if (!there)
			tell(c, "%s has no attribute %s", path, rule->key);
	}
	free(keys);
	return rc;
}

/* ---- objects --------------------------------------------------------------------------------- */

static int check_object(void *self, const char *path, enum aq_h5_kind kind)
{
	struct check *c = self;
	struct aq_names names;
	struct aq_rule *rule = NULL;
	bool leads = false;
	int rc = AQ_OK;
	for (int i = 0; i < c->rules.count && !rule; i++) {
		struct aq_rule *each = &c->rules.rule[i];
		const bool fits =
			each->kind == (kind == AQ_H5_GROUP ? AQ_RULE_GROUP : AQ_RULE_DATA);
		if (fits && aq_rule_match(each->path, path, &names))
			rule = each;
		leads |= kind == AQ_H5_GROUP && aq_rule_leads(each->path, path);
	}
	if (!rule && !leads) {
		tell(c, "%s %s is described by no line", kind == AQ_H5_GROUP ? "group" : "dataset",
		     path);
		return AQ_OK;
	}
	if (rule)
		rule->seen++;
	if (rule && kind == AQ_H5_DATASET) {
		AQ_TRY(check_shape(c, rule, path, &names));
		rc = aq_h5_check(c->file, path);
		if (rc < 0)
			AQ_TRY(tell_failure(c, rc));
	}
	AQ_TRY(check_attrs(c, path));
done:
	return rc;
}

static void check_missing(struct check *c)
{
	for (int i = 0; i < c->rules.count; i++) {
		const struct aq_rule *rule = &c->rules.rule[i];
		if (rule->kind == AQ_RULE_ATTR || rule->optional || rule->seen ||
		    (rule->unless && aq_h5_has_attr(c->file, "/", rule->unless)))
			continue;
		tell(c, "%s %s is missing", rule->kind == AQ_RULE_GROUP ? "group" : "dataset",
		     rule->path);
	}
}

static int check_head(struct check *c)
{
	int64_t version;
	int rc = aq_h5_attr_int(c->file, "/", "format_version", &version);
	if (rc < 0)
		return tell_failure(c, rc);
	if (strcmp(c->rules.format, aq_h5_format(c->file)) != 0 || c->rules.version != version)
		tell(c, "the file is %s version %lld, the schema describes %s version %lld",
		     aq_h5_format(c->file), (long long)version, c->rules.format,
		     (long long)c->rules.version);
	return check_attrs(c, "/");
}

int aq_schema_check_text(struct aq_h5 *file, const char *name, const char *text)
{
	struct check c = { .file = file, .mem = aq_arena_new() };
	int rc = AQ_ENOMEM;
	if (!c.mem)
		return rc;
	AQ_TRY(aq_rules_parse(&c.rules, name, text, c.mem));
	AQ_TRY(check_head(&c));
	rc = aq_h5_walk(file, check_object, &c);
	if (rc < 0)
		AQ_TRY(tell_failure(&c, rc));
	check_missing(&c);
	if (c.deviations > 0)
		rc = aq_fail(AQ_EDATA, "%s does not obey the schema '%s': %d deviation%s%s%s",
			     aq_h5_path(file), name, c.deviations, c.deviations > 1 ? "s" : "",
			     aq_str_text(&c.told), c.deviations > MOST_TOLD ? "\n  ..." : "");
done:
	aq_str_free(&c.told);
	aq_arena_free(c.mem);
	return rc;
}

int aq_schema_check(struct aq_h5 *file)
{
	static const char prefix[] = "aquatint-";
	const char *format = aq_h5_format(file);
	if (strncmp(format, prefix, sizeof prefix - 1) == 0)
		format += sizeof prefix - 1;
	for (const struct aq_schema *schema = aq_schemas; schema->name; schema++)
		if (strcmp(schema->name, format) == 0)
			return aq_schema_check_text(file, schema->name, schema->text);
	return aq_fail(AQ_EDATA, "%s is of format %s, of which there is no schema",
		       aq_h5_path(file), aq_h5_format(file));
}
