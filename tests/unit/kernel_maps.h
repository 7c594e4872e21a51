/* SPDX-License-Identifier: MIT
 *
 * kernel_maps.h - what a layer with weights reads and writes, for tests of its kernels against the definition
 *
 * All memory that a kernel may read but must not use (slack, scratch, what it will write) is NaN before.
 */
#ifndef AQ_TESTS_KERNEL_MAPS_H
#define AQ_TESTS_KERNEL_MAPS_H

#include "base/arena.h"
#include "base/rng.h"
#include "num/conv.h"
#include "num/kernels.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct maps {
	struct aq_conv_shape s;
	int n;
	size_t in, out, weight, bias;
	aq_real *x, *y, *dx, *dy, *w, *dw, *b, *db;
};

/* Random numbers, or NaN with no seed. */
static inline aq_real *take(struct aq_arena *mem, size_t count, uint32_t seed)
{
	aq_real *at = aq_arena_take(mem, count + AQ_SLACK, sizeof *at);
	assert_non_null(at);
	for (size_t i = 0; i < count + AQ_SLACK; i++)
		at[i] = i < count && seed ? (aq_real)aq_rng_normal(seed, 1, 0, 0, (uint32_t)i) :
					    (aq_real)NAN;
	return at;
}

/* Maps of n examples; those of the same shape have the same numbers. */
static inline struct maps maps_of(struct aq_arena *mem, const struct aq_conv_shape *s, int n)
{
	struct maps m = { .s = *s, .n = n };
	m.in = (size_t)(s->in_c * s->in_y * s->in_x * n);
	m.out = (size_t)(s->out_c * s->out_y * s->out_x * n);
	m.weight = (size_t)(s->out_c * s->in_c * s->fy * s->fx);
	m.bias = (size_t)s->out_c;
	m.x = take(mem, m.in, 1);
	m.dy = take(mem, m.out, 2);
	m.w = take(mem, m.weight, 3);
	m.b = take(mem, m.bias, 4);
	m.y = take(mem, m.out, 0);
	m.dx = take(mem, m.in, 0);
	m.dw = take(mem, m.weight, 5);
	m.db = take(mem, m.bias, 6);
	return m;
}

static inline void run_definition(struct maps *m)
{
	aq_conv_ref_forward(&m->s, m->n, m->x, m->w, m->b, m->y);
	aq_conv_ref_weights(&m->s, m->n, m->x, m->dy, m->dw, m->db);
	aq_conv_ref_data(&m->s, m->n, m->dy, m->w, m->dx);
}

static inline void near_each(const char *what, const struct maps *m, double tolerance, const aq_real *got,
			     const aq_real *want, size_t count)
{
	const struct aq_conv_shape *s = &m->s;
	double scale = 1;
	for (size_t i = 0; i < count; i++)
		scale = fmax(scale, fabs((double)want[i]));
	for (size_t i = 0; i < count; i++)
		if (!(fabs((double)got[i] - (double)want[i]) <= tolerance * scale))
			fail_msg("%s[%zu] is %g, not %g; %dx%dx%d -> %dx%dx%d, filter %dx%d, stride %dx%d, "
				 "pad %d,%d, %d examples, %s", what, i, (double)got[i], (double)want[i], s->in_c,
				 s->in_y, s->in_x, s->out_c, s->out_y, s->out_x, s->fy, s->fx, s->sy, s->sx, s->top,
				 s->left, m->n, aq_kernels()->name);
}

static inline void near(const struct maps *m, const struct maps *want, double tolerance)
{
	near_each("out", m, tolerance, m->y, want->y, m->out);
	near_each("din", m, tolerance, m->dx, want->dx, m->in);
	near_each("dweight", m, tolerance, m->dw, want->dw, m->weight);
	near_each("dbias", m, tolerance, m->db, want->db, m->bias);
}

static inline void same_each(const char *what, const struct maps *m, const aq_real *got, const aq_real *want,
			     size_t count)
{
	if (memcmp(got, want, count * sizeof *got) != 0)
		fail_msg("%s has other bits, %d examples, %s", what, m->n, aq_kernels()->name);
}

static inline void same(const struct maps *m, const struct maps *other)
{
	same_each("out", m, m->y, other->y, m->out);
	same_each("din", m, m->dx, other->dx, m->in);
	same_each("dweight", m, m->dw, other->dw, m->weight);
	same_each("dbias", m, m->db, other->db, m->bias);
}

/* Example k of many, alone: what goes in, and the same bits that come out. */
static inline void put_alone(struct maps *one, const struct maps *all, size_t k)
{
	const size_t n = (size_t)all->n;
	for (size_t i = 0; i < one->in; i++)
		one->x[i] = all->x[i * n + k];
	for (size_t i = 0; i < one->out; i++)
		one->dy[i] = all->dy[i * n + k];
}

static inline void same_alone(const struct maps *one, const struct maps *all, size_t k)
{
	const size_t n = (size_t)all->n;
	for (size_t i = 0; i < one->out; i++)
		assert_memory_equal(&one->y[i], &all->y[i * n + k], sizeof(aq_real));
	for (size_t i = 0; i < one->in; i++)
		assert_memory_equal(&one->dx[i], &all->dx[i * n + k], sizeof(aq_real));
}

#endif
