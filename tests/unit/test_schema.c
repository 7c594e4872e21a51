/* SPDX-License-Identifier: MIT
 *
 * test_schema.c - every deviation from a schema is found and named, what obeys it passes
 */
#include "story.h"

#include "io/schema.h"
#include "io/schema_rule.h"

static const char text[] =
	"format aquatint-test 1   # a remark\n"
	"\n"
	"attr / steps int\n"
	"attr / part int optional\n"
	"group /options unless part\n"
	"attr /options lr real\n"
	"attr /options * any\n"
	"data /step u64 [t]\n"
	"data /grad/step u64 [s] optional\n"
	"data /grad/{layer}/{param} f32 [t layer.out layer.in] | [t layer.out]\n"
	"data /weights/{layer}/{param} f32 [layer.out layer.in]|[layer.out] optional\n"
	"data /net str []\n"
	"data /tiles/{layer} u8 [* * 3] optional\n"
	"attr /tiles/{layer} scale str\n";

enum change {
	NOTHING,
	OTHER_TYPE,
	OTHER_RANK,
	OTHER_STEPS,
	OTHER_OUT,
	NO_NET,
	NO_GRAD,
	MORE_DATA,
	MORE_GROUP,
	MORE_ATTR,
	NO_ATTR,
	WRONG_ATTR,
	NO_OPTIONS,
	PART,
	FREE_OPTION,
	OTHER_LAYER,
	GREY_TILE,
	TILE_WITHOUT_SCALE,
	DAMAGE,
	CHANGES,
};

/* NULL: it passes */
static const struct { const char *found;
} expected[CHANGES] = {
	[OTHER_TYPE] = {"/step is f32 [4] where u64 [t] is asked for"},
	[OTHER_RANK] = {"/grad/conv1/weight is f32 [4,3,2,1] where f32 [t,layer.out,layer.in] or "
			"[t,layer.out]"},
	[OTHER_STEPS] = {"/grad/conv1/bias: t is 5 here and 4 in /step"},
	[OTHER_OUT] = {"/weights/conv1/bias: conv1.out is 4 here and 3 in /grad/conv1/weight"},
	[NO_NET] = {"dataset /net is missing"},
	[NO_GRAD] = {"dataset /grad/{layer}/{param} is missing"},
	[MORE_DATA] = {"dataset /grad/more is described by no line"},
	[MORE_GROUP] = {"group /nothing is described by no line"},
	[MORE_ATTR] = {"/step has an attribute colour that no line describes"},
	[NO_ATTR] = {"/ has no attribute steps"},
	[WRONG_ATTR] = {"attribute lr of /options is not one number"},
	[NO_OPTIONS] = {"group /options is missing"},
	[GREY_TILE] = {"/tiles/conv1 has a dimension of 1 where 3 is asked for"},
	[TILE_WITHOUT_SCALE] = {"/tiles/conv1 has no attribute scale"},
	[DAMAGE] = {"the contents of /net are damaged"},
};

static void write_head(struct aq_h5 *file, enum change c)
{
	if (c != NO_ATTR)
		ok(aq_h5_set_int(file, "/", "steps", 4));
	if (c == PART)
		ok(aq_h5_set_int(file, "/", "part", 1));
	if (c != NO_OPTIONS && c != PART) {
		ok(aq_h5_make_group(file, "/options"));
		if (c == WRONG_ATTR)
			ok(aq_h5_set_text(file, "/options", "lr", "fast"));
		else
			ok(aq_h5_set_real(file, "/options", "lr", 0.5));
	}
	if (c == FREE_OPTION)
		ok(aq_h5_set_text(file, "/options", "solver", "adam"));
	if (c != NO_NET)
		ok(aq_h5_put_text(file, "/net", "input 3x32x32"));
	if (c == MORE_GROUP)
		ok(aq_h5_make_group(file, "/nothing"));
}

static struct aq_h5 *make(enum change c)
{
	static const float x[64];
	static const uint64_t steps[5];
	static const uint8_t tile[12];
	struct aq_h5 *file;
	ok(aq_h5_create(&file, "schema.h5", "aquatint-test", false));
	write_head(file, c);
	ok(aq_h5_put(file, "/step", AQ_SHAPE1(c == OTHER_TYPE ? AQ_F32 : AQ_U64, 4), steps));
	if (c == MORE_ATTR)
		ok(aq_h5_set_text(file, "/step", "colour", "blue"));
	if (c != NO_GRAD) {
		struct aq_h5_shape shape = AQ_SHAPE4(AQ_F32, 4, 3, 2, 1);
		shape.rank = c == OTHER_RANK ? 4 : 3;
		ok(aq_h5_put(file, "/grad/conv1/weight", shape, x));
		ok(aq_h5_put(file, "/grad/conv1/bias",
			     AQ_SHAPE2(AQ_F32, c == OTHER_STEPS ? 5 : 4, 3), x));
	}
	if (c == OTHER_LAYER)
		ok(aq_h5_put(file, "/weights/conv2/bias", AQ_SHAPE1(AQ_F32, 4), x));
	if (c == OTHER_OUT)
		ok(aq_h5_put(file, "/weights/conv1/bias", AQ_SHAPE1(AQ_F32, 4), x));
	if (c == MORE_DATA)
		ok(aq_h5_put(file, "/grad/more", AQ_SHAPE1(AQ_F32, 4), x));
	if (c == GREY_TILE || c == TILE_WITHOUT_SCALE) {
		ok(aq_h5_put(file, "/tiles/conv1", AQ_SHAPE3(AQ_U8, 2, 2, c == GREY_TILE ? 1 : 3),
			     tile));
		if (c == GREY_TILE)
			ok(aq_h5_set_text(file, "/tiles/conv1", "scale", "sym"));
	}
	ok(aq_h5_publish(file));
	if (c == DAMAGE) {
		char *bytes;
		size_t length;
		ok(aq_file_read("schema.h5", 1 << 20, &bytes, &length));
		char *at = memmem(bytes, length, "3x32x32", 7);
		assert_non_null(at);
		*at = '4';
		put_file("schema.h5", bytes, length);
		free(bytes);
	}
	ok(aq_h5_open(&file, "schema.h5", "aquatint-test"));
	return file;
}

static void test_changes(void **state)
{
	(void)state;
	for (int c = 0; c < CHANGES; c++) {
		struct aq_h5 *file = make((enum change)c);
		const int rc = aq_schema_check_text(file, "test", text);
		if (expected[c].found) {
			bad(rc, AQ_EDATA, expected[c].found);
			bad(rc, AQ_EDATA,
			    "schema.h5 does not obey the schema 'test': 1 deviation\n");
		} else {
			ok(rc);
		}
		aq_h5_close(file);
	}
}

static void test_many(void **state)
{
	(void)state;
	struct aq_h5 *file;
	static const float x[4];
	char name[20];
	ok(aq_h5_create(&file, "many.h5", "aquatint-test", false));
	for (int i = 0; i < 40; i++) {
		snprintf(name, sizeof name, "/x%d", i);
		ok(aq_h5_put(file, name, AQ_SHAPE1(AQ_F32, 4), x));
	}
	ok(aq_h5_publish(file));
	ok(aq_h5_open(&file, "many.h5", "aquatint-test"));
	bad(aq_schema_check_text(file, "other", "format aquatint-test 2\n"), AQ_EDATA,
	    "41 deviations");
	assert_non_null(
		strstr(aq_story(), "version 1, the schema describes aquatint-test version 2"));
	assert_non_null(strstr(aq_story(), "/x10 is"));
	assert_null(strstr(aq_story(), "/x11 is"));
	bad(aq_schema_check(file), AQ_EDATA, "of which there is no schema");
	aq_h5_close(file);
}

static void test_grammar(void **state)
{
	(void)state;
	static const struct { const char *text, *story; } cases[] = {
		{ "", "a line 'format NAME VERSION' is missing" },
		{ "format x", "line 1: wanted: format NAME VERSION" },
		{ "format x 1\nset /x u8 [n]", "line 2: there is no 'set'" },
		{ "format x 1\n\ndata x u8 [n]", "line 3: this is no path: 'x'" },
		{ "format x 1\ndata /x u9 [n]", "unknown type of data 'u9'" },
		{ "format x 1\ndata /x u8 n", "shape in [brackets] is missing before 'n'" },
		{ "format x 1\ndata /x u8 [n", "a bracket is not closed" },
		{ "format x 1\ndata /x u8 [a b c d e f g]", "too many dimensions" },
		{ "format x 1\ndata /x u8 [n] optionally", "unknown word 'optionally'" },
		{ "format x 1\nattr /x lr float", "unknown type of an attribute 'float'" },
	};
	struct aq_arena *mem = aq_arena_new();
	struct aq_rules rules;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		bad(aq_rules_parse(&rules, "bad", cases[i].text, mem), AQ_EDATA, cases[i].story);
	ok(aq_rules_parse(&rules, "test", text, mem));
	assert_int_equal(rules.count, 12);
	/* the four that are built in */
	int n = 0;
	for (; aq_schemas[n].name; n++) {
		char format[40];
		ok(aq_rules_parse(&rules, aq_schemas[n].name, aq_schemas[n].text, mem));
		snprintf(format, sizeof format, "aquatint-%s", aq_schemas[n].name);
		assert_string_equal(rules.format, format);
		assert_int_equal(rules.version, AQ_H5_VERSION);
		assert_true(rules.count > 3);
	}
	assert_int_equal(n, 5);
	aq_arena_free(mem);
}

static void test_patterns(void **state)
{
	(void)state;
	struct aq_names names;
	assert_true(aq_rule_match("/a/{x}/c", "/a/b/c", &names));
	assert_int_equal(names.count, 1);
	assert_memory_equal(names.at[0].value, "b", 1);
	assert_true(aq_rule_match("/", "/", NULL));
	assert_false(aq_rule_match("/a/{x}", "/a", NULL));
	assert_false(aq_rule_match("/a/{x}", "/a/b/c", NULL));
	assert_false(aq_rule_match("/a", "/ab", NULL));
	assert_true(aq_rule_leads("/a/{x}/c", "/a/b"));
	assert_true(aq_rule_leads("/a/{x}/c", "/a"));
	assert_false(aq_rule_leads("/a/{x}/c", "/a/b/c"));
	assert_false(aq_rule_leads("/a/{x}/c", "/b"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_changes), cmocka_unit_test(test_many),
		cmocka_unit_test(test_grammar), cmocka_unit_test(test_patterns),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
