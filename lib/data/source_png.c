/* SPDX-License-Identifier: MIT
 *
 * source_png.c - a folder of PNG for each class
 */
#include "data/source_kind.h"
#include "io/png.h"

#include <stdlib.h>

/* By split, then one picture of each class in turn: the first pictures are of all classes. */
static int by_turn(const void *a, const void *b)
{
	const struct aq_item *p = a, *q = b;
	if (p->split != q->split)
		return p->split < q->split ? -1 : 1;
	if (p->turn != q->turn)
		return p->turn < q->turn ? -1 : 1;
	return p->label < q->label ? -1 : p->label > q->label;
}

static int open_png(struct aq_source *source)
{
	qsort(source->items, (size_t)source->count, sizeof *source->items, by_turn);
	source->total = (uint64_t)source->count;
	return AQ_OK;
}

/* pixels (y,x,c) -> planes (c,y,x) */
static void part(const struct aq_picture *picture, uint8_t *planes)
{
	const size_t n = (size_t)picture->height * (size_t)picture->width;
	const size_t channels = (size_t)picture->channels;
	for (size_t c = 0; c < channels; c++)
		for (size_t i = 0; i < n; i++)
			planes[c * n + i] = picture->at[i * channels + c];
}

static int read_one(struct aq_source *source, const struct aq_item *item)
{
	struct aq_picture picture = { 0 };
	uint8_t *planes = NULL;
	int rc;
	AQ_TRY(aq_png_read(item->path, NULL, &picture));
	planes = malloc(aq_picture_bytes(&picture));
	if (!planes) {
		rc = aq_fail(AQ_ENOMEM, "out of memory reading %s", item->path);
		goto done;
	}
	part(&picture, planes);
	const struct aq_planes given = { planes, picture.channels, picture.height, picture.width };
	rc = aq_source_give(source, item->split, item->label, &given);
	if (rc < 0)
		aq_while(rc, "while reading %s", item->path);
done:
	aq_picture_free(&picture);
	free(planes);
	return rc;
}

static int read_png(struct aq_source *source, const struct aq_sink *sink)
{
	int rc = AQ_OK;
	for (int i = 0; i < source->count && rc == AQ_OK; i++)
		if (sink->wants(sink->self, source->items[i].split))
			rc = read_one(source, &source->items[i]);
	return rc;
}

const struct aq_source_kind aq_source_png = {
	.name = "folders of PNG",
	.open = open_png,
	.read = read_png,
};
