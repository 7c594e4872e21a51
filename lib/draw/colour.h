/* SPDX-License-Identifier: MIT
 *
 * colour.h - the colours of all pictures: maps from numbers, classes, and the page itself
 *
 * The maps are tables of control points computed in OKLab (B. Ottosson, 2020) with even steps of
 * lightness, joined by straight lines in sRGB, so that the same value has the same colour
 * everywhere.
 */
#ifndef AQ_DRAW_COLOUR_H
#define AQ_DRAW_COLOUR_H

#include <stdint.h>

struct aq_rgb {
	uint8_t r, g, b;
};

/* ---- the page -------------------------------------------------------------------------------- */

// clang-format off
#define AQ_PAPER  ((struct aq_rgb){ 0xff, 0xff, 0xff }) /* the page */
#define AQ_INK    ((struct aq_rgb){ 0x26, 0x28, 0x2c }) /* text */
#define AQ_SOFT   ((struct aq_rgb){ 0x6b, 0x70, 0x78 }) /* secondary text, tick labels */
#define AQ_FRAME  ((struct aq_rgb){ 0xb4, 0xb8, 0xbe }) /* axes, borders of tiles */
#define AQ_RULE   ((struct aq_rgb){ 0xe3, 0xe5, 0xe8 }) /* rules, grid lines */
#define AQ_WASH   ((struct aq_rgb){ 0xf5, 0xf6, 0xf7 }) /* backgrounds of boxes */
#define AQ_ACCENT ((struct aq_rgb){ 0x1f, 0x5f, 0xa8 }) /* what to look at */
#define AQ_GOOD   ((struct aq_rgb){ 0x2e, 0x8b, 0x57 }) /* right prediction */
#define AQ_BAD    ((struct aq_rgb){ 0xc8, 0x3c, 0x3c }) /* wrong prediction */
// clang-format on

/* ---- not a number ---------------------------------------------------------------------------- */

/* NaN and infinities are drawn in the first, hatched with the second where there is room; no map
 * comes near them. */
// clang-format off
#define AQ_ODD      ((struct aq_rgb){ 0xff, 0x00, 0xff })
#define AQ_ODD_TOO  ((struct aq_rgb){ 0x00, 0xe0, 0x00 })
// clang-format on

/* ---- maps ------------------------------------------------------------------------------------ */

enum aq_map {
	AQ_MAP_SIGNED,      /* blue - white - red, pure white at 0.5 */
	AQ_MAP_SIGNED_GREY, /* light blue - mid grey - light orange: where white is paper */
	AQ_MAP_HEAT,        /* sequential, near black - purple - orange - near white */
	AQ_MAP_GREY,        /* black - white, linear in sRGB */
};
enum { AQ_MAPS = 4 };

/* The colour at t in 0 .. 1 (clamped); NaN gives AQ_ODD. */
struct aq_rgb aq_map_colour(enum aq_map map, double t);

/* Colours for curves and classes: ten that stay apart for the colour-blind and on white; beyond ten
 * they come again lighter. */
enum { AQ_HUES = 10 };
struct aq_rgb aq_hue(int index);

/* A wheel of hues for directions: `turn` 0 .. 1 goes once around, `strength` 0 is white, 1 the full
 * colour.  All hues are equally light. */
struct aq_rgb aq_wheel(double turn, double strength);

/* (1-t) a + t b, channel by channel. */
struct aq_rgb aq_mix(struct aq_rgb a, struct aq_rgb b, double t);

/* Lightness L of OKLab, 0 .. 1: what text on it needs, and what the tests of the maps look at. */
double aq_lightness(struct aq_rgb colour);

#endif
