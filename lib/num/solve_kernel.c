/* SPDX-License-Identifier: MIT
 *
 * solve_kernel.c - the arithmetic of the solvers on a run of weights (formulas: solve.h)
 */
#include "num/simd.h"
#include "num/solve.h"

#include <stdbool.h>

/* to = grad + (l2 w + l1 sign(w)) */
void AQ_NAME(solve_decay)(int count, aq_real l1, aq_real l2, const aq_real *grad, const aq_real *w,
			  aq_real *to)
{
	for (int i = 0; i < count; i += V) {
		const int left = count - i;
		const vec x = left < V ? load_some(w + i, left) : load(w + i);
		const vec g = left < V ? load_some(grad + i, left) : load(grad + i);
		const vec sign = masked(splat(1), x > 0) - masked(splat(1), x < 0);
		store(to + i, g + (l2 * x + l1 * sign));
	}
}

/* The sum of squares: 8 lanes of doubles, then a tree. */
void AQ_NAME(solve_square)(int count, const aq_real *g, double *square)
{
	double sum[8] = { 0 };
	for (int i = 0; i < count; i += 8)
		for (int k = 0; k < 8 && k < count - i; k++)
			sum[k] += (double)g[i + k] * (double)g[i + k];
	*square = ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7]));
}

/* ---- rules: g becomes u, slots move on; a vector each ---------------------------------------- */

INLINE vec sgd(const struct aq_solve *s, vec g, vec *a, vec *b)
{
	(void)a;
	(void)b;
	return -(s->lr * g);
}

INLINE vec momentum(const struct aq_solve *s, vec g, vec *v, vec *b)
{
	(void)b;
	return *v = s->momentum * *v - s->lr * g;
}

INLINE vec nesterov(const struct aq_solve *s, vec g, vec *v, vec *b)
{
	(void)b;
	const vec back = s->momentum * *v;
	*v = back - s->lr * g;
	return (1 + s->momentum) * *v - back;
}

INLINE vec adagrad(const struct aq_solve *s, vec g, vec *q, vec *b)
{
	(void)b;
	*q += g * g;
	return -(s->lr * g) / (root(*q) + s->eps);
}

INLINE vec windowgrad(const struct aq_solve *s, vec g, vec *q, vec *b)
{
	(void)b;
	*q = s->rho * *q + s->new_rho * (g * g);
	return -(s->lr * g) / root(*q + s->eps);
}

INLINE vec rmsprop(const struct aq_solve *s, vec g, vec *q, vec *b)
{
	(void)b;
	*q = s->rho * *q + s->new_rho * (g * g);
	return -(s->lr * g) / (root(*q) + s->eps);
}

INLINE vec adadelta(const struct aq_solve *s, vec g, vec *q, vec *x)
{
	*q = s->rho * *q + s->new_rho * (g * g);
	const vec d = -(root((*x + s->eps) / (*q + s->eps)) * g);
	*x = s->rho * *x + s->new_rho * (d * d);
	return s->lr * d;
}

INLINE vec adam(const struct aq_solve *s, vec g, vec *m, vec *q)
{
	*m = s->beta1 * *m + s->new1 * g;
	*q = s->beta2 * *q + s->new2 * (g * g);
	return -(s->lr * (*m * s->mean_scale)) / (root(*q * s->square_scale) + s->eps);
}

/* Walk a run of g and slots; nothing behind the run of a slot may be written. */
INLINE void walk(const struct aq_solve *s, int count, aq_real *g,
		 vec (*const rule)(const struct aq_solve *, vec, vec *, vec *))
{
	aq_real none[V] = { 0 };
	for (int i = 0; i < count; i += V) {
		const int left = count - i;
		aq_real *const at = s->slot0 ? s->slot0 + i : none, *const bt =
									    s->slot1 ? s->slot1 + i
										     : none;
		const bool whole = left >= V;
		vec a = whole ? load(at) : load_some(at, left),
		    b = whole ? load(bt) : load_some(bt, left);
		store(g + i, rule(s, load(g + i), &a, &b));
		if (whole) {
			store(at, a);
			store(bt, b);
		} else {
			store_some(at, a, left);
			store_some(bt, b, left);
		}
	}
}

#define WALK(rule)                                                            \
	static void walk_##rule(const struct aq_solve *s, int count, aq_real *g) \
	{                                                                     \
		walk(s, count, g, rule);                                      \
	}
WALK(sgd)
WALK(momentum)
WALK(nesterov)
WALK(adagrad)
WALK(windowgrad)
WALK(rmsprop)
WALK(adadelta)
WALK(adam)

void AQ_NAME(solve_update)(int rule, const struct aq_solve *now, int count, aq_real *g)
{
	static void (*const rules[])(const struct aq_solve *, int, aq_real *) = {
		[AQ_SGD] = walk_sgd,
		[AQ_MOMENTUM] = walk_momentum,
		[AQ_NESTEROV] = walk_nesterov,
		[AQ_ADAGRAD] = walk_adagrad,
		[AQ_WINDOWGRAD] = walk_windowgrad,
		[AQ_RMSPROP] = walk_rmsprop,
		[AQ_ADADELTA] = walk_adadelta,
		[AQ_ADAM] = walk_adam,
	};
	rules[rule](now, count, g);
}

/* w += u; nothing behind is written. */
void AQ_NAME(solve_add)(int count, const aq_real *u, aq_real *w)
{
	for (int i = 0; i < count; i++)
		w[i] += u[i];
}
