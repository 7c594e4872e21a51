/* SPDX-License-Identifier: MIT
 *
 * colour.c - the colours of all pictures
 *
 * Computed in OKLab: the signed maps go in even steps of lightness from the middle to both ends,
 * each arm with a hue of its own that turns slightly, chroma rising quickly and held within sRGB;
 * the heat map goes in even steps of lightness from end to end.
 */
#include "draw/colour.h"

#include <math.h>

enum { POINTS = 17 };

// clang-format off
static const struct aq_rgb maps[][POINTS] = {
	[AQ_MAP_SIGNED] = { /* L 0.36 .. 1 .. 0.38, hues 262 to 245 and 45 to 24 degrees */
	  { 0x01, 0x31, 0x91 }, { 0x0d, 0x4b, 0xab }, { 0x21, 0x66, 0xc3 }, { 0x3b, 0x80, 0xd8 },
	  { 0x59, 0x9b, 0xe8 }, { 0x7c, 0xb6, 0xf4 }, { 0xa3, 0xcf, 0xfc }, { 0xd0, 0xe8, 0xff },
	  { 0xff, 0xff, 0xff }, { 0xff, 0xdd, 0xd0 }, { 0xff, 0xb9, 0xa1 }, { 0xf6, 0x97, 0x7b },
	  { 0xe8, 0x75, 0x5a }, { 0xd6, 0x53, 0x3d }, { 0xc0, 0x31, 0x26 }, { 0xa6, 0x03, 0x12 },
	  { 0x81, 0x00, 0x13 },
	},
	[AQ_MAP_SIGNED_GREY] = { /* L 0.93 .. 0.62 .. 0.93, hues 210 to 240 and 48 to 92 degrees */
	  { 0xb8, 0xf4, 0xff }, { 0x93, 0xeb, 0xff }, { 0x6d, 0xe1, 0xff }, { 0x40, 0xd5, 0xff },
	  { 0x53, 0xc5, 0xee }, { 0x65, 0xb5, 0xd9 }, { 0x72, 0xa5, 0xc1 }, { 0x7d, 0x96, 0xa6 },
	  { 0x86, 0x86, 0x86 }, { 0xa8, 0x8b, 0x79 }, { 0xc3, 0x92, 0x6b }, { 0xdb, 0x9a, 0x5a },
	  { 0xee, 0xa5, 0x45 }, { 0xfd, 0xb1, 0x2a }, { 0xff, 0xc4, 0x50 }, { 0xff, 0xd6, 0x76 },
	  { 0xff, 0xe7, 0x9c },
	},
	[AQ_MAP_HEAT] = { /* L 0.13 .. 0.975, hue 285 to 95 degrees through 0 */
	  { 0x07, 0x00, 0x23 }, { 0x19, 0x00, 0x38 }, { 0x2e, 0x00, 0x48 }, { 0x46, 0x00, 0x54 },
	  { 0x60, 0x00, 0x5c }, { 0x7c, 0x00, 0x60 }, { 0x98, 0x00, 0x5f }, { 0xb1, 0x16, 0x5a },
	  { 0xc8, 0x2d, 0x52 }, { 0xda, 0x46, 0x49 }, { 0xe9, 0x60, 0x43 }, { 0xf3, 0x7b, 0x43 },
	  { 0xf9, 0x96, 0x4f }, { 0xfb, 0xb1, 0x68 }, { 0xfb, 0xcb, 0x89 }, { 0xfb, 0xe2, 0xb0 },
	  { 0xfe, 0xf7, 0xdc },
	},
};

/* Found by hill climbing from hand-picked hues: the least OKLab distance of any two, seen with
 * normal vision and with no red, green or blue cones (matrices of Machado, Oliveira, Fernandes
 * 2009), is as large as could be had nearby, and so is that to AQ_ODD and AQ_ODD_TOO. */
static const struct aq_rgb hues[AQ_HUES] = {
	{ 0x0e, 0x41, 0x96 }, { 0xf2, 0x65, 0x0b }, { 0x1c, 0xa6, 0x7a }, { 0x9e, 0x43, 0x4c },
	{ 0x72, 0x48, 0xb7 }, { 0x44, 0xb0, 0xba }, { 0xf3, 0x7f, 0xd2 }, { 0x8e, 0x95, 0x3e },
	{ 0x9c, 0x65, 0x3e }, { 0x59, 0x92, 0x9c },
};
// clang-format on

static uint8_t mix(uint8_t a, uint8_t b, double t)
{
	return (uint8_t)(a + (b - a) * t + 0.5);
}

struct aq_rgb aq_mix(struct aq_rgb a, struct aq_rgb b, double t)
{
	return (struct aq_rgb){ mix(a.r, b.r, t), mix(a.g, b.g, t), mix(a.b, b.b, t) };
}

struct aq_rgb aq_map_colour(enum aq_map map, double t)
{
	if (isnan(t))
		return AQ_ODD;
	t = t < 0 ? 0 : t > 1 ? 1 : t;
	if (map == AQ_MAP_GREY) {
		const uint8_t level = (uint8_t)(t * 255 + 0.5);
		return (struct aq_rgb){ level, level, level };
	}
	const double place = t * (POINTS - 1);
	const int below = place >= POINTS - 1 ? POINTS - 2 : (int)place;
	return aq_mix(maps[map][below], maps[map][below + 1], place - below);
}

struct aq_rgb aq_hue(int index)
{
	const struct aq_rgb hue = hues[index % AQ_HUES];
	return index < AQ_HUES ? hue : aq_mix(hue, AQ_PAPER, 0.45);
}

/* The sample of an sRGB channel as light (IEC 61966-2-1). */
static double light(uint8_t sample)
{
	const double v = sample / 255.0;
	return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

/* Light as the sample of an sRGB channel. */
static uint8_t sample(double v)
{
	const double s = v <= 0.0031308 ? 12.92 * v : 1.055 * pow(v, 1 / 2.4) - 0.055;
	return (uint8_t)((s < 0 ? 0 : s > 1 ? 1 : s) * 255 + 0.5);
}

struct aq_rgb aq_wheel(double turn, double strength)
{
	/* the most chroma that all hues of this lightness have within sRGB is 0.127 */
	const double pi = 3.14159265358979323846, lightness = 0.70, chroma = 0.126;
	const double t = strength < 0 ? 0 : strength > 1 ? 1 : strength;
	const double a = chroma * cos(2 * pi * turn), b = chroma * sin(2 * pi * turn);
	const double l = lightness + 0.3963377774 * a + 0.2158037573 * b;
	const double m = lightness - 0.1055613458 * a - 0.0638541728 * b;
	const double s = lightness - 0.0894841775 * a - 1.2914855480 * b;
	const double l3 = l * l * l, m3 = m * m * m, s3 = s * s * s;
	return aq_mix(AQ_PAPER,
		      (struct aq_rgb){
			      sample(4.0767416621 * l3 - 3.3077115913 * m3 + 0.2309699292 * s3),
			      sample(-1.2684380046 * l3 + 2.6097574011 * m3 - 0.3413193965 * s3),
			      sample(-0.0041960863 * l3 - 0.7034186147 * m3 + 1.7076147010 * s3) },
		      t);
}

double aq_lightness(struct aq_rgb colour)
{
	const double r = light(colour.r), g = light(colour.g), b = light(colour.b);
	const double l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
	const double m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
	const double s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
	return 0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s;
}
