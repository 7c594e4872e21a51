/* SPDX-License-Identifier: MIT
 *
 * conv_few.c - convolutions of stride 1 with fewer multiplications: a few rows of outputs at a time
 *
 * Two rows of outputs, z and z+1, from a filter of three rows g take six products of a filter row
 * and a row of the input z; Winograd ("Arithmetic Complexity of Computations", 1980) needs four:
 *
 *	p0 = g0 (z0 - z2)                     p2 = (g0 - g1 + g2)/2 (z2 - z1)
 *	p1 = (g0 + g1 + g2)/2 (z1 + z2)       p3 = g2 (z3 - z1)
 *	row 0 = p1 + p2 + p0                  row 1 = p1 - p2 + p3
 *
 * where a product stands for what it stands for in conv.c: all taps (channel, column) of a filter
 * row on a whole row.  So the sums of rows, the *planes*, are rows like any others, conv_mix makes
 * them, and the steps of conv_row add the products up, each beginning with the sums it needs.
 *
 * With five rows, filter row 2A+B meets input row 2(a+A) + (b+B): each product above, of a and A,
 *is itself one of filter rows w0 and w1 (B) with input rows d0, d1, d2 (b+B), for two rows of
 *outputs:
 *
 *	q1 = (w0 + w1) d1     q0 = w0 (d0 - d1)     q2 = w1 (d2 - d1)
 *	row 0 = q1 + q0       row 1 = q1 + q2
 *
 * in three products instead of four; in p3, w1 would be filter row 5, which is not there, and two
 * are enough.  So a *band* of four rows takes 11 products instead of 20.
 *
 * Backward to the input is the same with the filters turned round.  The gradient of the weights is
 * the sum transposed: planes of the input by planes of dout, each by conv_sums over all bands.
 *
 * All coefficients are 0, 1, -1 and 1/2.  Schemes of still fewer products have larger ones, and
 *make three times the error of the direct sum.  This one stays below twice that error
 * (tests/unit/test_conv.c), as each of its numbers is a shorter sum.
 */
#include "num/conv_few.h"

#include "num/kernels.h"

#include <string.h>

enum { GROUPS = 4, MOST_PLANES = 11, MOST_ROWS = 5, AT_ONCE = 64 };

/* The products p1, p2, p0, p3: rows z[a] + times*z[b] of the input, and those of dout whose
 * transpose they are. */
static const struct pair {
	int a, b;
	aq_real times;
} of_input[GROUPS] = { { 1, 2, 1 }, { 2, 1, -1 }, { 0, 2, -1 }, { 3, 1, -1 } },
  of_output[GROUPS] = { { 0, 1, 1 }, { 0, 1, -1 }, { 0, 0, 0 }, { 1, 0, 0 } };

static const struct scheme {
	int rows, high, planes;
	int inner;   /* rows of a z, or of a g */
	int a_group; /* planes of a group but the last one */
	struct aq_conv_step step[MOST_PLANES];
} schemes[] = {
	// clang-format off
	{ 3, 2, 4, 1, 1, {
		{ .row = -1, .keep = 0 },
		{ .row = -1, .keep = 1 },
		{ .row = 0, .added = { 1, 2 } },
		{ .row = 1, .added = { 1, -2 } },
	} },
	{ 5, 4, 11, 2, 3, {
		{ .row = -1, .keep = 0 },
		{ .row = -1, .keep = 1, .added = { 1 } },
		{ .row = -1, .keep = 2, .added = { 1 } },
		{ .row = -1, .keep = 0 },
		{ .row = -1, .keep = 3, .added = { 1 } },
		{ .row = -1, .keep = 4, .added = { 1 } },
		{ .row = -1, .keep = 0 },
		{ .row = 0, .added = { 1, 2, 4 } },
		{ .row = 1, .added = { 1, 3, 5 } },
		{ .row = 2, .added = { 2, -4 } },
		{ .row = 3, .added = { 3, -5 } },
	} },
	// clang-format on
};

/* Rows of `outputs` from rows of `inputs`, a band at a time. */
struct sweep {
	int inputs, in_y, in_x, outputs, out_y, out_x;
	int top, left, width; /* of the planes' rows: zeros left, and all */
	int32_t *off;	      /* of taps (plane, input, column) */
	struct aq_conv_step step[MOST_PLANES];
	size_t packed_at;
	ptrdiff_t base, output, input, v, u; /* where weights are */
};

struct aq_conv_few {
	struct aq_conv_shape s;
	const struct scheme *scheme;
	int bands; /* of out */
	struct sweep forward, data;
	int at_once; /* bands whose planes are made at once, for the gradient of weights */
	int32_t *off, *off_rest; /* of taps (input, column) of one plane, of so many and of the last
				    bands */
};

static int least(int a, int b)
{
	return a < b ? a : b;
}

static int most(int a, int b)
{
	return a > b ? a : b;
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

static size_t planes_size(const struct aq_conv_few *few, const struct sweep *w)
{
	return (size_t)few->scheme->planes * (size_t)w->inputs * (size_t)w->width;
}

static size_t packed_size(const struct aq_conv_few *few, const struct sweep *w)
{
	return (size_t)((w->outputs + 3) / 4) * 4 * (size_t)few->scheme->planes *
	       (size_t)w->inputs * (size_t)few->s.fx;
}

static int plan_sweep(const struct aq_conv_few *few, struct sweep *w, struct aq_arena *mem)
{
	const int fx = few->s.fx, rows = few->scheme->planes * w->inputs;
	w->width = w->out_x + fx - 1;
	w->off = aq_arena_take(mem, (size_t)(rows * fx), sizeof *w->off);
	if (!w->off)
		return AQ_ENOMEM;
	if (planes_size(few, w) > 1u << 30)
		return aq_fail(AQ_EDATA, "with its padding the map has more than 2^30 numbers");
	for (int t = 0; t < rows * fx; t++)
		w->off[t] = t / fx * w->width + t % fx;
	memcpy(w->step, few->scheme->step, sizeof w->step);
	for (int p = 0; p < few->scheme->planes; p++) {
		w->step[p].first = p * w->inputs * fx;
		w->step[p].end = w->step[p].first + w->inputs * fx;
	}
	return AQ_OK;
}

/* Taps (input, column) over all bands of rows, for the gradient of the weights. */
static int plan_sums(struct aq_conv_few *few, struct aq_arena *mem)
{
	const struct aq_conv_shape *s = &few->s;
	const int taps = s->in_c * s->fx;
	few->off = aq_arena_take(mem, (size_t)taps, sizeof *few->off);
	few->off_rest = aq_arena_take(mem, (size_t)taps, sizeof *few->off);
	if (!few->off || !few->off_rest)
		return AQ_ENOMEM;
	for (int t = 0; t < taps; t++) {
		few->off[t] = t / s->fx * few->at_once * few->forward.width + t % s->fx;
		few->off_rest[t] =
			t / s->fx * (few->bands % few->at_once) * few->forward.width + t % s->fx;
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
	few->bands = (s->out_y + few->scheme->high - 1) / few->scheme->high;
	few->at_once = least(few->bands, most(1, AT_ONCE / s->out_x));
	const ptrdiff_t filter = (ptrdiff_t)s->fy * s->fx, output = filter * s->in_c;
	few->forward = (struct sweep){
		.inputs = s->in_c,
		.in_y = s->in_y,
		.in_x = s->in_x,
		.outputs = s->out_c,
		.out_y = s->out_y,
		.out_x = s->out_x,
		.top = s->top,
		.left = s->left,
		.output = output,
		.input = filter,
		.v = s->fx,
		.u = 1,
	};
	few->data = (struct sweep){
		.inputs = s->out_c,
		.in_y = s->out_y,
		.in_x = s->out_x,
		.outputs = s->in_c,
		.out_y = s->in_y,
		.out_x = s->in_x,
		.top = s->fy - 1 - s->top,
		.left = s->fx - 1 - s->left,
		.base = filter - 1,
		.output = filter,
		.input = output,
		.v = -s->fx,
		.u = -1,
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

/* Numbers of the planes made at once, of the input and of four outputs of dout. */
static size_t turned_size(const struct aq_conv_few *few)
{
	return (size_t)(few->scheme->a_group * few->at_once) * (size_t)few->s.in_c *
	       (size_t)few->forward.width;
}

static size_t joined_size(const struct aq_conv_few *few)
{
	return (size_t)(few->scheme->a_group * few->at_once) * 4 * (size_t)few->s.out_x;
}

/* Sums of one output and plane. */
static size_t sums_row(const struct aq_conv_few *few)
{
	return (size_t)few->s.in_c * (size_t)few->s.fx + AQ_CONV_ROOM;
}

/* A row of zeros comes first. */
static size_t zeros_size(const struct aq_conv_few *few)
{
	return (size_t)most(few->s.in_x, few->s.out_x);
}

size_t aq_conv_few_scratch(const struct aq_conv_few *few)
{
	const size_t forward = planes_size(few, &few->forward);
	const size_t data = planes_size(few, &few->data), sweeps = forward > data ? forward : data;
	const size_t weights = turned_size(few) + joined_size(few);
	return zeros_size(few) + (sweeps > weights ? sweeps : weights);
}

size_t aq_conv_few_scratch_fixed(const struct aq_conv_few *few)
{
	return 4 * AQ_SLACK + (size_t)few->scheme->planes * (size_t)few->s.out_c * sums_row(few);
}

/* ---- pack ------------------------------------------------------------------------------------ */

typedef aq_real four __attribute__((vector_size(4 * sizeof(aq_real)), aligned(sizeof(aq_real))));

/* One column of four filters, row by row, becomes what its planes are multiplied with. */
static void turn_weights(const struct scheme *scheme, const four row[MOST_ROWS],
			 four plane[MOST_PLANES])
{
	four group[GROUPS][2] = { 0 };
	for (int b = 0; b < scheme->inner; b++) {
		const four none = { 0 }, g0 = row[b], g1 = row[scheme->inner + b];
		const four g2 = b ? none : row[2 * scheme->inner];
		const four outside = (g0 + g2) / 2, inside = g1 / 2;
		group[0][b] = outside + inside;
		group[1][b] = outside - inside;
		group[2][b] = g0;
		group[3][b] = g2;
	}
	for (int g = 0; g < GROUPS; g++, plane += scheme->a_group) {
		if (scheme->inner == 1 || g == 3) {
			plane[0] = group[g][0];
			plane[scheme->inner - 1] = group[g][0];
			continue;
		}
		plane[0] = group[g][0] + group[g][1];
		plane[1] = group[g][0];
		plane[2] = group[g][1];
	}
}

/* packed [group of 4 outputs][plane][input][column][4], zeros for outputs that do not exist */
static void pack_sweep(const struct aq_conv_few *few, const struct sweep *w, const aq_real *weight,
		       aq_real *packed)
{
	const struct scheme *scheme = few->scheme;
	const int fx = few->s.fx, a_plane = w->inputs * fx * 4;
	aq_real *to = packed + w->packed_at;
	for (int o = 0; o < w->outputs; o += 4, to += scheme->planes * a_plane) {
		const int live = least(4, w->outputs - o);
		for (int t = 0; t < w->inputs * fx; t++) {
			const aq_real *from = weight + w->base + o * w->output + t / fx * w->input +
					      t % fx * w->u;
			four row[MOST_ROWS] = { 0 }, plane[MOST_PLANES];
			for (int v = 0; v < scheme->rows; v++)
				for (int k = 0; k < live; k++)
					row[v][k] = from[v * w->v + k * w->output];
			turn_weights(scheme, row, plane);
			for (int p = 0; p < scheme->planes; p++)
				*(four *)(to + p * a_plane + 4 * t) = plane[p];
		}
	}
}

void aq_conv_few_pack(const struct aq_conv_few *few, const aq_real *weight, aq_real *packed)
{
	pack_sweep(few, &few->forward, weight, packed);
	pack_sweep(few, &few->data, weight, packed);
}

/* ---- planes ---------------------------------------------------------------------------------- */

/* Maps [channels][rows][run], whose rows before the first and behind the last are zeros. */
struct maps {
	const aq_real *at, *zeros;
	int channels, rows, run;
};

/* The planes of group g, of the rows from y on. */
static void make_group(const struct aq_conv_few *few, int g, const struct maps *maps, int y,
		       enum aq_mix kind, aq_real *to, size_t to_step, size_t to_plane)
{
	const int inner = few->scheme->inner;
	const struct pair *pair = kind == AQ_MIX_INPUT ? &of_input[g] : &of_output[g];
	const bool plain = inner == 1 || g == 3;
	struct aq_conv_mix mix = {
		.kind = plain ? AQ_MIX_PLAIN : kind,
		.times = pair->times,
		.channels = maps->channels,
		.run = maps->run,
		.to = to,
		.to_step = to_step,
		.to_plane = to_plane,
	};
	for (int i = 0; i < 3; i++) {
		const int a = y + inner * pair->a + i, b = y + inner * pair->b + i;
		const size_t step = (size_t)maps->rows * (size_t)maps->run;
		mix.a[i].at = mix.b[i].at = maps->zeros;
		if (a >= 0 && a < maps->rows) {
			mix.a[i].at = maps->at + (size_t)a * (size_t)maps->run;
			mix.a[i].step = step;
		}
		if (b >= 0 && b < maps->rows && pair->times != 0) {
			mix.b[i].at = maps->at + (size_t)b * (size_t)maps->run;
			mix.b[i].step = step;
		}
	}
	aq_kernels()->conv_mix(&mix);
	if (plain && inner == 2) {
		mix.a[0] = mix.a[1];
		mix.b[0] = mix.b[1];
		mix.to += to_plane;
		aq_kernels()->conv_mix(&mix);
	}
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

/* ---- run ------------------------------------------------------------------------------------- */

static void run_sweep(const struct aq_conv_few *few, const struct sweep *w, int n,
		      const aq_real *in, const aq_real *packed, const aq_real *bias,
		      aq_real *scratch, aq_real *out)
{
	const struct scheme *scheme = few->scheme;
	const size_t zeros = zeros_size(few) * (size_t)n, width = (size_t)w->width * (size_t)n;
	const struct maps maps = { in, scratch, w->inputs, w->in_y, w->in_x * n };
	aq_real *planes = scratch + zeros;
	struct aq_conv_row row = {
		.in = planes,
		.off = w->off,
		.n = n,
		.steps = scheme->planes,
		.step = w->step,
		.weight = packed + w->packed_at,
		.taps = scheme->planes * w->inputs * few->s.fx,
		.outputs = w->outputs,
		.bias = bias,
		.run = w->out_x * n,
		.plane = (size_t)w->out_y * (size_t)w->out_x * (size_t)n,
	};
	memset(scratch, 0, zeros * sizeof *scratch);
	clear_sides(w, (size_t)scheme->planes * (size_t)w->inputs, n, planes);
	for (int y = 0; y < w->out_y; y += scheme->high) {
		for (int g = 0; g < GROUPS; g++)
			make_group(few, g, &maps, y - w->top, AQ_MIX_INPUT,
				   planes + w->left * n +
					   (size_t)(g * scheme->a_group) * (size_t)w->inputs *
						   width,
				   width, (size_t)w->inputs * width);
		row.out = out + (size_t)y * (size_t)row.run;
		row.rows = least(scheme->high, w->out_y - y);
		aq_kernels()->conv_row(&row);
	}
}

void aq_conv_few_forward(const struct aq_conv_few *few, int n, const aq_real *in,
			 const aq_real *packed, const aq_real *bias, aq_real *scratch, aq_real *out)
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
	return few->bands * few->s.out_x * n >= 128;
}

/* turn_weights transposed. */
static void turn_sums(const struct scheme *scheme, const four plane[MOST_PLANES],
		      four row[MOST_ROWS])
{
	four group[GROUPS][2] = { 0 };
	for (int g = 0; g < GROUPS; g++, plane += scheme->a_group) {
		group[g][0] = plane[0];
		if (scheme->inner == 2)
			group[g][0] += plane[1];
		if (scheme->inner == 2 && g < 3)
			group[g][1] = plane[0] + plane[2];
	}
	for (int b = 0; b < scheme->inner; b++) {
		const four sum = (group[0][b] + group[1][b]) / 2;
		row[b] = group[2][b] + sum;
		row[scheme->inner + b] = (group[0][b] - group[1][b]) / 2;
		if (b == 0)
			row[2 * scheme->inner] = group[3][b] + sum;
	}
}

/* dweight [output][input][row][column] += what the sums [plane][output][input][column] say of it */
static void add_sums(const struct aq_conv_few *few, const aq_real *sums, aq_real *dweight)
{
	const struct aq_conv_shape *s = &few->s;
	const size_t a_row = sums_row(few), a_plane = (size_t)s->out_c * a_row;
	const int filter = s->fy * s->fx;
	for (int o = 0; o < s->out_c; o++, sums += a_row) {
		for (int t = 0, u = 0; t < s->in_c * s->fx; t += 4) {
			four plane[MOST_PLANES], row[MOST_ROWS];
			for (int p = 0; p < few->scheme->planes; p++)
				plane[p] = *(const four *)(sums + (size_t)p * a_plane + t);
			turn_sums(few->scheme, plane, row);
			for (int k = 0; k < 4 && t + k < s->in_c * s->fx; k++) {
				for (int v = 0; v < s->fy; v++)
					dweight[v * s->fx + u] += row[v][k];
				if (++u == s->fx) {
					u = 0;
					dweight += filter;
				}
			}
		}
	}
}

/* The planes of group g: of bands from `first` on, and `count` of them. */
static void make_bands(const struct aq_conv_few *few, int g, const struct maps *maps, int y,
		       enum aq_mix kind, int count, aq_real *to, size_t pitch)
{
	const size_t step = (size_t)count * pitch;
	for (int q = 0; q < count; q++, y += few->scheme->high, to += pitch)
		make_group(few, g, maps, y, kind, to, step, (size_t)maps->channels * step);
}

void aq_conv_few_weights(const struct aq_conv_few *few, int n, const aq_real *in,
			 const aq_real *dout, aq_real *scratch, aq_real *dweight, aq_real *dbias)
{
	const struct aq_conv_shape *s = &few->s;
	const struct scheme *scheme = few->scheme;
	const size_t width = (size_t)(few->forward.width * n), run = (size_t)(s->out_x * n);
	const size_t zeros = zeros_size(few) * (size_t)n;
	const struct maps ins = { in, scratch, s->in_c, s->in_y, s->in_x * n };
	aq_real *turned = scratch + zeros;
	aq_real *joined = turned + turned_size(few) * (size_t)n + AQ_SLACK;
	aq_real *sum = joined + joined_size(few) * (size_t)n + AQ_SLACK;
	struct aq_conv_sums sums = {
		.n = n,
		.first = 0,
		.end = s->in_c * s->fx,
		.pitch = width,
		.run = s->out_x * n,
		.to_plane = sums_row(few),
	};
	aq_kernels()->sum_planes(s->out_c, (size_t)s->out_y * run, dout, dbias);
	memset(scratch, 0, zeros * sizeof *scratch);
	clear_sides(&few->forward, (size_t)(scheme->a_group * s->in_c * few->at_once), n, turned);
	for (int q = 0; q < few->bands; q += few->at_once) {
		sums.adds = q > 0;
		sums.rows = least(few->at_once, few->bands - q);
		sums.off = sums.rows == few->at_once ? few->off : few->off_rest;
		sums.plane = (size_t)sums.rows * run;
		if (sums.rows < few->at_once)
			clear_sides(&few->forward, (size_t)(scheme->a_group * s->in_c * sums.rows),
				    n, turned);
		for (int g = 0; g < GROUPS; g++) {
			const int planes =
				least(scheme->a_group, scheme->planes - g * scheme->a_group);
			make_bands(few, g, &ins, q * scheme->high - s->top, AQ_MIX_INPUT, sums.rows,
				   turned + s->left * n, width);
			for (int o = 0; o < s->out_c; o += 4) {
				const struct maps douts = { dout + (size_t)o * (size_t)s->out_y *
									    run,
							    scratch, least(4, s->out_c - o),
							    s->out_y, s->out_x * n };
				make_bands(few, g, &douts, q * scheme->high, AQ_MIX_OUTPUT,
					   sums.rows, joined, run);
				sums.outputs = douts.channels;
				for (int p = 0; p < planes; p++) {
					sums.in =
						turned + (size_t)(p * s->in_c * sums.rows) * width;
					sums.dout =
						joined + (size_t)(p * sums.outputs) * sums.plane;
					sums.to =
						sum +
						(size_t)((g * scheme->a_group + p) * s->out_c + o) *
							sums.to_plane;
					aq_kernels()->conv_sums(&sums);
				}
			}
		}
	}
	add_sums(few, sum, dweight);
}
