/* SPDX-License-Identifier: MIT
 *
 * input.c - where the pictures come in
 */
#include "nn/registry.h"

#include <stdlib.h>

struct args {
	const char *shape;
};

static const struct aq_opt opts[] = {
	AQ_OPERAND(struct args, shape, "CHANNELSxHEIGHTxWIDTH", "what one example is"),
	AQ_END,
};

static int plan(struct aq_layer *layer, struct aq_arena *mem)
{
	(void)mem;
	const struct args *args = layer->args;
	enum { MOST = 1 << 16 };
	int number[3];
	const char *at = args->shape;
	for (int i = 0; i < 3; i++) {
		char *end;
		const long value = strtol(at, &end, 10);
		if (end == at || *end != (i < 2 ? 'x' : '\0'))
			return aq_fail(AQ_EDATA,
				       "'%s' should be CHANNELSxHEIGHTxWIDTH, as in 3x32x32",
				       args->shape);
		if (value < 1 || value > MOST)
			return aq_fail(AQ_EDATA, "'%s': each number must be 1 to %d", args->shape,
				       MOST);
		number[i] = (int)value;
		at = end + 1;
	}
	layer->out = (struct aq_shape){ number[0], number[1], number[2] };
	return AQ_OK;
}

/* Whoever has the batch fills the input's output, and nothing lies before it. */
static void nothing(const struct aq_layer *layer, const struct aq_block *block)
{
	(void)layer;
	(void)block;
}

const struct aq_layer_type aq_input = {
	.name = "input",
	.brief = "where the pictures come in",
	.opts = opts,
	.size = sizeof(struct args),
	.plan = plan,
	.forward = nothing,
	.backward = nothing,
};
