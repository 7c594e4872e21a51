/* SPDX-License-Identifier: MIT
 *
 * Every layer in double precision: against its definition, against central differences at the
 * thresholds of cs231n, and by what must hold of linear maps.
 */
#include "layer_trial.h"

/* The reached error is printed; it may be this often the epsilon of its terms. */
static const double allowed = 8, happy = 1e-7;

/* ---- the definition -------------------------------------------------------------------------- */

static void by_definition(const struct layer_case *c, void *report)
{
	struct trial t;
	trial_open(&t, c);
	trial_begin(&t, 3);
	trial_run(&t);
	near_definition(&t, allowed);

	/* Gradients of parameters are added to; a delta that nobody wants is not written. */
	const size_t count = t.d.in[0] ? input_count(&t, 0) * 3 : 0;
	memset(t.block.din, 0, sizeof t.block.din);
	for (size_t i = 0; i < count; i++)
		t.din[0][i] = 7;
	run_backward(&t);
	for (size_t i = 0; i < count; i++)
		assert_true(t.din[0][i] == 7);
	if (t.layer->n_params) {
		near_tensor(&t, "twice dweight", t.dweight, &t.d.dweight, 1, 2, allowed);
		near_tensor(&t, "twice dbias", t.dbias, &t.d.dbias, 1, 2, allowed);
	}
	report_case(report, t.worst);
	trial_close(&t);
}

static void test_definition(void **state)
{
	(void)state;
	struct layer_report report = { .what = "definition, epsilons of the terms" };
	each_layer_case(&report, by_definition);
	assert_true(report.cases > 600);
}

/* ---- central differences --------------------------------------------------------------------- */

enum { SAMPLES = 24 };

struct difference {
	struct trial *t;
	double h, worst;
	double *up; /* [cells of out] */
	int checked, zero;
};

/* d/d(*at) of the sum of dout * out.  The two outputs are subtracted before they are summed, so
 * that only those that change bring rounding errors. */
static double numeric_gradient(struct difference *d, double *at)
{
	struct trial *t = d->t;
	const size_t cells = output_count(t) * (size_t)t->d.n;
	const double before = *at;
	double sum = 0;
	*at = before + d->h;
	run_forward(t);
	memcpy(d->up, t->out, cells * sizeof *d->up);
	*at = before - d->h;
	run_forward(t);
	for (size_t i = 0; i < cells; i++)
		sum += t->block.dout[i] * (d->up[i] - t->out[i]);
	*at = before;
	return sum / (2 * d->h);
}

/* Some of the numbers `at`, against the gradients that stand in `analytic`. */
static void compare_gradients(struct difference *d, const char *what, double *at,
			      const double *analytic, size_t count)
{
	for (size_t s = 0; s < SAMPLES && s < count; s++) {
		const size_t i = count <= SAMPLES
					 ? s
					 : (count * s + oracle_hash((uint32_t)s) % count) / SAMPLES;
		const double numeric = numeric_gradient(d, &at[i]),
			     size = fmax(fabs(analytic[i]), fabs(numeric));
		const double error = size > 0 ? fabs(analytic[i] - numeric) / size : 0;
		d->checked++;
		d->zero += size == 0;
		if (!(error < happy))
			fail_msg("gradient of %s[%zu]: %.12g by backpropagation, %.12g by "
				 "differences, in\n%s",
				 what, i, analytic[i], numeric, d->t->c->text);
		d->worst = fmax(d->worst, error);
	}
}

static int differences, zero_differences;

static void by_differences(const struct layer_case *c, void *report)
{
	struct trial t;
	trial_open(&t, c);
	trial_begin(&t, 2);
	trial_run(&t);
	const bool smooth = c->at[KIND] == SIGMOID || c->at[KIND] == TANH;
	/* Linear maps, and those without a kink within 1/2, have no error but rounding at any
	 * distance. */
	struct difference d = {
		&t, smooth ? 1e-5 : layer_case_linear(c) ? 1 : 0.25, 0, NULL, 0, 0
	};
	d.up = take_values(&t, output_count(&t) * 2);
	for (int j = 0; j < c->at[INPUTS]; j++)
		compare_gradients(&d, "in", (double *)(uintptr_t)t.block.in[j], t.din[j],
				  input_count(&t, j) * 2);
	if (t.layer->n_params) {
		double *weights = (double *)(uintptr_t)t.block.weights;
		compare_gradients(&d, "weight", weights + t.layer->param[0].offset, t.dweight,
				  t.d.dweight.count);
		compare_gradients(&d, "bias", weights + t.layer->param[1].offset, t.dbias,
				  t.d.dbias.count);
	}
	differences += d.checked;
	zero_differences += d.zero;
	report_case(report, d.worst);
	trial_close(&t);
}

static void test_differences(void **state)
{
	(void)state;
	struct layer_report report = { .what = "differences, relative error" };
	each_layer_case(&report, by_differences);
	print_message("  %d gradients compared, %d of them zero both ways\n", differences,
		      zero_differences);
	assert_true(differences > 20000 && zero_differences < differences / 2);
}

/* ---- linear maps: <A x, y> = <x, A' y> ------------------------------------------------------- */

struct product {
	double sum, size;
};

static void multiply(struct product *p, const aq_real *a, const aq_real *b, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		p->sum += a[i] * b[i];
		p->size += fabs(a[i] * b[i]);
	}
}

static void by_adjoint(const struct layer_case *c, void *report)
{
	if (!layer_case_linear(c))
		return;
	struct layer_case plain = *c; /* without a bias it is linear, with one affine */
	plain.at[BIAS] = 0;
	struct trial t;
	trial_open(&t, &plain);
	trial_begin(&t, 3);
	trial_run(&t);
	struct product there = { 0 }, back = { 0 }, weights = { 0 };
	multiply(&there, t.out, t.block.dout, output_count(&t) * 3);
	for (int j = 0; j < c->at[INPUTS]; j++)
		multiply(&back, t.block.in[j], t.din[j], input_count(&t, j) * 3);
	double error = fabs(there.sum - back.sum) / fmax(there.size, back.size);
	if (t.layer->n_params) { /* linear in its weights too */
		multiply(&weights, t.block.weights + t.layer->param[0].offset, t.dweight,
			 t.d.dweight.count);
		error = fmax(error, fabs(there.sum - weights.sum) / fmax(there.size, weights.size));
	}
	if (!(error <= 8 * layer_epsilon))
		fail_msg("<Ax,y> = %.17g, <x,A'y> = %.17g, <w,W'y> = %.17g, in\n%s", there.sum,
			 back.sum, weights.sum, c->text);
	report_case(report, error);
	trial_close(&t);
}

static void test_adjoint(void **state)
{
	(void)state;
	struct layer_report report = { .what = "adjoint, of the sum of magnitudes" };
	each_layer_case(&report, by_adjoint);
	assert_true(report.cases > 400);
}

/* ---- properties that MatConvNet's suite asks for --------------------------------------------- */

/* One layer on given numbers: the same x and weights whatever its window. */
struct run {
	struct layer_case c;
	struct trial t;
};

static void run_case(struct run *r, enum kind kind, int channels, int side, int out,
		     const int window[8])
{
	static const enum axis axis[8] = { FY, FX, SY, SX, TOP, BOTTOM, LEFT, RIGHT };
	r->c = (struct layer_case){ .at = { [KIND] = (int)kind,
					    [C] = channels,
					    [Y] = side,
					    [X] = side,
					    [OUT] = out,
					    [INPUTS] = 1 } };
	for (int i = 0; i < 8; i++)
		r->c.at[axis[i]] = window[i];
	layer_case_write(&r->c);
	trial_open(&r->t, &r->c);
	trial_begin(&r->t, 1);
	trial_run(&r->t);
}

static void near_arrays(const char *what, const double *a, const double *b, size_t count,
			double scale)
{
	for (size_t i = 0; i < count; i++)
		if (!(fabs(a[i] - b[i]) <= 1e-13 * scale))
			fail_msg("%s[%zu]: %.17g and %.17g", what, i, a[i], b[i]);
}

/* Put dout of `small` into `large` where its outputs lie: every step-th from `first`; nothing
 * elsewhere. */
static void spread_dout(const struct trial *small, struct trial *large, const int step[2],
			const int first[2], double *out)
{
	double *dout = (double *)(uintptr_t)large->block.dout;
	memset(dout, 0, output_count(large) * sizeof *dout);
	for (int y = 0; y < small->d.oy; y++)
		for (int x = 0; x < small->d.ox; x++) {
			const size_t at = cell(0, 0, first[0] + y * step[0], first[1] + x * step[1],
					       1, large->d.oy, large->d.ox);
			dout[at] = small->block.dout[y * small->d.ox + x];
			out[y * small->d.ox + x] = large->out[at];
		}
	const size_t weights = large->d.dweight.count;
	memset(large->dweight, 0, weights * sizeof *large->dweight);
	run_backward(large);
}

static void same_as(struct run *small, struct run *large, const int step[2], const int first[2])
{
	static double out[64 * 64];
	spread_dout(&small->t, &large->t, step, first, out);
	near_arrays("out", small->t.out, out, output_count(&small->t), 10);
	near_arrays("din", small->t.din[0], large->t.din[0], input_count(&small->t, 0), 10);
	near_arrays("dweight", small->t.dweight, large->t.dweight, small->t.d.dweight.count, 100);
	trial_close(&small->t);
	trial_close(&large->t);
}

/* A convolution with a stride is one without, of which some outputs are kept. */
static void test_stride(void **state)
{
	(void)state;
	for (int size = 1; size <= 3; size += 2)
		for (int sy = 1; sy <= 3; sy++)
			for (int sx = 1; sx <= 3; sx++) {
				struct run small, large;
				run_case(&small, CONV, 1, 9, 1,
					 (int[]){ size, size, sy, sx, 0, 0, 0, 0 });
				run_case(&large, CONV, 1, 9, 1,
					 (int[]){ size, size, 1, 1, 0, 0, 0, 0 });
				same_as(&small, &large, (int[]){ sy, sx }, (int[]){ 0, 0 });
			}
}

/* One with padding has within it the one without. */
static void test_padding(void **state)
{
	(void)state;
	for (int i = 0; i < 81; i++) {
		const int top = i / 27, bottom = i / 9 % 3, left = i / 3 % 3, right = i % 3;
		struct run small, large;
		run_case(&small, CONV, 1, 9, 1, (int[]){ 3, 3, 1, 1, 0, 0, 0, 0 });
		run_case(&large, CONV, 1, 9, 1, (int[]){ 3, 3, 1, 1, top, bottom, left, right });
		same_as(&small, &large, (int[]){ 1, 1 }, (int[]){ top, left });
	}
}

/* The mean of windows is a convolution with equal weights, channel by channel. */
static void test_mean_is_conv(void **state)
{
	(void)state;
	for (int i = 0; i < 6; i++) {
		const int window[] = { i / 3 + 1, i % 3 + 1, 1, 1, 0, 0, 0, 0 };
		struct run mean, conv;
		run_case(&mean, AVGPOOL, 1, 9, 1, window);
		run_case(&conv, CONV, 1, 9, 1, window);
		double *weights = (double *)(uintptr_t)conv.t.block.weights;
		for (size_t w = 0; w < conv.t.d.dweight.count; w++)
			weights[conv.t.layer->param[0].offset + w] =
				1.0 / (double)conv.t.d.dweight.count;
		run_forward(&conv.t);
		run_backward(&conv.t);
		near_arrays("mean", mean.t.out, conv.t.out, output_count(&mean.t), 1);
		near_arrays("delta of mean", mean.t.din[0], conv.t.din[0], input_count(&mean.t, 0),
			    1);
		trial_close(&mean.t);
		trial_close(&conv.t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_definition), cmocka_unit_test(test_differences),
		cmocka_unit_test(test_adjoint),	   cmocka_unit_test(test_stride),
		cmocka_unit_test(test_padding),	   cmocka_unit_test(test_mean_is_conv),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
