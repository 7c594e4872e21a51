/* SPDX-License-Identifier: MIT
 *
 * film.h - frames of a film: which steps, drawn how, for how long
 */
#ifndef AQ_DRAW_FILM_H
#define AQ_DRAW_FILM_H

#include "base/err.h"
#include "draw/canvas.h"
#include "io/png.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct aq_film;

/* Begin an animated PNG of width x height pixels, `rate` frames a second, played for ever; or where
 * `path` says where numbers go, as in frame-%06d.png, pictures of that name counted from 0.  The
 * texts must live as long as the film. */
int aq_film_begin(struct aq_film **film, const char *path, bool keep, int width, int height,
		  double rate, const struct aq_png_text *texts, int count) AQ_CHECKED;

/* The canvas to draw the next frame on.  It keeps what the frame before showed: draw what changes,
 * or aq_canvas_clear() it. */
struct aq_canvas *aq_film_canvas(struct aq_film *film);

/* Add the canvas as a frame. */
int aq_film_shoot(struct aq_film *film) AQ_CHECKED;

/* Hold the last frame for `seconds` instead; then publish.  Frees `film` either way. */
int aq_film_finish(struct aq_film *film, double seconds) AQ_CHECKED;
void aq_film_drop(struct aq_film *film); /* gives up; accepts NULL */

/* A thin time line: how far `done` of `total` is. */
void aq_film_strip(struct aq_canvas *canvas, struct aq_box box, double done, double total);

/* Choose which of `rows` recorded rows become at most `most` frames: evenly, or dense at the
 * beginning (`log`).  Writes increasing row numbers, first and last included; returns how many. */
size_t aq_film_rows(uint64_t rows, size_t most, bool log, uint64_t *row);

#endif
