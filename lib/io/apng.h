/* SPDX-License-Identifier: MIT
 *
 * apng.h - animated PNG, written frame by frame
 *
 * Format: APNG 1.0 (wiki.mozilla.org/APNG_Specification), in PNG's third edition since.  The first
 * frame is the default image, so that a viewer without animation shows it.  Later frames store only
 * the rectangle that changed.  Memory holds two frames whatever their number.
 */
#ifndef AQ_IO_APNG_H
#define AQ_IO_APNG_H

#include "base/err.h"
#include "io/png.h"

#include <stdbool.h>
#include <stdint.h>

struct aq_apng;

/* Begin PATH (as its temporary) with frames of width x height; `loops` 0 plays for ever. */
int aq_apng_begin(struct aq_apng **film, const char *path, bool keep, int width, int height,
		  uint32_t loops, const struct aq_png_text *texts, int count) AQ_CHECKED;

/* Add a frame (three channels, of the size begun with), shown for num/den seconds. */
int aq_apng_frame(struct aq_apng *film, const struct aq_picture *frame, uint16_t num,
		  uint16_t den) AQ_CHECKED;

/* Show the frame added last for num/den seconds instead. */
int aq_apng_hold(struct aq_apng *film, uint16_t num, uint16_t den) AQ_CHECKED;

/* Frames so far. */
uint32_t aq_apng_frames(const struct aq_apng *film);

/* Close, write the number of frames, publish.  At least one frame is needed.  Frees `film` either
 * way. */
int aq_apng_publish(struct aq_apng *film) AQ_CHECKED;

/* Give up: the temporary is removed.  Accepts NULL. */
void aq_apng_drop(struct aq_apng *film);

/* ---- reading back what we write (checks, tests, frames as numbered files) -------------------- */

struct aq_apng_player;

struct aq_apng_info {
	int width, height;
	uint32_t frames, loops;
};

/* Check the file's structure (order, sequence numbers, CRCs, rectangles); AQ_EDATA with the
 * place. */
int aq_apng_open(struct aq_apng_player **player, const char *path,
		 struct aq_apng_info *info) AQ_CHECKED;

/* The next frame as it is shown; the picture belongs to the player and lives until the next call.
 * *frame is NULL after the last. */
int aq_apng_next(struct aq_apng_player *player, const struct aq_picture **frame,
		 double *seconds) AQ_CHECKED;
void aq_apng_close(struct aq_apng_player *player);

#endif
