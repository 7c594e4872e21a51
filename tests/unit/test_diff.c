/* SPDX-License-Identifier: MIT
 *
 * One bit of one weight changes between two steps of a training: diff names the step, the tensor
 * and the index, and verify finds that the run is no longer what its options make.
 */
#include "tiny.h"

#include "io/gz.h"
#include "run/diff.h"
#include "run/verify.h"

#include <hdf5.h>
#include <signal.h>
#include <unistd.h>

#define FOLDER "diff.dir"
#define DATA FOLDER "/tiny.data.h5"
#define WHOLE FOLDER "/whole.run.h5"
#define FULL FOLDER "/full.run.h5" /* with the weights of every step */
#define OTHER FOLDER "/other.run.h5"

enum { LENGTH = 8 }; /* steps of a segment */

#define COMMON                                                                        \
	"steps=20 batch=5 solver=momentum lr=0.05 augment=flip,shift=1 eval_every=1 " \
	"checkpoint_every=8 record=crc record=grad:every=4 "

/* ---- a training that is stopped and goes on -------------------------------------------------- */

static int64_t stop_at;

static void ear_scored(const struct aq_trainer *t, enum aq_split split, struct aq_score score)
{
	(void)score;
	if (split == AQ_TEST && t->step == stop_at)
		raise(SIGTERM);
}

static void stop(int64_t step, const char *more)
{
	static const struct aq_session_ear ear = { .scored = ear_scored };
	stop_at = step;
	bad(tiny_train(FOLDER, OTHER, COMMON, more, &ear), AQ_ESTOPPED, "--resume goes on");
}

static int resume(const char *more)
{
	char words[128];
	snprintf(words, sizeof words, "resume %s", more);
	return tiny_train(FOLDER, OTHER, COMMON, words, NULL);
}

static int setup(void **state)
{
	(void)state;
	tiny_inputs(FOLDER);
	good(tiny_train(FOLDER, WHOLE, COMMON, "", NULL));
	good(tiny_train(FOLDER, FULL, COMMON, "record=weights", NULL));
	return 0;
}

/* ---- one bit --------------------------------------------------------------------------------- */

struct plant {
	int64_t step;
	const char *tensor; /* LAYER/PARAM */
	size_t at;	    /* flat index */
	const char *index;  /* the same in words */
	float was, is;
};

static uint32_t bits_of(float value)
{
	uint32_t bits;
	memcpy(&bits, &value, sizeof bits);
	return bits;
}

/* The last bit of the mantissa the other way: one unit up or down. */
static float neighbour(float value)
{
	const uint32_t bits = bits_of(value) ^ 1;
	memcpy(&value, &bits, sizeof value);
	return value;
}

/* Change the checkpoint that `--resume` goes on from, in place. */
static void plant(struct plant *p, bool fix_checksum)
{
	char path[128], name[128];
	float values[256];
	snprintf(path, sizeof path, OTHER ".part/segment-%d.h5", (int)(p->step / LENGTH));
	snprintf(name, sizeof name, "/checkpoint/%d/weights/%s", (int)p->step, p->tensor);
	const hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
	const hid_t set = H5Dopen2(file, name, H5P_DEFAULT), space = H5Dget_space(set);
	const size_t count = (size_t)H5Sget_simple_extent_npoints(space);
	assert_in_range(count, p->at + 1, sizeof values / sizeof *values);
	assert_true(H5Dread(set, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
	p->was = values[p->at];
	p->is = values[p->at] = neighbour(p->was);
	assert_true(H5Dwrite(set, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
	if (fix_checksum) {
		const uint32_t crc = aq_crc(0, values, count * sizeof *values);
		const hid_t attr = H5Aopen(set, "crc32", H5P_DEFAULT);
		assert_true(H5Awrite(attr, H5T_NATIVE_UINT32, &crc) >= 0);
		H5Aclose(attr);
	}
	H5Sclose(space);
	H5Dclose(set);
	assert_true(H5Fclose(file) >= 0);
}

static int diff(const char *a, const char *b, const char *data, struct aq_str *words)
{
	const struct aq_wants all = { true, true, true, true };
	struct aq_replay left = { 0 }, right = { 0 };
	good(aq_replay_open(&left, a, data, 1, all, false));
	good(aq_replay_open(&right, b, data, 1, all, false));
	const int rc = aq_diff(&left, &right, words);
	aq_replay_close(&left);
	aq_replay_close(&right);
	return rc;
}

static int verify(const char *run, const char *steps)
{
	struct aq_replay replay;
	struct aq_verified verified;
	good(aq_replay_open(&replay, run, DATA, 1, (struct aq_wants){ 0 }, true));
	const int rc = aq_verify(&replay, steps, &verified);
	aq_replay_close(&replay);
	return rc;
}

/* The two must differ, and the story must say `text`, ended by the values of the plant where there
 * is one: those of `first` and of the other run. */
static void differ(int rc, const char *text, const struct plant *p, bool planted_first)
{
	char words[256];
	const float first = planted_first ? p->is : p->was, second = planted_first ? p->was : p->is;
	snprintf(words, sizeof words, "step %d %s%s%s: %.9g (bits %08x) and %.9g (bits %08x)",
		 (int)p->step, text, p->tensor, p->index, (double)first, bits_of(first),
		 (double)second, bits_of(second));
	assert_int_equal(rc, AQ_EDIFFER);
	if (!strstr(aq_story(), words))
		fail_msg("'%s' is not in: %s", words, aq_story());
}

/* ---- tests ----------------------------------------------------------------------------------- */

static void test_nothing_planted(void **state)
{
	(void)state;
	struct aq_str words = { 0 };
	stop(8, "");
	good(resume(""));
	good(diff(WHOLE, OTHER, DATA, &words));
	good(diff(WHOLE, OTHER, NULL, &words));
	assert_int_equal(words.length, 0);
	good(verify(OTHER, NULL));
	assert_int_equal(unlink(OTHER), 0);
}

/* Between two segments: the checkpoint stays in the run, and the step can be looked into. */
static void test_one_bit_of_a_checkpoint(void **state)
{
	(void)state;
	static struct plant plants[] = {
		{ .step = 8, .tensor = "conv1/weight", .at = 22, .index = "[2,0,1,1]" },
		{ .step = 8, .tensor = "dense1/bias", .at = 1, .index = "[1]" },
		/* the next update rounds this one away: no row of the record shows it */
		{ .step = 16, .tensor = "dense1/weight", .at = 64, .index = "[1,16]" },
		{ .step = 16, .tensor = "conv1/bias", .at = 2, .index = "[2]" },
	};
	static const char said[] = "is the first that differs, in the weights before it: ";
	for (size_t i = 0; i < sizeof plants / sizeof *plants; i++) {
		struct plant *p = &plants[i];
		struct aq_str words = { 0 };
		char found[64];
		stop(p->step, "");
		plant(p, true);
		good(resume(""));
		differ(diff(WHOLE, OTHER, DATA, &words), said, p, false);
		differ(diff(WHOLE, OTHER, NULL, &words), said, p, false);
		differ(diff(OTHER, WHOLE, NULL, &words), said, p, true);
		assert_int_equal(words.length, 0); /* they were told the same */
		snprintf(found, sizeof found, "differs in /checkpoint/%d/weights/", (int)p->step);
		differ(verify(OTHER, NULL), found, p, true);
		assert_int_equal(unlink(OTHER), 0);
	}
}

/* Within a segment: the state is in no checkpoint of the run, but in the weights, where these were
 * recorded, or behind a checksum. */
static void test_one_bit_between_checkpoints(void **state)
{
	(void)state;
	struct plant p = { .step = 13, .tensor = "conv1/weight", .at = 22, .index = "[2,0,1,1]" };
	struct aq_str words = { 0 };
	stop(p.step, "record=weights");
	plant(&p, true);
	good(resume("record=weights"));
	differ(diff(FULL, OTHER, DATA, &words), "is the first that differs, in /weights/", &p,
	       false);
	differ(verify(OTHER, NULL), "differs in /weights/", &p, true);
	good(verify(OTHER, ":13"));
	assert_int_equal(words.length, 0);
	bad(diff(WHOLE, OTHER, DATA, &words), AQ_EDIFFER,
	    "step 13 is the first that differs, in /crc/conv1/weight: ");
	assert_non_null(strstr(aq_story(), "snapshot verify tells which"));
	bad(diff(WHOLE, OTHER, NULL, &words), AQ_EDIFFER, "give --data to see the values");
	aq_str_free(&words); /* the options differ: --record */
	assert_int_equal(unlink(OTHER), 0);
}

/* Without the checksum that belongs to it the bit is found at once. */
static void test_a_broken_checkpoint(void **state)
{
	(void)state;
	struct plant p = { .step = 13, .tensor = "dense1/weight", .at = 5 };
	stop(p.step, "");
	plant(&p, false);
	bad(resume(""), AQ_EDATA, "/checkpoint/13/weights/dense1/weight");
	assert_false(aq_file_exists(OTHER));
	assert_int_equal(system("rm -r " OTHER ".part"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_planted),
		cmocka_unit_test(test_one_bit_of_a_checkpoint),
		cmocka_unit_test(test_one_bit_between_checkpoints),
		cmocka_unit_test(test_a_broken_checkpoint),
	};
	return cmocka_run_group_tests(tests, setup, NULL);
}
