/* SPDX-License-Identifier: MIT
 *
 * text.h - words and numbers on a canvas, in our own bitmap faces
 *
 * Text is UTF-8.  There is all printable ASCII and  − × · ± ≤ ≥ ≈ ° µ … – — ← ↑ → ↓ ∞ Δ Σ √ ∂ α β γ
 * δ ε η λ σ ² ³ ⁻; what is missing is drawn as an empty box.  Digits all have the same width, so
 * columns of numbers stand.  A line of text is a box of aq_text_line() pixels; the middle of its
 * capitals and digits is the middle of that box.
 */
#ifndef AQ_DRAW_TEXT_H
#define AQ_DRAW_TEXT_H

#include "draw/canvas.h"

#include <stddef.h>

enum aq_face {
	AQ_FACE_SMALL, /* capitals 7 pixels high: captions, ticks */
	AQ_FACE_TEXT,  /* capitals 9 pixels high: the body */
	AQ_FACE_BOLD,  /* the same, bold: headings */
	AQ_FACE_TITLE, /* capitals 18 pixels high, smoothed: the title of a page */
};
enum { AQ_FACES = 4 };

enum aq_align { AQ_LEFT, AQ_CENTRE, AQ_RIGHT };

/* Height of a line box, pixels from its top to the base line, height of capitals. */
int aq_text_line(enum aq_face face);
int aq_text_base(enum aq_face face);
int aq_text_caps(enum aq_face face);

/* Width in pixels of one line. */
int aq_text_width(enum aq_face face, const char *text);

/* Draw one line in a line box whose top is y; `x` is its left end, middle or right end by `align`.
 * Returns its width. */
int aq_text_draw(struct aq_canvas *canvas, int x, int y, enum aq_face face, enum aq_align align,
		 struct aq_rgb colour, const char *text);

/* The same, within `box`: in the middle of its height; cut with an ellipsis where it is too
 * wide. */
void aq_text_in(struct aq_canvas *canvas, struct aq_box box, enum aq_face face, enum aq_align align,
		struct aq_rgb colour, const char *text);

/* Reading upwards, for the axis at the left: `x` is the left side of the line box, the text is
 * centred about y. */
void aq_text_up(struct aq_canvas *canvas, int x, int y, enum aq_face face, struct aq_rgb colour,
		const char *text);

/* Height of `text` broken into lines of at most `width` pixels (at blanks, and at '\n'); with
 * `canvas` it is drawn too, its first line box at (x, y). */
int aq_text_flow(struct aq_canvas *canvas, int x, int y, int width, enum aq_face face,
		 struct aq_rgb colour, const char *text);

/* ---- numbers for people ---------------------------------------------------------------------- */

enum { AQ_NUMBER_ROOM = 32 };

/* `digits` significant digits, the shortest sensible way: 0, 0.0123, −1.5, 12300, 1.2e−5, ∞,
 * NaN.  No zeros behind the last digit that counts.  Writes to text[AQ_NUMBER_ROOM], returns it. */
char *aq_number(char *text, double value, int digits);

/* A tick: as many decimals as the distance `step` to the next one needs. */
char *aq_number_tick(char *text, double value, double step);

/* A count or a step: 950, 1.5k, 20k, 1M, 1.25M. */
char *aq_number_count(char *text, double value);

#endif
