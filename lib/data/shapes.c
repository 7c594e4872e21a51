/* SPDX-License-Identifier: MIT
 *
 * shapes.c - ten shapes, drawn from a seed
 *
 * A shape is its signed distance: negative inside, in units of its own size (it fits into the unit
 * circle).  One sample a pixel suffices: the distance tells how much of the pixel is covered.
 */
#include "data/shapes.h"

#include "base/rng.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

// clang-format off
const char *const aq_shape_names[] = { "circle", "square", "triangle", "star", "cross", "ring",
	"moon", "heart", "arrow", "bars", NULL };
// clang-format on

/* ---- distances ------------------------------------------------------------------------------- */

static float length(float x, float y)
{
	return sqrtf(x * x + y * y);
}

static float clamp(float x, float low, float high)
{
	return x < low ? low : x > high ? high : x;
}

/* A box of half sides w, h. */
static float box(float x, float y, float w, float h)
{
	const float dx = fabsf(x) - w, dy = fabsf(y) - h;
	return length(fmaxf(dx, 0), fmaxf(dy, 0)) + fminf(fmaxf(dx, dy), 0);
}

/* Distance to a polygon, its corners in order around it. */
static float polygon(float x, float y, const float (*corner)[2], int n)
{
	float nearest = 1e9f;
	bool inside = false;
	for (int i = 0, j = n - 1; i < n; j = i++) {
		const float ex = corner[j][0] - corner[i][0], ey = corner[j][1] - corner[i][1];
		const float px = x - corner[i][0], py = y - corner[i][1];
		const float t = clamp((px * ex + py * ey) / (ex * ex + ey * ey), 0, 1);
		nearest = fminf(nearest, length(px - t * ex, py - t * ey));
		if ((corner[i][1] > y) != (corner[j][1] > y) && px < ex * py / ey)
			inside = !inside;
	}
	return inside ? -nearest : nearest;
}

static float circle(float x, float y)
{
	return length(x, y) - 0.82f;
}

static float square(float x, float y)
{
	return box(x, y, 0.66f, 0.66f) - 0.04f;
}

static float triangle(float x, float y)
{
	static const float corners[][2] = { { 0, -0.95f }, { 0.84f, 0.55f }, { -0.84f, 0.55f } };
	return polygon(x, y, corners, 3) - 0.03f;
}

/* Five points on the unit circle, five between on one of 0.42. */
static float star(float x, float y)
{
	static const float corners[][2] = {
		{ 0, -1 },
		{ 0.2469f, -0.3398f },
		{ 0.9511f, -0.3090f },
		{ 0.3994f, 0.1298f },
		{ 0.5878f, 0.8090f },
		{ 0, 0.42f },
		{ -0.5878f, 0.8090f },
		{ -0.3994f, 0.1298f },
		{ -0.9511f, -0.3090f },
		{ -0.2469f, -0.3398f },
	};
	return polygon(x, y, corners, 10);
}

static float cross(float x, float y)
{
	return fminf(box(x, y, 0.9f, 0.25f), box(x, y, 0.25f, 0.9f)) - 0.03f;
}

static float ring(float x, float y)
{
	return fabsf(length(x, y) - 0.64f) - 0.2f;
}

static float moon(float x, float y)
{
	return fmaxf(length(x, y) - 0.9f, 0.72f - length(x - 0.42f, y + 0.1f));
}

/* A square on its tip and two half circles on its upper sides. */
static float heart(float x, float y)
{
	const float side = 0.52f, half = 0.70710678f;
	const float u = (x + (y - 0.1f)) * half, v = ((y - 0.1f) - x) * half;
	const float body = box(u, v, side, side);
	const float left = length(u + side, v) - side, right = length(u, v + side) - side;
	return fminf(body, fminf(left, right));
}

static float arrow(float x, float y)
{
	static const float corners[][2] = {
		{ 0.98f, 0 },      { 0.2f, 0.72f },    { 0.2f, 0.27f }, { -0.9f, 0.27f },
		{ -0.9f, -0.27f }, { 0.2f, -0.27f }, { 0.2f, -0.72f },
	};
	return polygon(x, y, corners, 7);
}

static float bars(float x, float y)
{
	return box(x, fabsf(fabsf(y) - 0.3f) - 0.3f, 0.8f, 0.14f) - 0.02f;
}

/* In the order of the names. */
static float (*const distance[AQ_SHAPE_CLASSES])(float x, float y) = {
	circle, square, triangle, star, cross, ring, moon, heart, arrow, bars,
};

/* ---- chance ---------------------------------------------------------------------------------- */

/* The numbers of one picture, taken in turn; texture has its own range. */
struct hand {
	uint64_t seed;
	uint32_t split, index, element;
};

enum { TEXTURE = 1 << 8, GRAIN = 1 << 12, ORDER = 1 << 16 };

static float between(struct hand *hand, float low, float high)
{
	const uint32_t word = aq_rng_word(hand->seed, AQ_STREAM_SYNTH, hand->split, hand->index,
					  hand->element++);
	return low + (high - low) * aq_unit(word);
}

/* Ten pictures in turn hold all classes: shuffle them and take the one of this index. */
static int choose_class(uint64_t seed, int split, uint32_t index)
{
	int order[AQ_SHAPE_CLASSES];
	const uint32_t turn = index / AQ_SHAPE_CLASSES;
	for (uint32_t i = 0; i < AQ_SHAPE_CLASSES; i++) {
		const uint32_t j = aq_below(
			aq_rng_word(seed, AQ_STREAM_SYNTH, (uint64_t)split, turn, ORDER + i),
			i + 1);
		order[i] = order[j];
		order[j] = (int)i;
	}
	return order[index % AQ_SHAPE_CLASSES];
}

/* ---- colour ---------------------------------------------------------------------------------- */

struct colour {
	float part[3];
};

static struct colour mix(struct colour a, struct colour b, float t)
{
	for (int c = 0; c < 3; c++)
		a.part[c] += (b.part[c] - a.part[c]) * t;
	return a;
}

static struct colour dim(struct colour a, float by)
{
	for (int c = 0; c < 3; c++)
		a.part[c] *= by;
	return a;
}

/* From hue (0 .. 1 round the wheel), saturation, and luminance as the eye weighs it. */
static struct colour tint(float hue, float saturation, float luminance)
{
	struct colour out;
	float seen = 0;
	static const float weight[] = { 0.299f, 0.587f, 0.114f };
	for (int c = 0; c < 3; c++) {
		float h = hue * 6 + 4 - 2 * (float)c;
		h -= 6 * floorf(h / 6);
		out.part[c] = 1 - saturation * (1 - clamp(fabsf(h - 3) - 1, 0, 1));
		seen += weight[c] * out.part[c];
	}
	/* darken, or whiten where the pure colour is too dark for the luminance wanted */
	if (luminance <= seen)
		return dim(out, luminance / seen);
	const struct colour white = { { 1, 1, 1 } };
	return mix(out, white, (luminance - seen) / (1.0001f - seen));
}

/* ---- drawing --------------------------------------------------------------------------------- */

/* A lattice of random numbers in -1 .. 1 for smooth noise. */
enum { CELLS_MOST = 9 };
struct lattice {
	int cells; /* a side */
	float at[CELLS_MOST + 1][CELLS_MOST + 1];
};

static struct lattice weave(const struct hand *hand, uint32_t from, int cells)
{
	struct lattice l = { .cells = cells };
	for (int j = 0; j <= cells; j++)
		for (int i = 0; i <= cells; i++) {
			const uint32_t word = aq_rng_word(hand->seed, AQ_STREAM_SYNTH, hand->split,
							  hand->index,
							  from + (uint32_t)(j * (cells + 1) + i));
			l.at[j][i] = 2 * aq_unit(word) - 1;
		}
	return l;
}

struct scene {
	struct colour shape, ground[2];
	float x, y, size, cosine, sine; /* place in -1 .. 1 */
	float slope_x, slope_y;         /* of the ground from one colour to the other */
	float texture, grain;           /* how strong */
	struct lattice coarse, fine;    /* of the texture */
	bool light_shape;
};

static struct scene choose(struct hand *hand)
{
	struct scene s;
	s.size = between(hand, 0.46f, 0.80f);
	const float room = 0.96f - s.size;
	s.x = between(hand, -room, room);
	s.y = between(hand, -room, room);
	/* a rotation within 40 degrees either way, from the tangent of its half */
	const float t = between(hand, -0.36f, 0.36f);
	s.cosine = (1 - t * t) / (1 + t * t);
	s.sine = 2 * t / (1 + t * t);
	s.light_shape = between(hand, 0, 1) < 0.5f;
	const float light = between(hand, 0.62f, 0.92f), dark = between(hand, 0.10f, 0.36f);
	/* one draw a statement: the order of arguments is the compiler's own */
	float hue = between(hand, 0, 1), saturation = between(hand, 0.35f, 1);
	s.shape = tint(hue, saturation, s.light_shape ? light : dark);
	for (int k = 0; k < 2; k++) {
		hue = between(hand, 0, 1);
		saturation = between(hand, 0.1f, 0.8f);
		const float luminance = (s.light_shape ? dark : light) * between(hand, 0.9f, 1.1f);
		s.ground[k] = tint(hue, saturation, luminance);
	}
	s.slope_x = between(hand, -0.5f, 0.5f);
	s.slope_y = between(hand, -0.5f, 0.5f);
	s.texture = between(hand, 0.05f, 0.30f);
	s.grain = between(hand, 0.01f, 0.09f);
	s.coarse = weave(hand, TEXTURE, 4);
	s.fine = weave(hand, TEXTURE + 64, CELLS_MOST);
	return s;
}

/* Smooth noise in -1 .. 1. */
static float cloud(const struct lattice *l, float x, float y)
{
	const float u = (x + 1) * 0.5f * (float)l->cells, v = (y + 1) * 0.5f * (float)l->cells;
	const int i = (int)u, j = (int)v;
	const float a = u - (float)i, b = v - (float)j;
	const float wa = a * a * (3 - 2 * a), wb = b * b * (3 - 2 * b);
	const float top = l->at[j][i] + wa * (l->at[j][i + 1] - l->at[j][i]);
	const float bottom = l->at[j + 1][i] + wa * (l->at[j + 1][i + 1] - l->at[j + 1][i]);
	return top + wb * (bottom - top);
}

/* The colour at a place, without grain. */
static struct colour look(const struct scene *s, int label, float x, float y)
{
	const float edge = 2.0f / AQ_SHAPE_SIDE / s->size; /* a pixel in units of the shape */
	const float u = ((x - s->x) * s->cosine + (y - s->y) * s->sine) / s->size;
	const float v = ((y - s->y) * s->cosine - (x - s->x) * s->sine) / s->size;
	struct colour at = mix(s->ground[0], s->ground[1],
			       clamp(0.5f + s->slope_x * x + s->slope_y * y, 0, 1));
	at = dim(at,
		 1 + s->texture * (0.6f * cloud(&s->coarse, x, y) + 0.4f * cloud(&s->fine, x, y)));
	/* a shadow to the lower right, then the shape, lit from the upper left, its rim a little
	 * darker */
	const float shadow = distance[label](u - 0.12f, v - 0.16f);
	at = dim(at, 1 - 0.45f * clamp(0.5f - shadow / 0.3f, 0, 1));
	const float d = distance[label](u, v);
	const float lit = 1 - 0.13f * ((x - s->x) + (y - s->y)) / s->size;
	const float rim = s->light_shape ? 0.22f * clamp((d + 1.4f * edge) / edge, 0, 1) : 0;
	return mix(at, dim(s->shape, lit * (1 - rim)), clamp(0.5f - d / edge, 0, 1));
}

int aq_shape_draw(uint64_t seed, int split, uint32_t index, uint8_t *pixels)
{
	const int side = AQ_SHAPE_SIDE, label = choose_class(seed, split, index);
	struct hand hand = { seed, (uint32_t)split, index, 0 };
	const struct scene scene = choose(&hand);
	for (int i = 0; i < side * side; i++) {
		uint32_t word[4];
		const float x = ((float)(i % side) + 0.5f) * 2 / (float)side - 1;
		const float y = ((float)(i / side) + 0.5f) * 2 / (float)side - 1;
		const struct colour at = look(&scene, label, x, y);
		aq_rng_quad(seed, AQ_STREAM_SYNTH, (uint64_t)split, index, GRAIN / 4 + (uint32_t)i,
			    word);
		for (int c = 0; c < 3; c++) {
			/* grain: mostly of all colours together */
			const float grain = 1.4f * aq_unit(word[3]) + 0.6f * aq_unit(word[c]) - 1;
			const float value = at.part[c] + scene.grain * grain;
			pixels[c * side * side + i] = (uint8_t)(clamp(value, 0, 1) * 255 + 0.5f);
		}
	}
	return label;
}
