/* SPDX-License-Identifier: MIT
 *
 * ingest.c - from sources of pictures to one data file
 */
#include "data/ingest.h"

#include "base/log.h"
#include "base/str.h"
#include "base/threads.h"
#include "data/fit.h"
#include "io/provenance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One split as it is written. */
struct part {
	struct aq_h5_set *images, *labels;
	uint64_t count;
};

struct work {
	const struct aq_ingest *asked;
	struct aq_source *source;
	struct aq_h5 *file;
	struct aq_trim trim;
	struct aq_names classes; /* chosen with --classes, in that order */
	int *label;              /* [classes of the source] -> label written, or -1; or NULL */
	int labels;
	struct part part[AQ_SPLITS];
	uint64_t train_taken;    /* into train and val */
	struct aq_planes shape;  /* of all pictures, once the first has come */
	size_t bytes;            /* of a picture */
	uint64_t *sums;          /* [bytes], of the training pixels */
	uint8_t *kept;           /* training pixels, where a fit needs them */
	uint64_t room;           /* pictures that `kept` has room for */
};

/* ---- the sink -------------------------------------------------------------------------------- */

static uint64_t limit_of(const struct work *work, enum aq_split split)
{
	return (uint64_t)(split == AQ_TEST  ? work->asked->test_limit :
			  split == AQ_TRAIN ? work->asked->limit : 0);
}

static bool wants(void *self, enum aq_split split)
{
	const struct work *work = self;
	const uint64_t limit = limit_of(work, split);
	return limit == 0 ||
	       (split == AQ_TRAIN ? work->train_taken : work->part[split].count) < limit;
}

static bool keeps(const struct work *work)
{
	return work->asked->contrast || work->asked->whiten;
}

/* The first picture says what all must be. */
static int learn_shape(struct work *work, const struct aq_planes *p)
{
	work->shape = *p;
	work->bytes = (size_t)p->channels * (size_t)p->height * (size_t)p->width;
	if (work->asked->whiten && work->bytes > AQ_WHITEN_MOST)
		return aq_fail(AQ_EUSAGE,
			       "--whiten is for pictures of up to %d numbers, these have %zu; "
			       "make them smaller with --size",
			       AQ_WHITEN_MOST, work->bytes);
	work->sums = calloc(work->bytes, sizeof *work->sums);
	return work->sums ? AQ_OK : aq_fail(AQ_ENOMEM, "out of memory");
}

static int check_shape(const struct work *work, const struct aq_planes *p)
{
	const struct aq_planes *s = &work->shape;
	if (p->height != s->height || p->width != s->width)
		return aq_fail(AQ_EDATA,
			       "it is %dx%d, those before are %dx%d; make all one size with "
			       "--size HxW",
			       p->height, p->width, s->height, s->width);
	if (p->channels != s->channels)
		return aq_fail(AQ_EDATA,
			       "it is %s, those before are %s; make all alike with --gray or "
			       "--rgb",
			       p->channels == 1 ? "gray" : "in colour",
			       s->channels == 1 ? "gray" : "in colour");
	return AQ_OK;
}

static int open_part(struct work *work, enum aq_split split)
{
	enum { CHUNK = 1 << 17, LABELS = 4096 }; /* bytes; rows */
	const uint64_t c = (uint64_t)work->shape.channels, h = (uint64_t)work->shape.height,
		       w = (uint64_t)work->shape.width;
	struct part *part = &work->part[split];
	char name[32];
	int rc;
	const uint64_t rows = work->bytes < CHUNK ? CHUNK / work->bytes : 1;
	snprintf(name, sizeof name, "/%s/images", aq_split_name(split));
	AQ_TRY(aq_h5_make(work->file, name, AQ_SHAPE4(AQ_U8, 0, c, h, w), rows, true,
			  &part->images));
	snprintf(name, sizeof name, "/%s/labels", aq_split_name(split));
	AQ_TRY(aq_h5_make(work->file, name, AQ_SHAPE1(AQ_I32, 0), LABELS, true, &part->labels));
done:
	return rc;
}

/* What the fits need to know of a training picture. */
static int remember(struct work *work, const uint8_t *pixels)
{
	for (size_t i = 0; i < work->bytes; i++)
		work->sums[i] += pixels[i];
	if (!keeps(work))
		return AQ_OK;
	const uint64_t count = work->part[AQ_TRAIN].count;
	if (count == work->room) {
		const uint64_t room = work->room ? work->room + work->room / 2 : 4096;
		uint8_t *more = realloc(work->kept, room * work->bytes);
		if (!more)
			return aq_fail(AQ_ENOMEM,
				       "out of memory keeping %llu pictures for --contrast and "
				       "--whiten",
				       (unsigned long long)room);
		work->kept = more;
		work->room = room;
	}
	memcpy(work->kept + count * work->bytes, pixels, work->bytes);
	return AQ_OK;
}

static int take(void *self, enum aq_split split, int label, const struct aq_planes *given)
{
	struct work *work = self;
	struct aq_planes picture;
	int rc;
	if (work->label)
		label = label < work->labels ? work->label[label] : -1;
	if (label < 0)
		return AQ_OK;
	AQ_TRY(aq_trim_apply(&work->trim, given, &picture));
	AQ_TRY(work->bytes ? check_shape(work, &picture) : learn_shape(work, &picture));
	if (split == AQ_TRAIN) {
		const int every = work->asked->val_every;
		const uint64_t index = work->train_taken++;
		if (every > 0 && index % (uint64_t)every == 0)
			split = AQ_VAL;
	}
	struct part *part = &work->part[split];
	if (!part->images)
		AQ_TRY(open_part(work, split));
	const int32_t word = label;
	AQ_TRY(aq_h5_append(part->images, 1, picture.at));
	AQ_TRY(aq_h5_append(part->labels, 1, &word));
	if (split == AQ_TRAIN)
		AQ_TRY(remember(work, picture.at));
	part->count++;
done:
	return rc;
}

/* ---- classes --------------------------------------------------------------------------------- */

/* --classes a,b: the label of a becomes 0, that of b 1, the others are left out. */
static int choose_classes(struct work *work)
{
	int rc;
	if (!work->asked->classes)
		return AQ_OK;
	AQ_TRY(aq_names_add_words(&work->classes, work->asked->classes));
	AQ_TRY(aq_source_find_classes(work->source));
	const struct aq_names *all = aq_source_classes(work->source);
	work->labels = all->count;
	work->label = malloc((size_t)(all->count + 1) * sizeof *work->label);
	if (!work->label) {
		rc = aq_fail(AQ_ENOMEM, "out of memory");
		goto done;
	}
	for (int i = 0; i < all->count; i++)
		work->label[i] = aq_names_find(&work->classes, all->at[i]);
	for (int i = 0; i < work->classes.count && rc == AQ_OK; i++) {
		const char *name = work->classes.at[i], *near = aq_near(name, aq_names_texts(all));
		if (aq_names_find(all, name) < 0)
			rc = aq_fail(AQ_EUSAGE, "--classes: the source has no class '%s'%s%s%s",
				     name, near ? "; did you mean " : "", near ? near : "",
				     near ? "?" : "");
	}
done:
	return rc;
}

/* The names written: those chosen, or all of the source. */
static const struct aq_names *names_of(const struct work *work)
{
	return work->label ? &work->classes : aq_source_classes(work->source);
}

/* ---- finishing ------------------------------------------------------------------------------- */

static int finish_parts(struct work *work)
{
	char name[32];
	int rc = AQ_OK;
	for (int s = 0; s < AQ_SPLITS; s++) {
		struct part *part = &work->part[s];
		if (!part->images)
			continue;
		struct aq_h5_set *images = part->images, *labels = part->labels;
		part->images = NULL;
		AQ_TRY(aq_h5_finish(images));
		part->labels = NULL;
		AQ_TRY(aq_h5_finish(labels));
		snprintf(name, sizeof name, "/%s/images", aq_split_name((enum aq_split)s));
		AQ_TRY(aq_h5_axes(work->file, name, "example,channel,y,x"));
		snprintf(name, sizeof name, "/%s/labels", aq_split_name((enum aq_split)s));
		AQ_TRY(aq_h5_axes(work->file, name, "example"));
	}
done:
	return rc;
}

/* Fit the preparation on the training pictures and write it. */
static int fit(struct work *work)
{
	const struct aq_ingest *asked = work->asked;
	const uint64_t n = work->part[AQ_TRAIN].count;
	struct aq_prepare prepare = aq_prepare_plain(work->shape.channels, work->shape.height,
						     work->shape.width, keeps(work));
	struct aq_pool *pool = NULL;
	int rc;
	AQ_TRY(aq_pool_new(&pool, asked->threads));
	if (asked->mean != AQ_MEAN_NONE)
		AQ_TRY(aq_fit_mean(&prepare, asked->mean, work->sums, n));
	if (asked->contrast)
		AQ_TRY(aq_fit_contrast(&prepare, work->kept, n));
	if (asked->whiten) {
		if (asked->mean == AQ_MEAN_NONE)
			aq_log(AQ_WARN,
			       "whitening without a mean: the mean picture counts as a direction "
			       "of its own; --mean image takes it away");
		AQ_TRY(aq_fit_whiten(&prepare, work->kept, n, pool));
	}
	AQ_TRY(aq_prepare_write(&prepare, work->file));
done:
	aq_prepare_free(&prepare);
	aq_pool_free(pool);
	return rc;
}

static int nothing_to_train_on(const struct work *work)
{
	if (work->part[AQ_VAL].count > 0)
		return aq_fail(AQ_EUSAGE,
			       "all training pictures went to val; raise --val-every or --limit");
	if (work->part[AQ_TEST].count > 0)
		return aq_fail(AQ_EDATA,
			       "there are test pictures alone, none to train on; name the "
			       "training files too");
	return aq_fail(AQ_EDATA, "there are no pictures in what was named");
}

/* Read all into the file. */
static int fill(struct work *work)
{
	const struct aq_sink sink = { work, wants, take };
	int rc;
	AQ_TRY(aq_history_add(work->file, work->asked->program, work->asked->arguments));
	AQ_TRY(aq_source_read(work->source, &sink));
	if (work->part[AQ_TRAIN].count == 0) {
		rc = nothing_to_train_on(work);
		goto done;
	}
	AQ_TRY(finish_parts(work));
	const struct aq_names *names = names_of(work);
	AQ_TRY(aq_h5_put_texts(work->file, "/classes", aq_names_texts(names), names->count));
	AQ_TRY(fit(work));
	AQ_TRY(aq_history_input(work->file, aq_source_kind(work->source),
				aq_source_digest(work->source)));
done:
	return rc;
}

static int report(const struct work *work, struct aq_ingested *done)
{
	*done = (struct aq_ingested){
		.channels = work->shape.channels,
		.height = work->shape.height,
		.width = work->shape.width,
		.kind = aq_source_kind(work->source),
	};
	for (int s = 0; s < AQ_SPLITS; s++)
		done->count[s] = work->part[s].count;
	return aq_names_add_all(&done->classes, aq_names_texts(names_of(work)));
}

static void release(struct work *work)
{
	for (int s = 0; s < AQ_SPLITS; s++) {
		aq_h5_drop(work->part[s].images);
		aq_h5_drop(work->part[s].labels);
	}
	aq_h5_close(work->file);
	aq_source_close(work->source);
	aq_trim_free(&work->trim);
	aq_names_free(&work->classes);
	free(work->label);
	free(work->sums);
	free(work->kept);
}

int aq_ingest(const struct aq_ingest *asked, struct aq_ingested *done)
{
	enum { TRAIN_DRAWN = 5000, TEST_DRAWN = 1000 };
	struct aq_ingest own = *asked;
	struct work work = { .asked = &own, .trim = asked->trim };
	int rc;
	*done = (struct aq_ingested){ 0 };
	if (asked->count > 0 && strncmp(asked->sources[0], "synth:", 6) == 0) {
		own.limit = own.limit ? own.limit : TRAIN_DRAWN;
		own.test_limit = own.test_limit ? own.test_limit : TEST_DRAWN;
	}
	const uint64_t wanted[AQ_SPLITS] = { (uint64_t)own.limit, 0, (uint64_t)own.test_limit };
	AQ_TRY(aq_trim_check(&own.trim));
	AQ_TRY(aq_source_open(&work.source, own.sources, own.count, own.seed, wanted));
	AQ_TRY(choose_classes(&work));
	if (aq_source_has(work.source, own.out)) {
		rc = aq_fail(AQ_EUSAGE, "%s is one of the sources; name another output", own.out);
		goto done;
	}
	AQ_TRY(aq_h5_create(&work.file, own.out, "aquatint-data", own.keep));
	AQ_TRY(fill(&work));
	AQ_TRY(report(&work, done));
	struct aq_h5 *file = work.file;
	work.file = NULL;
	AQ_TRY(aq_h5_publish(file));
done:
	release(&work);
	if (rc < 0)
		aq_names_free(&done->classes);
	return rc;
}
