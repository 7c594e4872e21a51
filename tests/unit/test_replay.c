/* SPDX-License-Identifier: MIT
 *
 * What a run recorded, what can be computed of it afterwards, and that the two are the same bits.
 */
#include "tiny.h"

#include "io/gz.h"
#include "nn/solver.h"
#include "run/snap.h"

#include <float.h>
#include <math.h>
#include <signal.h>
#include <unistd.h>

#define FOLDER "replay.dir"
#define FULL FOLDER "/full.run.h5" /* everything recorded */
#define BARE FOLDER "/bare.run.h5" /* nothing but the checksums */
#define PART FOLDER "/part.run.h5" /* the gradients, stopped after STOPPED steps */
#define DATA FOLDER "/tiny.data.h5"
#define SNAP FOLDER "/x.snap.h5"

enum { STEPS = 30, STOPPED = 23 };
static const double l1 = 1e-3, l2 = 2e-3, longest = 1.5;

#define COMMON                                                                                    \
	"steps=30 batch=5 solver=momentum lr=0.05 l1=1e-3 l2=2e-3 clip=1.5 augment=flip,shift=1 " \
	"lr_schedule=cosine eval_every=7 "
#define STAGES "record=grad record=reg_grad record=clip_grad record=update record=weights "

static void ear_scored(const struct aq_trainer *t, enum aq_split split, struct aq_score score)
{
	(void)score;
	if (t->step == STOPPED && split == AQ_TEST)
		raise(SIGTERM);
}

static int setup(void **state)
{
	(void)state;
	static const struct aq_session_ear ear = {.scored = ear_scored};
	tiny_inputs(FOLDER);
	good(tiny_train(FOLDER, FULL, COMMON, STAGES "record=stats record=crc checkpoint_every=10",
			NULL));
	good(tiny_train(FOLDER, BARE, COMMON, "record=crc checkpoint_every=13", NULL));
	bad(tiny_train(FOLDER, PART, COMMON, "record=grad checkpoint_every=8 eval_every=1", &ear),
	    AQ_ESTOPPED, "23 of 30");
	return 0;
}

static int cut(const char *run, const char *data, int64_t step, const char *examples)
{
	struct aq_replay replay;
	const struct aq_snap_args args = {.step = step,
					  .examples = examples,
					  .out = SNAP,
					  .program = "test",
					  .arguments = ""};
	int rc = aq_replay_open(&replay, run, data, 2, aq_snap_wants(), false);
	if (rc == AQ_OK)
		rc = aq_snap_write(&replay, &args);
	aq_replay_close(&replay);
	return rc;
}

static int weights(const char *run, const char *data, int64_t step, const char *out)
{
	struct aq_replay replay;
	const struct aq_snap_args args = {
		.step = step, .out = out, .program = "test", .arguments = ""};
	int rc = aq_replay_open(&replay, run, data, 2, (struct aq_wants){0}, false);
	if (rc == AQ_OK)
		rc = aq_snap_weights(&replay, &args);
	aq_replay_close(&replay);
	return rc;
}

/* One row of what was recorded; to be freed. */
static float *row(struct aq_run *run, enum aq_what kind, int param, int part, uint64_t step)
{
	const struct aq_column *column = aq_run_column(run, kind, param, part);
	assert_non_null(column);
	struct aq_h5_shape shape = column->shape;
	shape.dim[0] = 1;
	float *data = malloc(aq_h5_bytes(&shape));
	assert_non_null(data);
	good(aq_run_read(run, column, step, 1, data));
	return data;
}

static float *part_of(const char *path, const char *kind, const struct aq_run *run, int param)
{
	char name[128];
	struct aq_h5 *file;
	const struct aq_param *p = run->net->param[param];
	struct aq_h5_shape shape = {.type = AQ_F32, .rank = p->rank};
	void *data;
	snprintf(name, sizeof name, "/%s/%s/%s", kind, run->net->owner[param]->name, p->name);
	good(aq_h5_open(&file, path, NULL));
	good(aq_h5_get(file, name, &shape, &data));
	aq_h5_close(file);
	return data;
}

/* ---- the record
 * ---------------------------------------------------------------------------------------- */

static void test_stages_follow(void **state)
{
	(void)state;
	struct aq_run *run;
	good(aq_run_open(&run, FULL));
	assert_int_equal(run->done, STEPS);
	bool clipped = false, whole = false;
	for (uint64_t step = 0; step < STEPS; step++) {
		double norm = 0;
		for (int i = 0; i < run->net->params; i++) {
			const struct aq_param *param = run->net->param[i];
			float *g = row(run, AQ_GRAD, i, 0, step),
			      *r = row(run, AQ_REG_GRAD, i, 0, step);
			float *w = row(run, AQ_WEIGHTS, i, 0, step);
			const double decay = strcmp(param->name, "bias") == 0 ? 0 : 1;
			for (size_t k = 0; k < param->count; k++) {
				const double sign = w[k] > 0 ? 1 : w[k] < 0 ? -1 : 0;
				const double want =
					(double)g[k] + decay * (l2 * (double)w[k] + l1 * sign);
				assert_true(fabs((double)r[k] - want) <=
					    1e-6 * (fabs(want) + 1e-3));
				norm += (double)r[k] * (double)r[k];
			}
			free(g);
			free(r);
			free(w);
		}
		norm = sqrt(norm);
		const double scale = norm > longest ? longest / norm : 1;
		clipped |= norm > longest;
		whole |= norm <= longest;
		const float *lr = row(run, AQ_STEP, 0, 2, step);
		for (int i = 0; i < run->net->params; i++) {
			const size_t count = run->net->param[i]->count;
			float *r = row(run, AQ_REG_GRAD, i, 0, step),
			      *c = row(run, AQ_CLIP_GRAD, i, 0, step);
			float *u = row(run, AQ_UPDATE, i, 0, step);
			float *before = step ? row(run, AQ_UPDATE, i, 0, step - 1)
					     : calloc(count, sizeof *before);
			assert_non_null(before);
			for (size_t k = 0; k < count; k++) {
				const double want = scale * (double)r[k];
				assert_true(fabs((double)c[k] - want) <=
					    1e-6 * (fabs(want) + 1e-3));
				/* momentum's velocity is its update */
				const double moved =
					0.9 * (double)before[k] - (double)*lr * (double)c[k];
				assert_true(fabs((double)u[k] - moved) <=
					    1e-6 * (fabs(moved) + 1e-3));
			}
			free(r);
			free(c);
			free(u);
			free(before);
		}
		free((float *)(uintptr_t)lr);
	}
	assert_true(clipped && whole);
	aq_run_close(run);
}

/* weights(t+1) = weights(t) + update(t), and the CRC is that of weights(t+1): to the last bit. */
static void test_weights_move_by_the_update(void **state)
{
	(void)state;
	struct aq_run *run;
	good(aq_run_open(&run, FULL));
	for (uint64_t step = 0; step + 1 < STEPS; step++)
		for (int i = 0; i < run->net->params; i++) {
			const size_t count = run->net->param[i]->count;
			float *w = row(run, AQ_WEIGHTS, i, 0, step),
			      *u = row(run, AQ_UPDATE, i, 0, step);
			float *next = row(run, AQ_WEIGHTS, i, 0, step + 1),
			      *crc = row(run, AQ_CRC, i, 0, step);
			uint32_t word;
			for (size_t k = 0; k < count; k++)
				w[k] += u[k];
			assert_memory_equal(w, next, count * sizeof *w);
			memcpy(&word, crc, sizeof word);
			assert_int_equal(word, aq_crc(0, next, count * sizeof *next));
			free(w);
			free(u);
			free(next);
			free(crc);
		}
	aq_run_close(run);
}

static void near(double have, double want)
{
	if (isnan(want))
		assert_true(isnan(have));
	else if (fabs(have - want) > 1e-5 * fabs(want) + 1e-7)
		fail_msg("%.9g instead of %.9g", have, want);
}

static void test_stats(void **state)
{
	(void)state;
	struct aq_run *run;
	good(aq_run_open(&run, FULL));
	for (uint64_t step = 0; step < STEPS; step += 9)
		for (int i = 0; i < run->net->params; i++) {
			const size_t count = run->net->param[i]->count;
			float *g = row(run, AQ_GRAD, i, 0, step),
			      *u = row(run, AQ_UPDATE, i, 0, step);
			float *w = row(run, AQ_WEIGHTS, i, 0, step);
			float *p = step ? row(run, AQ_GRAD, i, 0, step - 1) : NULL;
			double want[AQ_STATS_COUNT] = {(double)g[0], (double)g[0]}, uu = 0, ww = 0,
			       gp = 0, pp = 0;
			for (size_t k = 0; k < count; k++) {
				const double v = (double)g[k], before = p ? (double)p[k] : NAN;
				want[AQ_STAT_MIN] = fmin(want[AQ_STAT_MIN], v);
				want[AQ_STAT_MAX] = fmax(want[AQ_STAT_MAX], v);
				want[AQ_STAT_MEAN] += v / (double)count;
				want[AQ_STAT_L1] += fabs(v);
				want[AQ_STAT_L2] += v * v;
				want[AQ_STAT_ZEROS] += v == 0 ? 1 / (double)count : 0;
				uu += (double)u[k] * (double)u[k];
				ww += (double)w[k] * (double)w[k];
				gp += v * before;
				pp += before * before;
			}
			for (size_t k = 0; k < count; k++)
				want[AQ_STAT_STD] +=
					pow((double)g[k] - want[AQ_STAT_MEAN], 2) / (double)count;
			want[AQ_STAT_STD] = sqrt(want[AQ_STAT_STD]);
			want[AQ_STAT_L2] = sqrt(want[AQ_STAT_L2]);
			want[AQ_STAT_UPDATE_RATIO] = sqrt(uu / ww);
			want[AQ_STAT_COSINE] = gp / (want[AQ_STAT_L2] * sqrt(pp));
			for (int s = 0; s < AQ_STATS_COUNT; s++) {
				float *have = row(run, AQ_STATS, i, s, step);
				if (isfinite(want[s]) || isnan(want[s]))
					near((double)*have, want[s]);
				free(have);
			}
			free(g);
			free(u);
			free(w);
			free(p);
		}
	aq_run_close(run);
}

/* bits=N keeps the nearest number of N bits of mantissa, ties to even. */
static void test_rounded_record(void **state)
{
	(void)state;
	struct aq_run *full, *few;
	good(tiny_train(FOLDER, FOLDER "/few.run.h5", COMMON,
			"record=grad:bits=6:every=4 record=update:bits=1:layers=dense1 "
			"record=weights:bits=22",
			NULL));
	good(aq_run_open(&full, FULL));
	good(aq_run_open(&few, FOLDER "/few.run.h5"));
	assert_null(aq_run_column(few, AQ_UPDATE, 0, 0)); /* conv1 */
	assert_int_equal(aq_run_rows(few, aq_run_column(few, AQ_GRAD, 0, 0)), 8);
	static const struct {
		enum aq_what what;
		int bits;
		uint64_t every;
	} kinds[] = {{AQ_GRAD, 6, 4}, {AQ_UPDATE, 1, 1}, {AQ_WEIGHTS, 22, 1}};
	for (int kind = 0; kind < 3; kind++)
		for (int i = 0; i < full->net->params; i++)
			for (uint64_t step = 0; step < STEPS; step += 4) {
				if (!aq_run_column(few, kinds[kind].what, i, 0))
					continue;
				float *v = row(full, kinds[kind].what, i, 0, step);
				float *have =
					row(few, kinds[kind].what, i, 0, step / kinds[kind].every);
				for (size_t k = 0; k < full->net->param[i]->count; k++) {
					int exponent;
					const double part = frexp((double)v[k], &exponent);
					const int shift = kinds[kind].bits + 1;
					const double want = ldexp(nearbyint(ldexp(part, shift)),
								  exponent - shift);
					assert_true((double)have[k] == want);
				}
				free(v);
				free(have);
			}
	uint64_t steps[8];
	good(aq_run_read(few, aq_run_find(few, "/grad/step"), 0, 8, steps));
	for (uint64_t k = 0; k < 8; k++)
		assert_int_equal(steps[k], 4 * k);
	aq_run_close(full);
	aq_run_close(few);
}

/* A number of every kind, most of them at random. */
static float any_number(uint32_t n)
{
	static const uint32_t few[] = { 0, 0x80000000u, 1, 0x80000001u, 3, 5, 0x007fffffu, 0x00800000u, 0x00ffffffu,
					0x7f7fffffu, 0xff7fffffu, 0x7f7f0000u, 0x3f800001u, 0x3fffffffu };
	uint32_t word = n * 2654435761u ^ n << 13;
	if (n < sizeof few / sizeof *few)
		word = few[n];
	else if (n % 3 == 0)
		word &= 0x80ffffffu; /* below the normal ones, or just above */
	if ((word & 0x7f800000u) == 0x7f800000u)
		word ^= 0x40000000u;
	float number;
	memcpy(&number, &word, sizeof number);
	return number;
}

/* What the file says of its rounded numbers is so: as many bits, and no error beyond the bound. */
static void test_bound_holds(void **state)
{
	(void)state;
	struct aq_replay replay;
	good(aq_replay_open(&replay, FOLDER "/few.run.h5", DATA, 1, (struct aq_wants){ 0 }, true));
	const struct aq_record *record = &replay.run->record;
	int tried = 0;
	for (int i = 0; i < record->columns; i++) {
		const struct aq_column *column = &record->column[i];
		aq_real *flat = column->what == AQ_GRAD	      ? replay.trainer->grad
				: column->what == AQ_UPDATE  ? replay.trainer->stages.update
				: column->what == AQ_WEIGHTS ? replay.trainer->before
							     : NULL;
		if (!flat)
			continue;
		int64_t bits;
		double bound;
		good(aq_h5_attr_int(replay.run->file, column->name, "bits", &bits));
		good(aq_h5_attr_real(replay.run->file, column->name, "relative_error", &bound));
		assert_int_equal(bits, column->bits);
		aq_real *want = flat + column->param->offset;
		for (uint32_t turn = 0; turn < 100000; turn += (uint32_t)column->param->count) {
			for (size_t k = 0; k < column->param->count; k++)
				want[k] = any_number(turn + (uint32_t)k);
			const float *have = aq_rows_at(replay.rows, column);
			for (size_t k = 0; k < column->param->count; k++, tried++) {
				const double v = (double)want[k], h = (double)have[k];
				int exponent;
				const double part = ldexp(frexp(h, &exponent), (int)bits + 1);
				if (!(fabs(h - v) <= bound * fabs(v)))
					fail_msg("%a became %a with %d bits", v, h, (int)bits);
				/* what cannot be rounded up without becoming infinite stays */
				assert_true(part == nearbyint(part) || fabs(h) > (double)FLT_MAX * (1 - bound));
				assert_true(signbit(h) == signbit(v));
			}
		}
	}
	assert_true(tried > 500000);
	aq_replay_close(&replay);
}

static void test_evals(void **state)
{
	(void)state;
	struct aq_run *run;
	struct aq_evals evals;
	static const uint64_t steps[] = {7, 14, 21, 28, 30};
	good(aq_run_open(&run, FULL));
	good(aq_run_evals(run, 0, run->done, &evals));
	assert_int_equal(evals.count, 10);
	for (uint64_t i = 0; i < evals.count; i++) {
		assert_int_equal(evals.step[i], steps[i / 2]);
		assert_int_equal(evals.split[i], i % 2 ? AQ_TEST : AQ_VAL);
		assert_true(isfinite(evals.loss[i]) && evals.error[i] >= 0 && evals.error[i] <= 1);
		assert_true(evals.top5[i] == 0); /* there are three classes */
	}
	aq_evals_free(&evals);
	/* the last ones, as they stand at the end; among a few, those that are asked for */
	assert_int_equal(aq_run_evaluated(run), 30);
	good(aq_run_evals(run, 30, 30, &evals));
	assert_true(evals.count > 1 && evals.count < 10);
	assert_int_equal(evals.step[evals.count - 1], 30);
	assert_int_equal(evals.step[evals.count - 2], 30);
	aq_evals_free(&evals);
	good(aq_run_evals(run, 14, 14, &evals));
	bool there = false;
	for (uint64_t i = 0; i < evals.count; i++)
		there |= evals.step[i] == 14;
	assert_true(there);
	aq_evals_free(&evals);
	good(aq_run_evals(run, 31, 40, &evals));
	assert_int_equal(evals.count, 0);
	aq_evals_free(&evals);
	aq_run_close(run);
	good(aq_run_open(&run, PART ".part"));
	assert_int_equal(run->done, STOPPED);
	good(aq_run_evals(run, 0, run->done, &evals));
	assert_int_equal(evals.count, 2 * STOPPED);
	assert_int_equal(evals.step[2 * STOPPED - 1], STOPPED);
	aq_evals_free(&evals);
	aq_run_close(run);
}

/* ---- opening a step
 * ---------------------------------------------------------------------------------- */

/* All stages of a snap are what the full run recorded of the step. */
static void compare_with_record(int64_t step)
{
	static const struct {
		enum aq_what what;
		const char *name;
	} kinds[] = {{AQ_GRAD, "grad"},
		     {AQ_REG_GRAD, "reg_grad"},
		     {AQ_CLIP_GRAD, "clip_grad"},
		     {AQ_UPDATE, "update"},
		     {AQ_WEIGHTS, "weights"}};
	struct aq_run *run;
	good(aq_run_open(&run, FULL));
	for (int kind = 0; kind < 5; kind++)
		for (int i = 0; i < run->net->params; i++) {
			float *have = part_of(SNAP, kinds[kind].name, run, i);
			float *want = row(run, kinds[kind].what, i, 0, (uint64_t)step);
			assert_memory_equal(have, want, run->net->param[i]->count * sizeof *have);
			free(have);
			free(want);
		}
	aq_run_close(run);
}

static void test_cut_is_what_recording_gives(void **state)
{
	(void)state;
	static const int64_t steps[] = {0, 2, 9, 10, 12, 22, 29};
	for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
		good(cut(FULL, DATA, steps[k], NULL));
		compare_with_record(steps[k]);
		good(cut(BARE, DATA, steps[k], NULL));
		compare_with_record(steps[k]);
		if (steps[k] < STOPPED) {
			good(cut(PART ".part", DATA, steps[k], NULL));
			compare_with_record(steps[k]);
		}
	}
	good(cut(BARE, DATA, -1, NULL));
	compare_with_record(STEPS - 1);
	good(cut(BARE, DATA, -STEPS, NULL));
	compare_with_record(0);
}

static void test_examples_add_up(void **state)
{
	(void)state;
	struct aq_run *run;
	good(aq_run_open(&run, BARE));
	/* step 2 is the last of an epoch: 3 examples instead of 5 */
	for (int64_t step = 1; step < 3; step++) {
		good(cut(BARE, DATA, step, NULL));
		struct aq_h5 *file;
		struct aq_h5_shape shape = AQ_SHAPE1(AQ_F32, 0);
		float *loss;
		double sum = 0, mean, all = 0, off = 0;
		good(aq_h5_open(&file, SNAP, "aquatint-snap"));
		good(aq_h5_get(file, "/example/loss", &shape, (void **)&loss));
		const size_t n = shape.dim[0];
		assert_int_equal(n, step == 2 ? 3 : 5);
		for (size_t k = 0; k < n; k++)
			sum += (double)loss[k] / (double)n;
		good(aq_h5_attr_real(file, "/", "loss", &mean));
		near(sum, mean);
		free(loss);
		for (int i = 0; i < run->net->params; i++) {
			const struct aq_param *param = run->net->param[i];
			char name[128];
			snprintf(name, sizeof name, "/example_grad/%s/%s", run->net->owner[i]->name,
				 param->name);
			struct aq_h5_shape each = {.type = AQ_F32, .rank = 1 + param->rank};
			float *grads, *grad = part_of(SNAP, "grad", run, i);
			good(aq_h5_get(file, name, &each, (void **)&grads));
			assert_int_equal(each.dim[0], n);
			for (size_t k = 0; k < param->count; k++) {
				double of_all = 0;
				for (size_t e = 0; e < n; e++)
					of_all += (double)grads[e * param->count + k] / (double)n;
				off += pow(of_all - (double)grad[k], 2);
				all += pow((double)grad[k], 2);
			}
			free(grads);
			free(grad);
		}
		assert_true(all > 0 && off <= 1e-12 * all);
		aq_h5_close(file);
	}
	aq_run_close(run);
}

static void test_chosen_examples(void **state)
{
	(void)state;
	struct aq_h5 *file;
	struct aq_h5_shape shape = AQ_SHAPE1(AQ_U64, 0), maps = AQ_SHAPE4(AQ_F32, 0, 3, 8, 8);
	uint64_t *index;
	float *out;
	char *split;
	good(cut(BARE, DATA, 14, "test:1-4"));
	compare_with_record(14); /* the step itself is that of its own batch */
	good(aq_h5_open(&file, SNAP, "aquatint-snap"));
	good(aq_h5_get(file, "/example/index", &shape, (void **)&index));
	assert_int_equal(shape.dim[0], 4);
	for (uint64_t k = 0; k < 4; k++)
		assert_int_equal(index[k], k + 1);
	good(aq_h5_attr_text(file, "/example", "split", &split));
	assert_string_equal(split, "test");
	good(aq_h5_get(file, "/activation/conv1", &maps, (void **)&out));
	assert_int_equal(maps.dim[0], 4);
	free(index);
	free(split);
	free(out);
	aq_h5_close(file);
	good(cut(BARE, DATA, 14, "val:1"));
	bad(cut(BARE, DATA, 14, "test:0-5"), AQ_EUSAGE, "examples 0 to 4");
	bad(cut(BARE, DATA, 14, "test:3-2"), AQ_EUSAGE, "test:3-2");
	bad(cut(BARE, DATA, 14, "test:-1"), AQ_EUSAGE, "such as test:0-15");
	bad(cut(BARE, DATA, 14, "test:0-"), AQ_EUSAGE, "such as test:0-15");
	bad(cut(BARE, DATA, 14, "tests:0"), AQ_EUSAGE, "such as test:0-15");
	bad(cut(BARE, DATA, 14, "3"), AQ_EUSAGE, "such as test:0-15");
	bad(cut(BARE, DATA, 14, "test:99999999999999999999"), AQ_EUSAGE, "examples 0 to 4");
}

static void test_steps_out_of_range(void **state)
{
	(void)state;
	assert_int_equal(unlink(SNAP), 0);
	bad(cut(FULL, DATA, STEPS + 1, NULL), AQ_EUSAGE, "its steps are 0 to 29");
	bad(cut(FULL, DATA, -STEPS - 1, NULL), AQ_EUSAGE, "no step -31");
	bad(cut(PART ".part", DATA, STOPPED + 1, NULL), AQ_EUSAGE, "not finished");
	bad(weights(FULL, NULL, STEPS + 1, SNAP), AQ_EUSAGE, "its steps are 0 to 29");
	assert_false(aq_file_exists(SNAP) || aq_file_exists(SNAP ".tmp"));
}

/* ---- the weights of a step
 * --------------------------------------------------------------------------- */

static void test_weights_without_data(void **state)
{
	(void)state;
	static const int64_t steps[] = {0, 7, 10, 13, 22, 30};
	struct aq_run *run;
	good(aq_run_open(&run, FULL));
	for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
		good(weights(FULL, NULL, steps[k], FOLDER "/a.weights.h5"));
		good(weights(FULL, DATA, steps[k], FOLDER "/b.weights.h5"));
		tiny_same(FOLDER "/a.weights.h5", FOLDER "/b.weights.h5");
		if (steps[k] == STEPS)
			continue;
		for (int i = 0; i < run->net->params; i++) {
			float *have = part_of(FOLDER "/a.weights.h5", "weights", run, i);
			float *want = row(run, AQ_WEIGHTS, i, 0, (uint64_t)steps[k]);
			assert_memory_equal(have, want, run->net->param[i]->count * sizeof *have);
			free(have);
			free(want);
		}
	}
	aq_run_close(run);
	good(weights(PART ".part", NULL, STOPPED, FOLDER "/a.weights.h5"));
	good(weights(PART ".part", DATA, STOPPED, FOLDER "/b.weights.h5"));
	tiny_same(FOLDER "/a.weights.h5", FOLDER "/b.weights.h5");
}

static void test_weights_need_data(void **state)
{
	(void)state;
	good(weights(BARE, NULL, 13, FOLDER "/a.weights.h5"));
	bad(weights(BARE, NULL, 14, FOLDER "/a.weights.h5"), AQ_EUSAGE, "give --data");
	good(weights(BARE, DATA, 14, FOLDER "/a.weights.h5"));
}

static void test_wrong_data(void **state)
{
	(void)state;
	tiny_data(FOLDER "/other.data.h5", 77);
	bad(cut(FULL, FOLDER "/other.data.h5", 3, NULL), AQ_EDATA,
	    "other.data.h5 is not the data set of");
	bad(cut(FULL, FULL, 3, NULL), AQ_EDATA, "aquatint-data");
	bad(cut(DATA, DATA, 3, NULL), AQ_EDATA, "aquatint-run");
	bad(cut(FOLDER "/none.run.h5", DATA, 3, NULL), AQ_ENOINPUT, "none.run.h5");
	bad(cut(PART, DATA, 3, NULL), AQ_ENOINPUT, "part.run.h5.part");
}

/* ---- runs that lie
 * ----------------------------------------------------------------------------------- */

struct lie {
	int64_t steps, epoch_steps;
	const char *net, *says;
	bool no_step, no_options;
};

static void tell(const struct lie *lie)
{
	static const char *const parts[] = {"/loss", "/lr", "/crc", "/checkpoint", "/eval"};
	struct aq_h5 *from, *to;
	good(aq_h5_open(&from, BARE, NULL));
	good(aq_h5_create(&to, FOLDER "/lie.run.h5", "aquatint-run", false));
	if (lie->net)
		good(aq_h5_put_text(to, "/net", lie->net));
	else
		good(aq_h5_copy(to, from, "/net"));
	if (!lie->no_options)
		good(aq_h5_copy(to, from, "/options"));
	if (!lie->no_step)
		good(aq_h5_copy(to, from, "/step"));
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		good(aq_h5_copy(to, from, parts[i]));
	good(aq_h5_set_int(to, "/", "steps", lie->steps));
	good(aq_h5_set_int(to, "/", "epoch_steps", lie->epoch_steps));
	good(aq_h5_publish(to));
	aq_h5_close(from);
}

static void test_lies(void **state)
{
	(void)state;
	static const struct lie lies[] = {
		{.steps = -1, .epoch_steps = 3, .says = "cannot be"},
		{.steps = INT64_MAX, .epoch_steps = 3, .says = "cannot be"},
		{.steps = STEPS, .epoch_steps = 0, .says = "cannot be"},
		{.steps = STEPS - 1, .epoch_steps = 3, .says = "/step does not fit"},
		{.steps = STEPS, .epoch_steps = 3, .net = "input 1x8x8\nconv\n", .says = "/net:2"},
		{.steps = STEPS, .epoch_steps = 3, .no_step = true, .says = "/step"},
		{.steps = STEPS, .epoch_steps = 3, .no_options = true, .says = "/options"},
	};
	struct aq_run *run;
	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		tell(&lies[i]);
		bad(aq_run_open(&run, FOLDER "/lie.run.h5"), AQ_EDATA, lies[i].says);
		assert_null(run);
	}
	/* the network of the text and the weights of the checkpoint */
	static const struct lie wide = {.steps = STEPS,
					.epoch_steps = 3,
					.net = "input 1x8x8\ndense units=3 -> conv1\n"
					       "dense units=3\nloss softmax\n"};
	tell(&wide);
	bad(weights(FOLDER "/lie.run.h5", DATA, 0, SNAP), AQ_EDATA, "conv1/weight");
	assert_false(aq_file_exists(SNAP));
}

/* A folder whose only segment says of itself what is not so. */
static void test_lying_segments(void **state)
{
	(void)state;
	static const struct {
		int64_t first, steps, evals;
		const char *says;
	} lies[] = {
		{1, 8, 2, "does not belong to the run"},
		{-1, 8, 2, "remove it"},
		{0, 9, 2, "does not belong to the run"},
		{0, -8, 2, "remove it"},
		{0, 8, -1, "remove it"},
		{0, 8, INT64_MAX, "rows of evaluations"},
		{0, 8, (int64_t)1 << 61, "rows of evaluations"},
		{0, 8, 24, "rows"},
	};
	static const char *const parts[] = {"/step", "/loss",	    "/lr",
					    "/grad", "/checkpoint", "/eval"};
	assert_int_equal(system("rm -rf " FOLDER "/lie.part && mkdir " FOLDER
				"/lie.part && cp " PART ".part/run.h5 " FOLDER "/lie.part"),
			 0);
	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		struct aq_h5 *from, *to;
		struct aq_run *run;
		struct aq_evals evals;
		good(aq_h5_open(&from, PART ".part/segment-0.h5", NULL));
		good(aq_h5_create(&to, FOLDER "/lie.part/segment-0.h5", "aquatint-run", false));
		for (size_t p = 0; p < sizeof parts / sizeof *parts; p++)
			good(aq_h5_copy(to, from, parts[p]));
		good(aq_h5_set_int(to, "/", "first_step", lies[i].first));
		good(aq_h5_set_int(to, "/", "steps", lies[i].steps));
		good(aq_h5_set_int(to, "/", "evals", lies[i].evals));
		good(aq_h5_publish(to));
		aq_h5_close(from);
		int rc = aq_run_open(&run, FOLDER "/lie.part");
		if (rc == AQ_OK)
			rc = aq_run_evals(run, 0, run->done, &evals);
		assert_int_equal(rc, AQ_EDATA);
		if (!strstr(aq_story(), lies[i].says))
			fail_msg("'%s' is not in: %s", lies[i].says, aq_story());
		aq_run_close(run);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stages_follow),
		cmocka_unit_test(test_weights_move_by_the_update),
		cmocka_unit_test(test_stats),
		cmocka_unit_test(test_rounded_record),
		cmocka_unit_test(test_bound_holds),
		cmocka_unit_test(test_evals),
		cmocka_unit_test(test_cut_is_what_recording_gives),
		cmocka_unit_test(test_examples_add_up),
		cmocka_unit_test(test_chosen_examples),
		cmocka_unit_test(test_steps_out_of_range),
		cmocka_unit_test(test_weights_without_data),
		cmocka_unit_test(test_weights_need_data),
		cmocka_unit_test(test_wrong_data),
		cmocka_unit_test(test_lies),
		cmocka_unit_test(test_lying_segments),
	};
	return cmocka_run_group_tests(tests, setup, NULL);
}
