/* SPDX-License-Identifier: MIT
 *
 * gallery.h - a tiny run and a snap of it, for the tests of what is drawn
 *
 * Pictures of 3x8x8 and layers of every layout: filters in colour, rows of small filters, filters
 * of a single cell, outputs that lie as maps, a matrix, strips.
 */
#ifndef AQ_TESTS_GALLERY_H
#define AQ_TESTS_GALLERY_H

#include "tiny.h"

#include "run/replay.h"
#include "run/snap.h"
#include "view/snap_tiles.h"

#define GALLERY_NET                                \
	"input 3x8x8\n"                            \
	"conv channels=6 size=3 pad=1 init=he\n"   \
	"relu\n"                                   \
	"maxpool size=2 stride=2\n"                \
	"conv channels=3 size=3 pad=1 init=he\n"   \
	"relu\n"                                   \
	"conv channels=5 size=1 init=he\n"         \
	"dense units=7 init=he\n"                  \
	"relu\n"                                   \
	"dense units=3\n"                          \
	"loss softmax\n"

enum { GALLERY_STEPS = 24, GALLERY_CUT = 20 };

static inline void gallery_split(struct aq_h5 *file, const char *split, int count)
{
	enum { WIDTH = 3 * TINY_SIDE * TINY_SIDE };
	uint8_t images[TINY_TRAIN * WIDTH];
	int32_t labels[TINY_TRAIN];
	char name[32];
	for (int i = 0; i < count; i++) {
		labels[i] = i % TINY_CLASSES;
		for (int p = 0; p < WIDTH; p++) {
			/* a bright band of rows for each class, in a colour of its own, in noise */
			const int cell = p % (TINY_SIDE * TINY_SIDE);
			const bool band = cell / TINY_SIDE / 3 == labels[i];
			const int channel = p / (TINY_SIDE * TINY_SIDE);
			images[i * WIDTH + p] = (uint8_t)(aq_rng_word(5, AQ_STREAM_SYNTH, 0,
								      (uint32_t)i, (uint32_t)p) %
								  60 +
							  (band ? 120 : 30) +
							  (channel == labels[i] ? 70 : 0));
		}
	}
	snprintf(name, sizeof name, "/%s/images", split);
	good(aq_h5_put(file, name, AQ_SHAPE4(AQ_U8, (uint64_t)count, 3, TINY_SIDE, TINY_SIDE),
		       images));
	snprintf(name, sizeof name, "/%s/labels", split);
	good(aq_h5_put(file, name, AQ_SHAPE1(AQ_I32, (uint64_t)count), labels));
}

static inline void gallery_data(const char *path)
{
	static const char *const classes[] = {"top", "middle", "bottom"};
	const struct aq_prepare prepare = aq_prepare_plain(3, TINY_SIDE, TINY_SIDE, false);
	struct aq_h5 *file;
	good(aq_h5_create(&file, path, "aquatint-data", false));
	gallery_split(file, "train", TINY_TRAIN);
	gallery_split(file, "val", TINY_VAL);
	gallery_split(file, "test", TINY_TEST);
	good(aq_h5_put_texts(file, "/classes", classes, TINY_CLASSES));
	good(aq_prepare_write(&prepare, file));
	good(aq_h5_publish(file));
}

/* FOLDER/tiny.data.h5, FOLDER/a.run.h5 of GALLERY_STEPS steps, FOLDER/a.snap.h5 of GALLERY_CUT. */
static inline void gallery_make(const char *folder)
{
	struct aq_replay replay;
	char run[256], data[256], snap[256], net[256];
	tiny_folder(folder);
	snprintf(run, sizeof run, "%s/a.run.h5", folder);
	snprintf(data, sizeof data, "%s/tiny.data.h5", folder);
	snprintf(snap, sizeof snap, "%s/a.snap.h5", folder);
	snprintf(net, sizeof net, "%s/tiny.net", folder);
	good(aq_file_write(net, false, GALLERY_NET, strlen(GALLERY_NET)));
	gallery_data(data);
	good(tiny_train(folder, run, "solver=momentum lr=0.01 batch=4 steps=24 eval-every=8", "",
			NULL));
	good(aq_replay_open(&replay, run, data, 1, aq_snap_wants(), false));
	good(aq_snap_write(&replay, &(struct aq_snap_args){ .step = GALLERY_CUT,
							    .out = snap,
							    .program = "aquatint-snapshot cut",
							    .arguments = "step=20",
							    .decorate = aq_view_snap_tiles }));
	aq_replay_close(&replay);
}

#endif
