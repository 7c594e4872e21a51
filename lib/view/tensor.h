/* SPDX-License-Identifier: MIT
 *
 * tensor.h - a tensor out of any of our files, in a shape that can be drawn
 */
#ifndef AQ_VIEW_TENSOR_H
#define AQ_VIEW_TENSOR_H

#include "io/h5.h"
#include "look/difference.h"
#include "nn/net.h"
#include "run/run.h"

/* What a picture is of.  The first ones are like the parameters, the last two like the maps. */
enum aq_of {
	AQ_OF_WEIGHTS,
	AQ_OF_GRAD,
	AQ_OF_REG_GRAD,
	AQ_OF_CLIP_GRAD,
	AQ_OF_UPDATE,
	AQ_OF_EXAMPLE_GRAD,
	AQ_OF_ACTIVATION,
	AQ_OF_DELTA,
};
extern const char *const aq_of_words[];	   /* ended by NULL */
extern const char *const aq_of_meanings[]; /* in words */

/* `groups` rows of `maps` pictures.  A conv weight is out rows of in pictures, or one picture of
 * three colours where it reads three; a dense weight the same where it reads maps, else one matrix
 * [out][in]; a bias and a map of single numbers are one strip. */
struct aq_tensor {
	float *at; /* [groups][maps][height][width], malloc'd */
	int groups, maps, height, width;
	bool is_colour; /* the maps are red, green, blue */
	bool is_matrix; /* rows and columns are numbers of outputs and inputs, or a strip */
};

/* A file opened for drawing: a snap, a weights file or a run. */
struct aq_gallery {
	char *path;
	struct aq_h5 *file; /* the run's own where it is one */
	struct aq_run *run; /* NULL if it is none */
	struct aq_net *net; /* its network */
	char *net_text;
	int64_t step; /* of a snap or weights file; of a run what was read last */
	bool is_snap;
	uint64_t examples; /* of a snap */
};

int aq_gallery_open(struct aq_gallery *gallery, const char *path) AQ_CHECKED;
void aq_gallery_close(struct aq_gallery *gallery);

/* The layer called `name`; AQ_EUSAGE with near ones told. */
int aq_gallery_layer(const struct aq_gallery *gallery, const char *name,
		     const struct aq_layer **layer) AQ_CHECKED;

/* The last step of a run that has what is wanted. */
#define AQ_LAST_RECORDED INT64_MIN

/* Read what `of` names of a layer: parameter `param` ("weight", "bias"), or its map.  `step` is
 * looked at in runs, `example` for single examples of snaps. */
int aq_tensor_read(struct aq_tensor *tensor, struct aq_gallery *gallery,
		   const struct aq_layer *layer, enum aq_of of, const char *param, int64_t step,
		   int64_t example) AQ_CHECKED;
void aq_tensor_free(struct aq_tensor *tensor);

/* The shape that a parameter of a layer, or its map, is drawn in (at stays NULL). */
struct aq_tensor aq_tensor_of_param(const struct aq_layer *layer, const struct aq_param *param);
struct aq_tensor aq_tensor_of_map(const struct aq_layer *layer);

size_t aq_tensor_count(const struct aq_tensor *tensor);

/* How its tiles are laid out, for a caption: "one tile a channel". */
const char *aq_tensor_arrangement(const struct aq_tensor *tensor);

/* Replace every picture by its finite difference; AQ_EUSAGE where the numbers are no pictures. */
int aq_tensor_view(struct aq_tensor *tensor, enum aq_view view) AQ_CHECKED;

#endif
