/* SPDX-License-Identifier: MIT
 *
 * dataset.c - a data file opened
 */
#include "data/dataset.h"

#include "base/log.h"
#include "io/h5.h"
#include "io/provenance.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COOK = 8 }; /* pictures prepared at a time */

static int read_split(struct aq_dataset *data, struct aq_h5 *file, enum aq_split split)
{
	struct aq_examples *to = &data->split[split];
	char name[32];
	bool there;
	int rc;
	snprintf(name, sizeof name, "/%s", aq_split_name(split));
	AQ_TRY(aq_h5_find(file, name, &there));
	if (!there)
		return AQ_OK;

	struct aq_h5_shape shape =
		AQ_SHAPE4(AQ_U8, 0, (uint64_t)data->c, (uint64_t)data->y, (uint64_t)data->x);
	snprintf(name, sizeof name, "/%s/images", aq_split_name(split));
	AQ_TRY(aq_h5_get(file, name, &shape, (void **)&to->pixels));
	to->count = (int64_t)shape.dim[0];

	struct aq_h5_shape labels = AQ_SHAPE1(AQ_I32, (uint64_t)to->count);
	snprintf(name, sizeof name, "/%s/labels", aq_split_name(split));
	AQ_TRY(aq_h5_get(file, name, &labels, (void **)&to->label));
	for (int64_t i = 0; i < to->count; i++)
		if (to->label[i] < 0 || to->label[i] >= data->classes)
			return aq_fail(
				AQ_EDATA,
				"%s of %s: label %d of picture %lld is not one of the %d classes; "
				"make the file anew with aquatint-prep",
				name, data->path, to->label[i], (long long)i, data->classes);
done:
	return rc;
}

static int read_file(struct aq_dataset *data, struct aq_h5 *file)
{
	int rc;
	struct aq_h5_shape shape;
	AQ_TRY(aq_h5_shape(file, "/train/images", &shape));
	if (shape.rank != 4 || shape.type != AQ_U8 || aq_h5_count(&shape) == 0 ||
	    shape.dim[1] > 1024 || shape.dim[2] > 4096 || shape.dim[3] > 4096)
		return aq_fail(AQ_EDATA,
			       "/train/images of %s is not a set of pictures [n,c,y,x] of bytes; "
			       "make the file anew with aquatint-prep",
			       data->path);
	data->c = (int)shape.dim[1];
	data->y = (int)shape.dim[2];
	data->x = (int)shape.dim[3];
	AQ_TRY(aq_h5_get_texts(file, "/classes", &data->class_name, &data->classes));
	for (int split = 0; split < AQ_SPLITS; split++)
		AQ_TRY(read_split(data, file, (enum aq_split)split));
	AQ_TRY(aq_prepare_read(&data->prepare, file, data->c, data->y, data->x));
	AQ_TRY(aq_h5_digest(file, &data->digest));
done:
	return rc;
}

/* ---- preparing all pictures once, where that is dear ----------------------------------------- */

struct cooking {
	struct aq_dataset *data;
	struct aq_examples *examples;
	float *scratch; /* COOK pictures a worker */
};

static void cook(void *self, int item, int worker)
{
	const struct cooking *job = self;
	const int64_t width = aq_dataset_width(job->data), first = (int64_t)item * COOK;
	const int64_t left = job->examples->count - first;
	aq_prepare_apply_all(&job->data->prepare, left < COOK ? (int)left : COOK,
			     job->examples->pixels + first * width,
			     job->examples->cooked + first * width,
			     job->scratch + worker * COOK * width);
	if (worker == 0)
		aq_progress("pictures", (uint64_t)first, (uint64_t)job->examples->count);
}

static int cook_all(struct aq_dataset *data, struct aq_pool *pool)
{
	const size_t width = (size_t)aq_dataset_width(data);
	int rc = AQ_OK;
	struct cooking job = { .data = data };
	if (!data->prepare.contrast && !data->prepare.whiten)
		return AQ_OK;
	job.scratch = calloc((size_t)aq_pool_threads(pool) * COOK * width, sizeof(float));
	for (int split = 0; split < AQ_SPLITS && job.scratch; split++) {
		struct aq_examples *examples = job.examples = &data->split[split];
		if (examples->count == 0)
			continue;
		examples->cooked = malloc((size_t)examples->count * width * sizeof(float));
		if (!examples->cooked)
			break;
		aq_pool_run(pool, (int)((examples->count + COOK - 1) / COOK), cook, &job);
	}
	for (int split = 0; split < AQ_SPLITS; split++)
		if (data->split[split].count && !data->split[split].cooked)
			rc = aq_fail(
				AQ_ENOMEM,
				"out of memory preparing the pictures of %s: %zu bytes each are "
				"wanted",
				data->path, width * sizeof(float));
	free(job.scratch);
	return rc;
}

/* ---- opening --------------------------------------------------------------------------------- */

int aq_dataset_open(struct aq_dataset **out, const char *path, struct aq_pool *pool)
{
	int rc;
	struct aq_h5 *file = NULL;
	*out = NULL;
	struct aq_dataset *data = calloc(1, sizeof *data);
	if (!data || !(data->path = strdup(path))) {
		rc = aq_fail(AQ_ENOMEM, "out of memory");
		goto done;
	}
	AQ_TRY(aq_h5_open(&file, path, "aquatint-data"));
	AQ_TRY(read_file(data, file));
	AQ_TRY(cook_all(data, pool));
done:
	aq_h5_close(file);
	if (rc < 0) {
		aq_dataset_free(data);
		return rc;
	}
	*out = data;
	return AQ_OK;
}

void aq_dataset_free(struct aq_dataset *data)
{
	if (!data)
		return;
	for (int split = 0; split < AQ_SPLITS; split++) {
		free(data->split[split].pixels);
		free(data->split[split].label);
		free(data->split[split].cooked);
	}
	aq_prepare_free(&data->prepare);
	free(data->class_name);
	free(data->path);
	free(data);
}

size_t aq_dataset_bytes(const struct aq_dataset *data)
{
	const size_t width = (size_t)aq_dataset_width(data);
	size_t bytes = 0;
	for (int split = 0; split < AQ_SPLITS; split++) {
		const struct aq_examples *examples = &data->split[split];
		const size_t each = width * (examples->cooked ? 1 + sizeof(float) : 1) + sizeof(int32_t);
		bytes += (size_t)examples->count * each;
	}
	return bytes;
}

int aq_dataset_range(const struct aq_dataset *data, const char *text, enum aq_split *split,
		     int64_t *first, int64_t *last)
{
	const char *colon = strchr(text, ':');
	int which = -1;
	for (int i = 0; colon && i < AQ_SPLITS; i++)
		if (strlen(aq_split_name((enum aq_split)i)) == (size_t)(colon - text) &&
		    strncmp(text, aq_split_name((enum aq_split)i), (size_t)(colon - text)) == 0)
			which = i;
	char *end = NULL;
	long long a = colon ? strtoll(colon + 1, &end, 10) : 0, b = a;
	if (end && *end == '-' && isdigit((unsigned char)end[1]))
		b = strtoll(end + 1, &end, 10);
	if (which < 0 || !isdigit((unsigned char)colon[1]) || *end)
		return aq_fail(AQ_EUSAGE, "'%s' is not a range of examples such as test:0-15",
			       text);
	const long long count = data->split[which].count;
	if (count == 0)
		return aq_fail(AQ_EUSAGE, "%s: %s has no %s examples", text, data->path,
			       aq_split_name((enum aq_split)which));
	if (a < 0 || b < a || b >= count)
		return aq_fail(AQ_EUSAGE, "%s: %s of %s has examples 0 to %lld", text,
			       aq_split_name((enum aq_split)which), data->path, count - 1);
	*split = (enum aq_split)which;
	*first = a;
	*last = b;
	return AQ_OK;
}
