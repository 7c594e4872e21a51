/* SPDX-License-Identifier: MIT
 *
 * solve.c - the arithmetic of the solvers on a run of weights
 */
#include "num/solve.h"

#include <math.h>

#ifdef AQ_DOUBLE
#define ROOT sqrt
#else
#define ROOT sqrtf
#endif

void aq_solve_decay(int count, aq_real l1, aq_real l2, const aq_real *grad, const aq_real *w, aq_real *to)
{
	for (int i = 0; i < count; i++) {
		const aq_real sign = (aq_real)((w[i] > 0) - (w[i] < 0));
		to[i] = grad[i] + (l2 * w[i] + l1 * sign);
	}
}

double aq_solve_square(int count, const aq_real *g)
{
	double sum[8] = { 0 };
	for (int i = 0; i < count; i++)
		sum[i % 8] += (double)g[i] * (double)g[i];
	return ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7]));
}

static void sgd(const struct aq_solve *s, int count, aq_real *restrict g)
{
	for (int i = 0; i < count; i++)
		g[i] = -(s->lr * g[i]);
}

static void momentum(const struct aq_solve *s, int count, aq_real *restrict g)
{
	aq_real *restrict v = s->slot0;
	for (int i = 0; i < count; i++)
		g[i] = v[i] = s->momentum * v[i] - s->lr * g[i];
}

static void nesterov(const struct aq_solve *s, int count, aq_real *restrict g)
{
	aq_real *restrict v = s->slot0;
	const aq_real ahead = 1 + s->momentum;
	for (int i = 0; i < count; i++) {
		const aq_real back = s->momentum * v[i];
		v[i] = back - s->lr * g[i];
		g[i] = ahead * v[i] - back;
	}
}

static void adagrad(const struct aq_solve *s, int count, aq_real *restrict g)
{
	aq_real *restrict q = s->slot0;
	for (int i = 0; i < count; i++) {
		q[i] += g[i] * g[i];
		g[i] = -(s->lr * g[i]) / (ROOT(q[i]) + s->eps);
	}
}

static void windowgrad(const struct aq_solve *s, int count, aq_real *restrict g)
{
	aq_real *restrict q = s->slot0;
	for (int i = 0; i < count; i++) {
		q[i] = s->rho * q[i] + s->new_rho * (g[i] * g[i]);
		g[i] = -(s->lr * g[i]) / ROOT(q[i] + s->eps);
	}
}

static void rmsprop(const struct aq_solve *s, int count, aq_real *restrict g)
{
	aq_real *restrict q = s->slot0;
	for (int i = 0; i < count; i++) {
		q[i] = s->rho * q[i] + s->new_rho * (g[i] * g[i]);
		g[i] = -(s->lr * g[i]) / (ROOT(q[i]) + s->eps);
	}
}

static void adadelta(const struct aq_solve *s, int count, aq_real *restrict g)
{
	aq_real *restrict q = s->slot0, *restrict x = s->slot1;
	for (int i = 0; i < count; i++) {
		q[i] = s->rho * q[i] + s->new_rho * (g[i] * g[i]);
		const aq_real d = -(ROOT((x[i] + s->eps) / (q[i] + s->eps)) * g[i]);
		x[i] = s->rho * x[i] + s->new_rho * (d * d);
		g[i] = s->lr * d;
	}
}

static void adam(const struct aq_solve *s, int count, aq_real *restrict g)
{
	aq_real *restrict m = s->slot0, *restrict q = s->slot1;
	for (int i = 0; i < count; i++) {
		m[i] = s->beta1 * m[i] + s->new1 * g[i];
		q[i] = s->beta2 * q[i] + s->new2 * (g[i] * g[i]);
		g[i] = -(s->lr * (m[i] * s->mean_scale)) / (ROOT(q[i] * s->square_scale) + s->eps);
	}
}

void aq_solve_update(int rule, const struct aq_solve *now, int count, aq_real *g)
{
	static void (*const rules[])(const struct aq_solve *, int, aq_real *restrict) = {
		[AQ_SGD] = sgd,
		[AQ_MOMENTUM] = momentum,
		[AQ_NESTEROV] = nesterov,
		[AQ_ADAGRAD] = adagrad,
		[AQ_WINDOWGRAD] = windowgrad,
		[AQ_RMSPROP] = rmsprop,
		[AQ_ADADELTA] = adadelta,
		[AQ_ADAM] = adam,
	};
	rules[rule](now, count, g);
}
