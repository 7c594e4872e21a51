/* SPDX-License-Identifier: MIT
 *
 * feed.c - which examples a step sees, and how they are changed for it
 */
#include "data/feed.h"

#include "base/opt.h"
#include "base/rng.h"

#include <stdio.h>
#include <string.h>

struct augment_args {
	bool flip;
	int shift;
};

static const struct aq_opt augment_opts[] = {
	AQ_SWITCH(struct augment_args, flip, "left to right with probability 1/2"),
	AQ_NUMBER(struct augment_args, shift, 0, 0, 1024, "N", "by up to N pixels in y and x"),
	AQ_END,
};

int aq_augment_parse(struct aq_augment *augment, const char *text)
{
	struct augment_args args = { 0 };
	char words[256];
	int rc = AQ_OK;
	if (text && strlen(text) >= sizeof words)
		return aq_fail(AQ_EUSAGE, "augment: '%s' is too long", text);
	snprintf(words, sizeof words, "%s", text ? text : "");
	char *rest = *words ? words : NULL;
	for (char *word; rc == AQ_OK && (word = strsep(&rest, ","));) {
		char *value = strchr(word, '=');
		if (value)
			*value++ = '\0';
		rc = aq_opt_set(augment_opts, &args, word, value);
	}
	*augment = (struct aq_augment){ args.flip, args.shift };
	return rc < 0 ? aq_while(rc, "in --augment %s", text) : rc;
}

int64_t aq_feed_epoch_steps(const struct aq_feed *feed)
{
	const int64_t count = feed->data->split[feed->split].count;
	return (count + feed->batch - 1) / feed->batch;
}

int64_t aq_feed_epoch(const struct aq_feed *feed, uint64_t step)
{
	return (int64_t)step / aq_feed_epoch_steps(feed);
}

int aq_feed_count(const struct aq_feed *feed, uint64_t step)
{
	const int64_t count = feed->data->split[feed->split].count,
		      steps = aq_feed_epoch_steps(feed);
	const int64_t left = count - (int64_t)step % steps * feed->batch;
	return left < feed->batch ? (int)left : feed->batch;
}

int64_t aq_feed_example(const struct aq_feed *feed, uint64_t step, int k)
{
	const int64_t count = feed->data->split[feed->split].count,
		      steps = aq_feed_epoch_steps(feed);
	const int64_t place = (int64_t)step % steps * feed->batch + k;
	if (!feed->shuffle)
		return feed->first + place;
	return (int64_t)aq_shuffled(feed->seed, (uint64_t)aq_feed_epoch(feed, step),
				    (uint64_t)count, (uint64_t)place);
}

/* How one example is changed. */
struct change {
	bool flip;
	int dy, dx;
};

static struct change draw_change(const struct aq_feed *feed, int k)
{
	uint32_t word[4];
	aq_rng_quad(feed->seed, AQ_STREAM_AUGMENT, feed->step, (uint32_t)k, 0, word);
	const int shift = feed->augment.shift;
	const uint32_t choices = (uint32_t)(2 * shift + 1);
	return (struct change){ feed->augment.flip && (word[0] & 1),
				(int)aq_below(word[1], choices) - shift,
				(int)aq_below(word[2], choices) - shift };
}

/* One row of one example: out[x * n] for x = 0 .. width-1, from columns x + dx, flipped. */
static void fill_row(const struct aq_feed *feed, int64_t example, int channel, int row,
		     struct change change, aq_real *out, int n)
{
	const struct aq_dataset *data = feed->data;
	const struct aq_examples *examples = &data->split[feed->split];
	const int width = data->x;
	if (row < 0 || row >= data->y) {
		for (int x = 0; x < width; x++)
			out[(int64_t)x * n] = 0;
		return;
	}
	const int64_t inside = ((int64_t)channel * data->y + row) * width;
	const int64_t at = example * aq_dataset_width(data) + inside;
	const float *cooked = examples->cooked ? examples->cooked + at : NULL;
	const struct aq_prepare *prepare = &data->prepare;
	const float *mean = prepare->mean ? prepare->mean + inside : NULL;
	const uint8_t *pixels = examples->pixels + at;
	for (int x = 0; x < width; x++) {
		const int from = (change.flip ? width - 1 - x : x) + change.dx;
		float value = 0;
		if (from >= 0 && from < width)
			value = cooked ? cooked[from]
				       : (float)pixels[from] * prepare->scale + prepare->offset -
						 (mean ? mean[from] : 0);
		out[(int64_t)x * n] = value;
	}
}

/* Row by row of all examples, so that what is written stays in the first cache till it is complete. */
void aq_feed_fill(void *self, int first, int n, aq_real *x, int32_t *label)
{
	enum { MOST = 32 };
	const struct aq_feed *feed = self;
	const struct aq_dataset *data = feed->data;
	int64_t example[MOST];
	struct change change[MOST];
	for (int done = 0; done < n; done += MOST) {
		const int some = n - done < MOST ? n - done : MOST;
		for (int k = 0; k < some; k++) {
			example[k] = aq_feed_example(feed, feed->step, first + done + k);
			change[k] = draw_change(feed, first + done + k);
			label[done + k] = data->split[feed->split].label[example[k]];
		}
		for (int row = 0; row < data->c * data->y; row++)
			for (int k = 0; k < some; k++)
				fill_row(feed, example[k], row / data->y, row % data->y + change[k].dy, change[k],
					 x + (int64_t)row * data->x * n + done + k, n);
	}
}
