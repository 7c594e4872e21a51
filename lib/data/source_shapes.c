/* SPDX-License-Identifier: MIT
 *
 * source_shapes.c - pictures drawn on the spot
 */
#include "data/shapes.h"
#include "data/source_kind.h"

static int open_shapes(struct aq_source *source)
{
	source->total = source->wanted[AQ_TRAIN] + source->wanted[AQ_TEST];
	return aq_names_add_all(&source->classes, aq_shape_names);
}

/* Until the sink has enough: with some classes left out, more must be drawn than are kept. */
static int read_shapes(struct aq_source *source, const struct aq_sink *sink)
{
	uint8_t pixels[3 * AQ_SHAPE_SIDE * AQ_SHAPE_SIDE];
	const struct aq_planes picture = { pixels, 3, AQ_SHAPE_SIDE, AQ_SHAPE_SIDE };
	int rc = AQ_OK;
	for (int s = 0; s < AQ_SPLITS; s++) {
		const enum aq_split split = (enum aq_split)s;
		for (uint32_t i = 0;
		     split != AQ_VAL && rc == AQ_OK && sink->wants(sink->self, split); i++) {
			const int label = aq_shape_draw(source->seed, s, i, pixels);
			rc = aq_source_give(source, split, label, &picture);
		}
	}
	return rc;
}

const struct aq_source_kind aq_source_shapes = {
	.name = "drawn shapes",
	.open = open_shapes,
	.read = read_shapes,
};
