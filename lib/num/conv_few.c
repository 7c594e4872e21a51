/* SPDX-License-Identifier: MIT
 *
 * conv_few.c - convolutions of stride 1 with fewer multiplications: a few rows of outputs at a time
 *
 * A *band* of H rows of outputs needs H+R-1 rows of the input, R being the rows of the filter, and
 * H*R products of a row of the filter and a row of the input.  Winograd ("Arithmetic Complexity of
 * Computations", 1980) needs as few as H+R-1:
 *
 *	in'[p]     = sum over k of turn[p][k] * in[H*q - top + k]      p: the *planes*
 *	weight'[p] = sum over v of spread[p][v] * weight[v]
 *	out[H*q+h] = sum over p of join[p][h] * (weight'[p] * in'[p])
 *
 * where a product stands for what it stands for in conv.c: all taps (channel, column) of a filter
 * row on a whole row.  So the planes are rows like any others, and conv_row computes them.
 *
 * Backward to the input is the same with other weights.  The gradient of the weights is the sum
 * transposed: planes of the input by planes of dout (join * dout), each by conv_sums over all bands
 * of the picture, and then spread * those.
 *
 * R = 3: two rows, 4 products instead of 6, by the polynomial product at 0, 1, -1 and infinity.
 * R = 5: four rows, 11 products instead of 20.  Filter row 2A + B meets input row 2(a+A) + (b+B),
 * so it is a product as above in a and A (A = 0, 1, 2) of products in b and B (B = 0, 1) at 0, 1
 * and infinity, of which the last needs two numbers only, as there is no filter row 5.  All
 * coefficients are 0, 1 or -1 (and 1/2): six points for two rows would take 12 products for four,
 * but their larger coefficients make three times the error of the direct sum.  This one stays below
 * twice that error (tests/unit/test_conv.c), as each number is a shorter sum.
 */
#include "num/conv_few.h"

#include "num/kernels.h"

#include <string.h>

enum { MOST_ROWS = 5, MOST_INPUTS = 8 };

struct scheme {
	int rows, high, planes;
	struct {
		signed char turn[MOST_INPUTS], twice_spread[MOST_ROWS], join[AQ_FEW_ROWS];
	} plane[AQ_FEW_PLANES];
};

static const struct scheme schemes[] = {
	// clang-format off
	{ 3, 2, 4, {
		{ { 1,  0, -1,  0 }, { 2,  0,  0 }, { 1,  0 } },
		{ { 0,  1,  1,  0 }, { 1,  1,  1 }, { 1,  1 } },
		{ { 0, -1,  1,  0 }, { 1, -1,  1 }, { 1, -1 } },
		{ { 0, -1,  0,  1 }, { 0,  0,  2 }, { 0,  1 } },
	} },
	{ 5, 4, 11, {
		{ { 1, -1,  0,  0, -1,  1,  0,  0 }, { 2,  0,  0,  0,  0 }, { 1,  0,  0,  0 } },
		{ { 0,  1,  0,  0,  0, -1,  0,  0 }, { 2,  2,  0,  0,  0 }, { 1,  1,  0,  0 } },
		{ { 0,  1, -1,  0,  0, -1,  1,  0 }, { 0,  2,  0,  0,  0 }, { 0, -1,  0,  0 } },
		{ { 0,  0,  1, -1,  1, -1,  0,  0 }, { 1,  0,  1,  0,  1 }, { 1,  0,  1,  0 } },
		{ { 0,  0,  0,  1,  0,  1,  0,  0 }, { 1,  1,  1,  1,  1 }, { 1,  1,  1,  1 } },
		{ { 0,  0,  0,  1, -1,  1, -1,  0 }, { 0,  1,  0,  1,  0 }, { 0, -1,  0, -1 } },
		{ { 0,  0, -1,  1,  1, -1,  0,  0 }, { 1,  0, -1,  0,  1 }, { 1,  0, -1,  0 } },
		{ { 0,  0,  0, -1,  0,  1,  0,  0 }, { 1,  1, -1, -1,  1 }, { 1,  1, -1, -1 } },
		{ { 0,  0,  0, -1,  1,  1, -1,  0 }, { 0,  1,  0, -1,  0 }, { 0, -1,  0,  1 } },
		{ { 0,  0, -1,  0,  0,  0,  1,  0 }, { 0,  0,  0,  0,  2 }, { 0,  0,  1,  0 } },
		{ { 0,  0,  0, -1,  0,  0,  0,  1 }, { 0,  0,  0,  0,  2 }, { 0,  0,  0,  1 } },
	} },
	// clang-format on
};

/* Rows of `outputs` from rows of `inputs`, a band at a time. */
struct sweep {
	int inputs, in_y, in_x, outputs, out_y, out_x;
	int top, left, width;       /* of the planes' rows: zeros left, and all */
	int32_t *off;               /* of taps (plane, input, column) */
	size_t packed_at;
	ptrdiff_t base, output, input, v, u; /* where weights are */
};

struct aq_conv_few {
	struct aq_conv_shape s;
	const struct scheme *scheme;
	struct sweep forward, data;
	int32_t *off;               /* of taps (input, column) of one plane of the whole picture */
	uint32_t *at;
};

static int least(int a, int b)
{
	return a < b ? a : b;
}

static int bands_of(const struct scheme *scheme, int rows)
{
	return (rows + scheme->high - 1) / scheme->high;
}

static const struct scheme *scheme_of(int rows)
{
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
		if (schemes[i].rows == rows)
			return &schemes[i];
	return NULL;
}

bool aq_conv_few_fits(const struct aq_conv_shape *s)
{
	const int right = s->out_x - 1 + s->fx - s->left - s->in_x;
	const int below = s->out_y - 1 + s->fy - s->top - s->in_y;
	return s->sy == 1 && s->sx == 1 && scheme_of(s->fy) && s->top < s->fy && s->left < s->fx &&
	       right >= 0 && right < s->fx && below >= 0 && below < s->fy && s->out_y > 2 &&
	       s->in_c * s->fx >= 9 && s->out_c >= 4;
}

/* ---- plan ------------------------------------------------------------------------------------ */

static int taps_of(const struct aq_conv_few *few, const struct sweep *w)
{
	return few->scheme->planes * w->inputs * few->s.fx;
}

static size_t packed_size(const struct aq_conv_few *few, const struct sweep *w)
{
	return (size_t)((w->outputs + 3) / 4) * (size_t)taps_of(few, w) * 4;
}

static int plan_sweep(const struct aq_conv_few *few, struct sweep *w, struct aq_arena *mem)
{
	const int fx = few->s.fx;
	w->width = w->out_x + fx - 1;
	w->off = aq_arena_take(mem, (size_t)taps_of(few, w), sizeof *w->off);
	if (!w->off)
		return AQ_ENOMEM;
	if ((size_t)few->scheme->planes * (size_t)w->inputs * (size_t)w->width > 1u << 30)
		return aq_fail(AQ_EDATA, "with its padding the map has more than 2^30 numbers");
	int32_t *off = w->off;
	for (int row = 0; row < few->scheme->planes * w->inputs; row++)
		for (int u = 0; u < fx; u++)
			*off++ = row * w->width + u;
	return AQ_OK;
}

/* Taps (input, column) over all bands of rows, for the gradient of the weights. */
static int plan_sums(struct aq_conv_few *few, struct aq_arena *mem)
{
	const struct aq_conv_shape *s = &few->s;
	const size_t taps = (size_t)s->in_c * (size_t)s->fx;
	few->off = aq_arena_take(mem, taps, sizeof *few->off);
	few->at = aq_arena_take(mem, taps, sizeof *few->at);
	if (!few->off || !few->at)
		return AQ_ENOMEM;
	for (size_t t = 0; t < taps; t++) {
		const int i = (int)t / s->fx, u = (int)t % s->fx;
		few->off[t] = i * bands_of(few->scheme, s->out_y) * few->forward.width + u;
		few->at[t] = (uint32_t)t;
	}
	return AQ_OK;
}

int aq_conv_few_plan(struct aq_conv_few **out, const struct aq_conv_shape *shape,
		      struct aq_arena *mem)
{
	*out = NULL;
	struct aq_conv_few *few = aq_arena_take(mem, 1, sizeof *few);
	if (!few)
		return AQ_ENOMEM;
	const struct aq_conv_shape *s = &few->s;
	few->s = *shape;
	few->scheme = scheme_of(s->fy);
	const ptrdiff_t filter = (ptrdiff_t)s->fy * s->fx, output = filter * s->in_c;
	few->forward = (struct sweep){
		.inputs = s->in_c, .in_y = s->in_y, .in_x = s->in_x,
		.outputs = s->out_c, .out_y = s->out_y, .out_x = s->out_x,
		.top = s->top, .left = s->left,
		.output = output, .input = filter, .v = s->fx, .u = 1,
	};
	few->data = (struct sweep){
		.inputs = s->out_c, .in_y = s->out_y, .in_x = s->out_x,
		.outputs = s->in_c, .out_y = s->in_y, .out_x = s->in_x,
		.top = s->fy - 1 - s->top, .left = s->fx - 1 - s->left,
		.base = filter - 1, .output = filter, .input = output, .v = -s->fx, .u = -1,
	};
	int rc;
	AQ_TRY(plan_sweep(few, &few->forward, mem));
	AQ_TRY(plan_sweep(few, &few->data, mem));
	AQ_TRY(plan_sums(few, mem));
	few->data.packed_at = packed_size(few, &few->forward);
	*out = few;
done:
	return rc;
}

size_t aq_conv_few_packed(const struct aq_conv_few *few)
{
	return packed_size(few, &few->forward) + packed_size(few, &few->data);
}

static size_t largest(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* Planes of one band; or one plane of all bands, of the input and of dout. */
static size_t planes_size(const struct aq_conv_few *few, const struct sweep *w)
{
	return (size_t)few->scheme->planes * (size_t)w->inputs * (size_t)w->width;
}

static size_t turned_size(const struct aq_conv_few *few)
{
	const struct sweep *w = &few->forward;
	return (size_t)bands_of(few->scheme, w->out_y) * (size_t)w->inputs * (size_t)w->width;
}

static size_t joined_size(const struct aq_conv_few *few)
{
	const struct sweep *w = &few->forward;
	return (size_t)bands_of(few->scheme, w->out_y) * (size_t)w->outputs * (size_t)w->out_x;
}

size_t aq_conv_few_scratch(const struct aq_conv_few *few)
{
	return largest(largest(planes_size(few, &few->forward), planes_size(few, &few->data)),
		       turned_size(few) + joined_size(few));
}

/* Numbers of one filter row of all filters. */
static size_t row_weights(const struct aq_conv_few *few)
{
	return (size_t)few->s.out_c * (size_t)few->s.in_c * (size_t)few->s.fx;
}

size_t aq_conv_few_scratch_fixed(const struct aq_conv_few *few)
{
	const size_t planes = (size_t)few->scheme->planes, rows = (size_t)few->scheme->rows;
	return 4 * AQ_SLACK + largest(AQ_FEW_BUFFER, (planes + rows) * row_weights(few));
}

/* ---- pack ------------------------------------------------------------------------------------ */

/* packed [group of 4 outputs][plane][input][column][4], zeros for outputs that do not exist */
static void pack_sweep(const struct aq_conv_few *few, const struct sweep *w,
		       const aq_real *weight, aq_real *packed)
{
	const struct scheme *scheme = few->scheme;
	const int a_plane = w->inputs * few->s.fx * 4;
	aq_real *to = packed + w->packed_at;
	weight += w->base;
	for (int o = 0; o < w->outputs; o += 4, to += scheme->planes * a_plane) {
		const int live = least(4, w->outputs - o);
		for (int t = 0; t < a_plane; t += 4) {
			const aq_real *from = weight + o * w->output +
					      t / 4 / few->s.fx * w->input +
					      t / 4 % few->s.fx * w->u;
			aq_real tap[MOST_ROWS][4] = { { 0 } };
			for (int v = 0; v < scheme->rows; v++)
				for (int k = 0; k < live; k++)
					tap[v][k] = from[v * w->v + k * w->output] / 2;
			for (int p = 0; p < scheme->planes; p++) {
				const signed char *spread = scheme->plane[p].twice_spread;
				aq_real sum[4] = { 0 };
				for (int v = 0; v < scheme->rows; v++)
					for (int k = 0; k < 4; k++)
						sum[k] += spread[v] * tap[v][k];
				memcpy(to + p * a_plane + t, sum, sizeof sum);
			}
		}
	}
}

void aq_conv_few_pack(const struct aq_conv_few *few, const aq_real *weight, aq_real *packed)
{
	pack_sweep(few, &few->forward, weight, packed);
	pack_sweep(few, &few->data, weight, packed);
}

/* ---- run ------------------------------------------------------------------------------------- */

/* The rows of `from` that plane p of band q is made of, those outside the picture left out. */
static struct aq_conv_mix plane_of(const struct aq_conv_few *few, const struct sweep *w, int q,
				   int p, int n, const aq_real *from)
{
	const struct scheme *scheme = few->scheme;
	struct aq_conv_mix mix = { .run = w->in_x * n };
	for (int k = 0; k < scheme->high + scheme->rows - 1; k++) {
		const int y = scheme->high * q - w->top + k;
		const aq_real factor = scheme->plane[p].turn[k];
		if (factor == 0 || y < 0 || y >= w->in_y)
			continue;
		mix.factor[mix.terms] = factor;
		mix.from[mix.terms++] = from + (ptrdiff_t)y * mix.run;
	}
	return mix;
}

/* Zeros left and right of rows, which stay there while the rows are written. */
static void clear_sides(const struct sweep *w, size_t rows, int n, aq_real *row)
{
	const size_t before = (size_t)(w->left * n), run = (size_t)(w->in_x * n);
	const size_t width = (size_t)(w->width * n);
	for (size_t i = 0; i < rows; i++, row += width) {
		memset(row, 0, before * sizeof *row);
		memset(row + before + run, 0, (width - before - run) * sizeof *row);
	}
}

static void run_sweep(const struct aq_conv_few *few, const struct sweep *w, int n,
		      const aq_real *in, const aq_real *packed, const aq_real *bias,
		      aq_real *scratch, aq_real *out)
{
	const struct aq_kernels *kernels = aq_kernels();
	const struct scheme *scheme = few->scheme;
	const size_t in_plane = (size_t)w->in_y * (size_t)w->in_x * (size_t)n;
	const size_t width = (size_t)w->width * (size_t)n;
	struct aq_conv_few_row row = {
		.row = {
			.in = scratch, .off = w->off, .n = n, .weight = packed + w->packed_at,
			.taps = taps_of(few, w), .outputs = w->outputs, .bias = bias,
			.plane = (size_t)w->out_y * (size_t)w->out_x * (size_t)n,
			.run = w->out_x * n,
		},
		.planes = scheme->planes,
		.buffer = scratch + planes_size(few, w) * (size_t)n + AQ_SLACK,
	};
	for (int p = 0; p < scheme->planes; p++)
		for (int h = 0; h < scheme->high; h++)
			if (scheme->plane[p].join[h] != 0) {
				const int i = row.terms[h]++;
				row.plane[h][i] = p;
				row.factor[h][i] = scheme->plane[p].join[h];
			}
	clear_sides(w, (size_t)scheme->planes * (size_t)w->inputs, n, scratch);
	for (int q = 0; q < bands_of(few->scheme, w->out_y); q++) {
		aq_real *to = scratch + w->left * n;
		for (int p = 0; p < scheme->planes; p++) {
			struct aq_conv_mix mix = plane_of(few, w, q, p, n, in);
			mix.rows = w->inputs;
			mix.from_plane = in_plane;
			mix.to = to + (size_t)p * (size_t)w->inputs * width;
			mix.to_plane = width;
			kernels->conv_mix(&mix);
		}
		row.row.out = out + (size_t)(scheme->high * q) * (size_t)row.row.run;
		row.rows = least(few->scheme->high, w->out_y - few->scheme->high * q);
		kernels->conv_few_row(&row);
	}
}

void aq_conv_few_forward(const struct aq_conv_few *few, int n, const aq_real *in,
			  const aq_real *packed, const aq_real *bias, aq_real *scratch,
			  aq_real *out)
{
	run_sweep(few, &few->forward, n, in, packed, bias, scratch, out);
}

void aq_conv_few_data(const struct aq_conv_few *few, int n, const aq_real *dout,
		       const aq_real *packed, aq_real *scratch, aq_real *din)
{
	run_sweep(few, &few->data, n, dout, packed, NULL, scratch, din);
}

bool aq_conv_few_pays(const struct aq_conv_few *few, int n)
{
	return bands_of(few->scheme, few->s.out_y) * few->s.out_x * n >= 128;
}

/* Plane p of all bands: turned [in_c][bands][width][n] of the input, joined [out_c][bands][out_x]
 * [n] of dout. */
static void make_plane(const struct aq_conv_few *few, int p, int n, const aq_real *in,
		       const aq_real *dout, aq_real *turned, aq_real *joined)
{
	const struct scheme *scheme = few->scheme;
	const struct sweep *w = &few->forward;
	const struct aq_kernels *kernels = aq_kernels();
	const size_t bands = (size_t)bands_of(scheme, w->out_y), width = (size_t)(w->width * n);
	const size_t run = (size_t)(w->out_x * n);
	for (int q = 0; q < (int)bands; q++) {
		struct aq_conv_mix mix = plane_of(few, w, q, p, n, in);
		mix.rows = w->inputs;
		mix.from_plane = (size_t)w->in_y * (size_t)mix.run;
		mix.to = turned + (size_t)q * width + w->left * n;
		mix.to_plane = bands * width;
		kernels->conv_mix(&mix);
		mix = (struct aq_conv_mix){ .run = (int)run, .rows = w->outputs };
		for (int h = 0; h < least(few->scheme->high, w->out_y - few->scheme->high * q); h++)
			if (scheme->plane[p].join[h] != 0) {
				mix.factor[mix.terms] = scheme->plane[p].join[h];
				mix.from[mix.terms++] =
					dout + (size_t)(scheme->high * q + h) * run;
			}
		mix.from_plane = (size_t)w->out_y * run;
		mix.to = joined + (size_t)q * run;
		mix.to_plane = bands * run;
		kernels->conv_mix(&mix);
	}
}

/* dweight [filter][v][u] += sum over p of spread[p][v] * sums[p][filter][u] */
static void spread_sums(const struct aq_conv_few *few, const aq_real *sums, aq_real *buffer,
			aq_real *dweight)
{
	const struct aq_conv_shape *s = &few->s;
	const size_t count = row_weights(few), fx = (size_t)s->fx, fy = (size_t)s->fy;
	for (size_t v = 0; v < fy; v++) {
		struct aq_conv_mix mix = { .run = (int)count, .rows = 1, .to = buffer };
		for (int p = 0; p < few->scheme->planes; p++)
			if (few->scheme->plane[p].twice_spread[v] != 0) {
				mix.factor[mix.terms] =
					few->scheme->plane[p].twice_spread[v] / (aq_real)2;
				mix.from[mix.terms++] = sums + (size_t)p * count;
			}
		aq_kernels()->conv_mix(&mix);
		for (size_t filter = 0; filter < count / fx; filter++)
			for (size_t u = 0; u < fx; u++)
				dweight[(filter * fy + v) * fx + u] += buffer[filter * fx + u];
	}
}

void aq_conv_few_weights(const struct aq_conv_few *few, int n, const aq_real *in,
			  const aq_real *dout, aq_real *scratch, aq_real *dweight, aq_real *dbias)
{
	const struct aq_conv_shape *s = &few->s;
	const struct sweep *w = &few->forward;
	const struct aq_kernels *kernels = aq_kernels();
	const size_t bands = (size_t)bands_of(few->scheme, s->out_y), count = row_weights(few);
	aq_real *turned = scratch;
	aq_real *joined = turned + turned_size(few) * (size_t)n + AQ_SLACK;
	aq_real *sum = joined + joined_size(few) * (size_t)n + AQ_SLACK;
	struct aq_conv_sums sums = {
		.in = turned, .off = few->off, .n = n, .first = 0, .end = s->in_c * s->fx,
		.pitch = (size_t)w->width * (size_t)n, .rows = (int)bands, .run = s->out_x * n,
		.plane = bands * (size_t)s->out_x * (size_t)n,
		.at = few->at, .to_plane = (size_t)s->in_c * (size_t)s->fx,
	};
	kernels->sum_planes(s->out_c, (size_t)s->out_y * (size_t)sums.run, dout, dbias);
	memset(sum, 0, (size_t)few->scheme->planes * count * sizeof *sum);
	clear_sides(w, (size_t)s->in_c * bands, n, turned);
	for (int p = 0; p < few->scheme->planes; p++) {
		make_plane(few, p, n, in, dout, turned, joined);
		for (int o = 0; o < s->out_c; o += 4) {
			sums.outputs = least(4, s->out_c - o);
			sums.dout = joined + (size_t)o * sums.plane;
			sums.to = sum + (size_t)p * count + (size_t)o * sums.to_plane;
			kernels->conv_sums(&sums);
		}
	}
	spread_sums(few, sum, sum + (size_t)few->scheme->planes * count, dweight);
}
