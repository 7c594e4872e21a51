/* SPDX-License-Identifier: MIT
 *
 * film.c - frames of a film
 */
#include "draw/film.h"

#include "base/log.h"
#include "io/apng.h"
#include "io/file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THOUSAND = 1000 }; /* durations are whole milliseconds */

struct aq_film {
	struct aq_apng *file; /* NULL: numbered pictures */
	struct aq_canvas *canvas;
	double rate;
	char *path, *name; /* of numbered pictures; name: room for one of them */
	size_t room;
	bool keep;
	uint64_t frames;
	const struct aq_png_text *texts;
	int text_count;
};

/* Where %d or %06d stands in a path; *digits at the least.  False where there is none. */
static bool find_number(const char *path, size_t *at, size_t *length, int *digits)
{
	const char *sign = strchr(path, '%');
	if (!sign)
		return false;
	const size_t many = strspn(sign + 1, "0123456789");
	*at = (size_t)(sign - path);
	*length = many + 2;
	*digits = sign[1] == '0' && many == 2 ? sign[2] - '0' : many == 0 ? 1 : 0;
	return *digits > 0 && sign[many + 1] == 'd';
}

/* The name of frame `number`, in film->name. */
static const char *name_of(const struct aq_film *film, uint64_t number)
{
	size_t at, length;
	int digits;
	if (find_number(film->path, &at, &length, &digits))
		snprintf(film->name, film->room, "%.*s%0*llu%s", (int)at, film->path, digits,
			 (unsigned long long)number, film->path + at + length);
	return film->name;
}

static uint16_t milliseconds(double seconds)
{
	const double ms = floor(seconds * THOUSAND + 0.5);
	return (uint16_t)(ms < 10 ? 10 : ms > UINT16_MAX ? UINT16_MAX : ms);
}

int aq_film_begin(struct aq_film **out, const char *path, bool keep, int width, int height,
		  double rate, const struct aq_png_text *texts, int count)
{
	size_t at, length;
	int digits, rc;
	*out = NULL;
	struct aq_film *film = calloc(1, sizeof *film);
	if (!film)
		return aq_fail(AQ_ENOMEM, "out of memory");
	film->rate = rate > 0 ? rate : 10;
	AQ_TRY(aq_canvas_new(&film->canvas, width, height, AQ_PAPER));
	film->keep = keep;
	film->texts = texts;
	film->text_count = count;
	film->room = strlen(path) + 32;
	film->path = strdup(path);
	film->name = malloc(film->room);
	if (!film->path || !film->name) {
		rc = aq_fail(AQ_ENOMEM, "out of memory");
		goto done;
	}
	if (!find_number(path, &at, &length, &digits))
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

/* Each appears whole, and in order. */
static int write_numbered(struct aq_film *film)
{
	const char *name = name_of(film, film->frames);
	uint8_t *bytes = NULL;
	size_t length;
	int rc;
	AQ_TRY(aq_png_encode(&film->canvas->picture, AQ_PNG_QUICK, film->texts, film->text_count,
			     &bytes, &length));
	rc = aq_file_write(name, film->keep, bytes, length);
done:
	free(bytes);
	return rc;
}

int aq_film_shoot(struct aq_film *film)
{
	const int rc = film->file ? aq_apng_frame(film->file, &film->canvas->picture,
						  milliseconds(1 / film->rate), THOUSAND)
				  : write_numbered(film);
	film->frames++;
	return rc;
}

/* Pictures of a longer film before would be taken for a part of this one. */
static void warn_of_more(const struct aq_film *film)
{
	const char *name = name_of(film, film->frames);
	if (aq_file_exists(name))
		aq_log(AQ_WARN, "%s is there from before, and no part of this film of %llu frames",
		       name, (unsigned long long)film->frames);
}

int aq_film_finish(struct aq_film *film, double seconds)
{
	int rc = AQ_OK;
	if (!film->file)
		warn_of_more(film);
	if (film->file && seconds > 0)
		AQ_TRY(aq_apng_hold(film->file, milliseconds(seconds), THOUSAND));
	struct aq_apng *file = film->file;
	film->file = NULL;
	if (file)
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
	free(film->path);
	free(film->name);
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
