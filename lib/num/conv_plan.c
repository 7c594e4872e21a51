/* SPDX-License-Identifier: MIT
 *
 * conv_plan.c - the tables of a convolution, and how much memory it works in (conv.c)
 */
#include "num/conv_private.h"

static const struct aq_few *few_of(const struct aq_conv_shape *s)
{
	const int right = s->out_x - 1 + s->fx - s->left - s->in_x;
	const int below = s->out_y - 1 + s->fy - s->top - s->in_y;
	const bool fits = s->top < s->fy && s->left < s->fx && right >= 0 && right < s->fx &&
			  below >= 0 && below < s->fy && s->out_y > 2 && s->in_c * s->fx >= 9 &&
			  s->out_c >= 4;
	return fits ? aq_few_of(s->fy) : NULL;
}

static size_t packed_size(const struct aq_conv *conv, const struct sweep *w)
{
	return (size_t)((w->outputs + 3) / 4) * 4 * (size_t)taps_of(conv, w);
}

/* Its input with zeros, or the planes of a band. */
static size_t rows_size(const struct aq_conv *conv, const struct sweep *w)
{
	return (size_t)w->inputs * (size_t)(conv->few ? conv->planes : w->in_y) * (size_t)w->width;
}

static int plan_sweep(const struct aq_conv *conv, struct sweep *w, struct aq_arena *mem)
{
	const int fx = conv->s.fx, a_row = w->inputs * fx;
	w->before = most(0, w->left);
	w->width = w->before + w->in_x + most(0, w->out_x - 1 + fx - w->left - w->in_x);
	if (rows_size(conv, w) > 1u << 30)
		return aq_fail(AQ_EDATA, "with its padding the map has more than 2^30 numbers");
	w->off = aq_arena_take(mem, (size_t)taps_of(conv, w), sizeof *w->off);
	if (!w->off)
		return AQ_ENOMEM;
	for (int t = 0; t < taps_of(conv, w); t++) {
		const int v = t / a_row, i = t / fx % w->inputs;
		const int row = conv->few ? v * w->inputs + i : i * w->in_y + v;
		w->off[t] = row * w->width + t % fx - w->left + w->before;
	}
	for (int p = 0; p < conv->planes && conv->few; p++) {
		w->step[p] = conv->few->step[p];
		w->step[p].first = p * a_row;
		w->step[p].end = w->step[p].first + a_row;
	}
	return AQ_OK;
}

/* The taps of one plane of at_once bands, for the gradient of the weights; where they belong. */
static int plan_sums(struct aq_conv *conv, struct aq_arena *mem)
{
	const struct aq_conv_shape *s = &conv->s;
	const int taps = s->in_c * s->fx, rest = conv->bands % conv->at_once;
	const size_t all = (size_t)taps * (size_t)s->fy;
	conv->off = aq_arena_take(mem, (size_t)taps, sizeof *conv->off);
	conv->off_rest = aq_arena_take(mem, (size_t)taps, sizeof *conv->off_rest);
	conv->at = aq_arena_take(mem, all, sizeof *conv->at);
	conv->off_direct = aq_arena_take(mem, all, sizeof *conv->off_direct);
	if (!conv->off || !conv->off_rest || !conv->off_direct || !conv->at)
		return AQ_ENOMEM;
	for (int t = 0; t < taps; t++) {
		const int i = t / s->fx, u = t % s->fx;
		conv->off[t] = i * conv->at_once * conv->forward.width + u;
		conv->off_rest[t] = i * rest * conv->forward.width + u;
		for (int v = 0; v < s->fy; v++) {
			conv->off_direct[v * taps + t] = (i * s->in_y + v) * conv->forward.width + u;
			conv->at[v * taps + t] = (uint32_t)((i * s->fy + v) * s->fx + u);
		}
	}
	return AQ_OK;
}

static int plan_sweeps(struct aq_conv *conv, struct aq_arena *mem)
{
	const struct aq_conv_shape *s = &conv->s;
	const ptrdiff_t filter = (ptrdiff_t)s->fy * s->fx, output = filter * s->in_c;
	const int high = conv->few ? conv->few->high : 1;
	conv->planes = conv->few ? conv->few->planes : s->fy;
	conv->bands = (s->out_y + high - 1) / high;
	conv->at_once = least(conv->bands, most(1, AT_ONCE / s->out_x));
	conv->forward = (struct sweep){
		.inputs = s->in_c, .in_y = s->in_y, .in_x = s->in_x,
		.outputs = s->out_c, .out_y = s->out_y, .out_x = s->out_x,
		.top = s->top, .left = s->left,
		.output = output, .input = filter, .v = s->fx, .u = 1,
	};
	conv->data = (struct sweep){
		.inputs = s->out_c, .in_y = s->out_y, .in_x = s->out_x,
		.outputs = s->in_c, .out_y = s->in_y, .out_x = s->in_x,
		.top = s->fy - 1 - s->top, .left = s->fx - 1 - s->left,
		.base = filter - 1, .output = filter, .input = output, .v = -s->fx, .u = -1,
	};
	int rc;
	AQ_TRY(plan_sweep(conv, &conv->forward, mem));
	AQ_TRY(plan_sweep(conv, &conv->data, mem));
	AQ_TRY(plan_sums(conv, mem));
	conv->data.packed_at = packed_size(conv, &conv->forward);
done:
	return rc;
}

static int plan(struct aq_conv **out, const struct aq_conv_shape *s, bool may_be_few,
		struct aq_arena *mem)
{
	*out = NULL;
	struct aq_conv *conv = aq_arena_take(mem, 1, sizeof *conv);
	if (!conv)
		return AQ_ENOMEM;
	conv->s = conv->whole = *s;
	int rc;
	AQ_TRY(aq_conv_split(conv, mem));
	conv->few = may_be_few ? few_of(&conv->s) : NULL;
	AQ_TRY(plan_sweeps(conv, mem));
	*out = conv;
done:
	return rc;
}

int aq_conv_plan(struct aq_conv **conv, const struct aq_conv_shape *shape, struct aq_arena *mem)
{
	return plan(conv, shape, true, mem);
}

int aq_conv_plan_direct(struct aq_conv **conv, const struct aq_conv_shape *shape,
			struct aq_arena *mem)
{
	return plan(conv, shape, false, mem);
}

size_t aq_conv_packed(const struct aq_conv *conv)
{
	return packed_size(conv, &conv->forward) + packed_size(conv, &conv->data) +
	       (conv->is_split ? weights_size(conv) : 0);
}

size_t aq_conv_scratch(const struct aq_conv *conv)
{
	const size_t in = (size_t)conv->s.in_c * (size_t)conv->s.in_y * (size_t)conv->forward.width;
	const size_t sweeps = larger(rows_size(conv, &conv->forward), rows_size(conv, &conv->data));
	const size_t sums = larger(in, turned_size(conv) + joined_size(conv));
	return 2 * split_size(conv) + zeros_size(conv) + larger(sweeps, sums);
}

size_t aq_conv_scratch_fixed(const struct aq_conv *conv)
{
	const size_t sums = (size_t)conv->planes * (size_t)conv->s.out_c * sums_row(conv);
	return 5 * AQ_SLACK + (conv->few ? sums : 0) + (conv->is_split ? weights_size(conv) : 0);
}
