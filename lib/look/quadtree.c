/* SPDX-License-Identifier: MIT
 *
 * quadtree.c - points of a plane in a tree of squares
 *
 * Points are sorted along the Z curve of a 2^DEPTH grid first; a square is then a stretch of that
 * order, and the tree is made from it without looking at a point twice on a level.
 */
#include "look/quadtree.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

enum { DEPTH = 24, LEAF = 8, STACK = 4 * DEPTH + 4 };

struct square {
	double x, y, side;   /* centre of its points; length of a side */
	int first, count;    /* its points in the order */
	int child, children; /* children follow each other; none in a leaf */
};

struct place {
	uint64_t key; /* bits of x and y in turn */
	int point;
};

struct aq_quadtree {
	int squares, room;
	struct square *square;
	struct place *place;
	double *y;	      /* [count][2] in the order of places */
	const double *points; /* and in their own */
};

int aq_quadtree_new(struct aq_quadtree **out, int most)
{
	*out = NULL;
	struct aq_quadtree *t = calloc(1, sizeof *t);
	if (!t)
		return aq_fail(AQ_ENOMEM, "out of memory");
	/* A square that is divided has two children at least. */
	t->room = 2 * most + 8;
	t->square = malloc((size_t)t->room * sizeof *t->square);
	t->place = malloc((size_t)most * sizeof *t->place);
	t->y = malloc(2 * (size_t)most * sizeof *t->y);
	if (!t->square || !t->place || !t->y) {
		aq_quadtree_free(t);
		return aq_fail(AQ_ENOMEM, "out of memory");
	}
	*out = t;
	return AQ_OK;
}

void aq_quadtree_free(struct aq_quadtree *t)
{
	if (!t)
		return;
	free(t->square);
	free(t->place);
	free(t->y);
	free(t);
}

static uint64_t spread(uint64_t v)
{
	v = (v | v << 16) & 0x0000ffff0000ffffull;
	v = (v | v << 8) & 0x00ff00ff00ff00ffull;
	v = (v | v << 4) & 0x0f0f0f0f0f0f0f0full;
	v = (v | v << 2) & 0x3333333333333333ull;
	return (v | v << 1) & 0x5555555555555555ull;
}

static int by_key(const void *a, const void *b)
{
	const struct place *p = a, *q = b;
	if (p->key != q->key)
		return p->key < q->key ? -1 : 1;
	return (p->point > q->point) - (p->point < q->point);
}

/* The first of places first .. end-1 whose digit at `level` (two bits from the top) is `digit` or
 * more. */
static int find_digit(const struct place *place, int first, int end, int level, uint64_t digit)
{
	const int shift = 2 * (DEPTH - 1 - level);
	while (first < end) {
		const int middle = first + (end - first) / 2;
		if ((place[middle].key >> shift & 3) < digit)
			first = middle + 1;
		else
			end = middle;
	}
	return first;
}

static void sum_up(struct aq_quadtree *t, struct square *s)
{
	double x = 0, y = 0;
	for (int i = s->first; i < s->first + s->count; i++) {
		x += t->y[2 * i];
		y += t->y[2 * i + 1];
	}
	s->x = x / s->count;
	s->y = y / s->count;
}

/* A square is the smallest one of the grid that holds its points: from the first digit in which the
 * keys of its first and last point differ it has children. */
static void divide(struct aq_quadtree *t, int index, double whole)
{
	struct square *s = &t->square[index];
	const int first = s->first, end = first + s->count;
	const uint64_t differ = t->place[first].key ^ t->place[end - 1].key;
	const int level = differ ? (__builtin_clzll(differ) - (64 - 2 * DEPTH)) / 2 : DEPTH;
	sum_up(t, s);
	s->side = ldexp(whole, -level);
	s->children = 0;
	if (!differ || s->count <= LEAF)
		return;
	int at[5] = { first, 0, 0, 0, end };
	for (int q = 1; q < 4; q++)
		at[q] = find_digit(t->place, at[q - 1], end, level, (uint64_t)q);
	const int child = t->squares;
	for (int q = 0; q < 4; q++)
		if (at[q + 1] > at[q])
			t->square[t->squares++] =
				(struct square){ .first = at[q], .count = at[q + 1] - at[q] };
	s->child = child;
	s->children = t->squares - child;
	for (int c = child, last = t->squares; c < last; c++)
		divide(t, c, whole);
}

void aq_quadtree_build(struct aq_quadtree *t, const double *y, int count)
{
	double low[2] = { INFINITY, INFINITY }, high[2] = { -INFINITY, -INFINITY };
	for (int c = 0; c < 2 * count; c++) {
		low[c % 2] = fmin(low[c % 2], y[c]);
		high[c % 2] = fmax(high[c % 2], y[c]);
	}
	const double whole = fmax(fmax(high[0] - low[0], high[1] - low[1]), 1e-300) * (1 + 1e-9);
	const double cells = ldexp(1, DEPTH) / whole;
	for (int i = 0; i < count; i++)
		t->place[i] =
			(struct place){ spread((uint64_t)((y[2 * i] - low[0]) * cells)) << 1 |
						spread((uint64_t)((y[2 * i + 1] - low[1]) * cells)),
					i };
	qsort(t->place, (size_t)count, sizeof *t->place, by_key);
	for (int i = 0; i < count; i++) {
		t->y[2 * i] = y[2 * t->place[i].point];
		t->y[2 * i + 1] = y[2 * t->place[i].point + 1];
	}
	t->points = y;
	t->squares = 1;
	t->square[0] = (struct square){ .first = 0, .count = count };
	divide(t, 0, whole);
}

/* Repulsion by the points of a leaf; the point itself, at distance 0, adds no force and is not
 * counted. */
static double repel_singly(const struct aq_quadtree *t, const struct square *s, int i,
			   double *force)
{
	double z = 0;
	for (int k = s->first; k < s->first + s->count; k++) {
		const double dx = t->points[2 * i] - t->y[2 * k],
			     dy = t->points[2 * i + 1] - t->y[2 * k + 1];
		const double q = t->place[k].point == i ? 0 : 1 / (1 + dx * dx + dy * dy);
		z += q;
		force[0] += q * q * dx;
		force[1] += q * q * dy;
	}
	return z;
}

double aq_quadtree_repel(const struct aq_quadtree *t, int i, double theta, double *force)
{
	int stack[STACK], height = 0;
	double z = 0;
	force[0] = force[1] = 0;
	stack[height++] = 0;
	while (height > 0) {
		const struct square *s = &t->square[stack[--height]];
		const double dx = t->points[2 * i] - s->x, dy = t->points[2 * i + 1] - s->y;
		const double far = dx * dx + dy * dy;
		if (s->side * s->side < theta * theta * far) {
			const double q = 1 / (1 + far), all = s->count * q;
			z += all;
			force[0] += all * q * dx;
			force[1] += all * q * dy;
		} else if (s->children == 0) {
			z += repel_singly(t, s, i, force);
		} else {
			for (int c = s->children - 1; c >= 0; c--)
				stack[height++] = s->child + c;
		}
	}
	return z;
}
