/* SPDX-License-Identifier: MIT
 *
 * field.c - what a cell of a layer sees
 */
#include "look/field.h"

#include "nn/build.h"

/* A pair or the sides of a layer's arguments, by the name its table gives them; NULL if it has
 * none. */
static const int *argument(const struct aq_layer *layer, const char *name)
{
	const struct aq_opt *opt = layer->type->opts ? aq_opt_find(layer->type->opts, name) : NULL;
	if (!opt || (opt->type != AQ_T_PAIR && opt->type != AQ_T_SIDES))
		return NULL;
	return (const int *)(const void *)((const char *)layer->args + opt->offset);
}

/* Does it see all of a map in one place? */
static bool sees_all(const struct aq_layer *layer)
{
	const struct aq_shape in = layer->in[0];
	return layer->n_inputs > 0 && (layer->out.y != in.y || layer->out.x != in.x);
}

bool aq_window_slides(const struct aq_layer *layer)
{
	return layer->n_inputs > 0 && (argument(layer, "size") || layer->n_params > 0);
}

struct aq_window aq_window_of(const struct aq_layer *layer)
{
	static const int none[4];
	const int *size = argument(layer, "size"), *stride = argument(layer, "stride"),
		  *pad = argument(layer, "pad");
	const struct aq_shape in = layer->in[0];
	if (layer->n_inputs > 0 && size && stride) {
		pad = pad ? pad : none;
		return (struct aq_window){ size[0], size[1], stride[0], stride[1],
					   pad[0],  pad[2],  pad[1],	pad[3] };
	}
	if (sees_all(layer))
		return (struct aq_window){ .fy = in.y, .fx = in.x, .sy = 1, .sx = 1 };
	return (struct aq_window){ .fy = 1, .fx = 1, .sy = 1, .sx = 1 };
}

static struct aq_field both(struct aq_field a, struct aq_field b)
{
	return (struct aq_field){ a.top < b.top ? a.top : b.top, a.left < b.left ? a.left : b.left,
				  a.bottom > b.bottom ? a.bottom : b.bottom,
				  a.right > b.right ? a.right : b.right };
}

/* From the layer down to the picture: layers read only what stands before them, so each one's field
 * is whole when its turn comes. */
struct aq_field aq_field_of(const struct aq_net *net, const struct aq_layer *layer, int y, int x)
{
	struct aq_field field[AQ_MOST_LAYERS + 1];
	bool seen[AQ_MOST_LAYERS + 1] = { false };
	field[layer->index] = (struct aq_field){ y, x, y, x };
	seen[layer->index] = true;
	for (int i = layer->index; i > 0; i--) {
		const struct aq_layer *l = &net->layer[i];
		const struct aq_window w = aq_window_of(l);
		if (!seen[i])
			continue;
		const struct aq_field f = { field[i].top * w.sy - w.top,
					    field[i].left * w.sx - w.left,
					    field[i].bottom * w.sy - w.top + w.fy - 1,
					    field[i].right * w.sx - w.left + w.fx - 1 };
		for (int k = 0; k < l->n_inputs; k++) {
			const int from = l->input[k];
			field[from] = seen[from] ? both(field[from], f) : f;
			seen[from] = true;
		}
	}
	return field[0];
}
