/* SPDX-License-Identifier: MIT
 *
 * A picture tells the commands that led to it, oldest first, the newest ones where there are too
 * many.
 */
#include "view/credit.h"

#include "io/provenance.h"
#include "story.h"

#include <unistd.h>

static void make(const char *path, int records)
{
	struct aq_h5 *file;
	char arguments[32];
	ok(aq_h5_create(&file, path, "aquatint-data", false));
	for (int i = 1; i <= records; i++) {
		snprintf(arguments, sizeof arguments, "seed=%d", i);
		ok(aq_history_add(file, "aquatint-prep", arguments));
	}
	ok(aq_h5_publish(file));
}

/* Take the credits of a file with so many records and check them all. */
static void check(int records, const char *arguments)
{
	struct aq_h5 *file;
	struct aq_credit credit;
	char key[32], end[32];
	const int first = records > AQ_CREDITS ? records - AQ_CREDITS + 1 : 1;
	const int sources = records - first + 1;
	make("credit.h5", records);
	ok(aq_h5_open(&file, "credit.h5", NULL));
	ok(aq_credit_take(&credit, file, "aquatint-render panel", arguments));
	assert_int_equal(credit.count, sources + 1 + !!*arguments);
	for (int i = 0; i < sources; i++) {
		snprintf(key, sizeof key, "Source %d", first + i);
		snprintf(end, sizeof end, ": seed=%d", first + i);
		assert_string_equal(credit.text[i].key, key);
		const size_t length = strlen(credit.text[i].value);
		assert_true(length > strlen(end));
		assert_string_equal(credit.text[i].value + length - strlen(end), end);
		assert_memory_equal(credit.text[i].value, "aquatint-prep ", 14);
	}
	assert_string_equal(credit.text[sources].key, "Software");
	assert_string_equal(credit.text[sources].value, "aquatint-render panel");
	if (*arguments) {
		assert_string_equal(credit.text[sources + 1].key, "Command");
		assert_string_equal(credit.text[sources + 1].value, arguments);
	}
	aq_credit_free(&credit);
	aq_credit_free(&credit); /* once more does no harm */
	aq_h5_close(file);
	assert_int_equal(unlink("credit.h5"), 0);
}

static void test_credits(void **state)
{
	(void)state;
	check(0, "step=3");
	check(1, "");
	check(3, "layer=conv1");
	check(AQ_CREDITS, "step=3");
	check(AQ_CREDITS + 5, "step=3");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_credits) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
