/* SPDX-License-Identifier: MIT
 *
 * film.c - frames of a film
 */
#include "draw/film.h"

#include "io/apng.h"

#include <math.h>
#include <stdlib.h>

enum { THOUSAND = 1000 }; /* durations are whole milliseconds */

struct aq_film {
	struct aq_apng *file;
	struct aq_canvas *canvas;
	double rate;
};

static uint16_t milliseconds(double seconds)
{
	const double ms = floor(seconds * THOUSAND + 0.5);
	return (uint16_t)(ms < 10 ? 10 : ms > UINT16_MAX ? UINT16_MAX : ms);
}

int aq_film_begin(struct aq_film **out, const char *path, bool keep, int width, int height,
		  double rate, const struct aq_png_text *texts, int count)
{
	int rc;
	*out = NULL;
	struct aq_film *film = calloc(1, sizeof *film);
	if (!film)
		return aq_fail(AQ_ENOMEM, "out of memory");
	film->rate = rate > 0 ? rate : 10;
	AQ_TRY(aq_canvas_new(&film->canvas, width, height, AQ_PAPER));
	AQ_TRY(aq_apng_begin(&film->file, path, keep, width, height, 0, texts, count));
	*out = film;
done:
	if (rc < 0)
		aq_film_drop(film);
	return rc;
}

struct aq_canvas *aq_film_canvas(struct aq_film *film)
{
	return film->canvas;
}

int aq_film_shoot(struct aq_film *film)
{
	return aq_apng_frame(film->file, &film->canvas->picture, milliseconds(1 / film->rate),
			     THOUSAND);
}

int aq_film_finish(struct aq_film *film, double seconds)
{
	int rc = AQ_OK;
	if (seconds > 0)
		AQ_TRY(aq_apng_hold(film->file, milliseconds(seconds), THOUSAND));
	struct aq_apng *file = film->file;
	film->file = NULL;
	rc = aq_apng_publish(file);
done:
	aq_film_drop(film);
	return rc;
}

void aq_film_drop(struct aq_film *film)
{
	if (!film)
		return;
	aq_apng_drop(film->file);
	aq_canvas_free(film->canvas);
	free(film);
}

void aq_film_strip(struct aq_canvas *canvas, struct aq_box box, double done, double total)
{
	const double share = total > 0 ? done / total : 1;
	const int at = (int)((share < 0 ? 0 : share > 1 ? 1 : share) * box.w + 0.5);
	aq_canvas_fill(canvas, box, AQ_RULE);
	aq_canvas_fill(canvas, (struct aq_box){ box.x, box.y, at, box.h }, AQ_ACCENT);
}

size_t aq_film_rows(uint64_t rows, size_t most, bool log, uint64_t *row)
{
	size_t count = 0;
	if (rows == 0 || most == 0)
		return 0;
	if (most == 1 || rows == 1) {
		row[0] = rows - 1;
		return 1;
	}
	for (size_t i = 0; i < most && (count == 0 || row[count - 1] + 1 < rows); i++) {
		const double t = (double)i / (double)(most - 1);
		uint64_t at =
			(uint64_t)((log ? pow((double)rows, t) - 1 : t * (double)(rows - 1)) + 0.5);
		/* neighbours at the beginning of a logarithmic choice would fall together */
		if (count > 0 && at <= row[count - 1])
			at = row[count - 1] + 1;
		row[count++] = at < rows ? at : rows - 1;
	}
	row[count - 1] = rows - 1;
	return count;
}
