/* SPDX-License-Identifier: MIT
 *
 * album.h - what every layer of a run holds at a few chosen steps, small enough to carry along
 *
 * An exhibit is one tensor over the frames.  Of each frame its numbers are kept as bytes, 0 .. 254
 * from the least to the greatest of that frame (for signed ones 127 is 0), 255 what is not finite;
 * the two ends are kept exactly.  Frames, exhibits and the numbers of each are bounded, so memory
 * depends neither on the number of steps nor on the size of the network.
 */
#ifndef AQ_VIEW_ALBUM_H
#define AQ_VIEW_ALBUM_H

#include "run/replay.h"
#include "view/figure.h"

enum { AQ_LEVELS = 254, AQ_LEVEL_ODD = 255 };

struct aq_exhibit {
	const struct aq_layer *layer;
	const struct aq_param *param;	/* NULL: the layer's map */
	enum aq_of of;
	int example;			/* of a map: which one */
	const struct aq_column *column; /* of the run; NULL: had by replay */
	struct aq_tensor tensor;	/* of the frame read last */
	struct aq_figure figure;	/* how it is laid out */
	size_t values;			/* that are shown of a frame */
	uint8_t *levels;		/* [frames][values] */
	float *low, *high;		/* [frames] */
};

/* One of the pictures that the network looks at. */
struct aq_onlooker {
	int64_t index, label;
	float *probability; /* [frames][classes] */
};

struct aq_album_args {
	const char *run, *data; /* data: NULL for no maps, and where all was recorded */
	const char *examples;	/* "test:0-2" */
	int64_t frames;		/* at the most */
	bool log;		/* dense at the beginning */
	int width;		/* pixels that the figure of a parameter may take */
	int wide;		/* and of a map */
	int threads;
};

struct aq_album {
	const struct aq_album_args *args;
	struct aq_replay replay;  /* goes through the steps */
	struct aq_replay second;  /* shows the examples, where the first one does without data */
	struct aq_replay *stage;  /* the one that has the data, or NULL */
	bool steps_known;	  /* can every gradient be had? */
	size_t frames;
	uint64_t *step;
	float *loss, *lr; /* [frames] */
	struct aq_exhibit *exhibit;
	int exhibits;
	enum aq_split split;
	struct aq_onlooker *onlooker;
	int onlookers;
	float *probability; /* [onlookers][classes] */
};

int aq_album_fill(struct aq_album *album, const struct aq_album_args *args) AQ_CHECKED;
void aq_album_free(struct aq_album *album);

/* Give the stage's trainer the weights that the walk through the steps has come to: after
 * aq_album_fill() those after the last step. */
void aq_album_stage(struct aq_album *album);

/* The numbers that the bytes of a frame stand for, into `to` [values]. */
void aq_exhibit_values(const struct aq_exhibit *exhibit, size_t frame, float *to);

#endif
