/* SPDX-License-Identifier: MIT
 *
 * session_gradcheck.c - the gradients of a network checked on real examples
 */
#include "data/feed.h"
#include "io/file.h"
#include "nn/gradcheck.h"
#include "run/session.h"

#include <stdlib.h>

enum { EXAMPLES = 3, SAMPLES = 24, STEPS = 20 };

/* The first examples of the training's first batch, as doubles. */
static int read_examples(const struct aq_train_args *args, struct aq_dataset *data, double *x, int32_t *label,
			 int count)
{
	const size_t width = (size_t)aq_dataset_width(data);
	struct aq_feed feed = { .data = data, .split = AQ_TRAIN, .shuffle = true, .batch = (int)args->batch,
				.seed = (uint64_t)args->seed };
	aq_real *one = malloc(width * sizeof *one);
	if (!one)
		return aq_fail(AQ_ENOMEM, "out of memory");
	for (int k = 0; k < count; k++) {
		aq_feed_fill(&feed, k, 1, one, label + k);
		for (size_t i = 0; i < width; i++)
			x[(size_t)k * width + i] = (double)one[i];
	}
	free(one);
	return AQ_OK;
}

static int check(const struct aq_train_args *args, const char *net_text, struct aq_dataset *data,
		 void (*show)(const struct aq_gradcheck_row *row))
{
	const int64_t most = data->split[AQ_TRAIN].count;
	const int count = most < EXAMPLES ? (int)most : EXAMPLES;
	static struct aq_gradcheck_row rows[AQ_GRADCHECK_ROWS];
	char story[4096];
	int32_t label[EXAMPLES];
	int n = 0, rc;
	double *x = malloc((size_t)EXAMPLES * (size_t)aq_dataset_width(data) * sizeof *x);
	if (!x)
		return aq_fail(AQ_ENOMEM, "out of memory");
	AQ_TRY(read_examples(args, data, x, label, count));
	const struct aq_gradcheck_args what = {
		.net_text = net_text, .net_path = args->net, .solver = args->solver, .seed = (uint64_t)args->seed,
		.count = count, .x = x, .label = label, .samples = SAMPLES, .steps = STEPS,
	};
	rc = aq_gradcheck64(&what, rows, &n, story, sizeof story);
	for (int i = 0; i < n; i++)
		show(&rows[i]);
	if (rc < 0)
		aq_fail((enum aq_code)rc, "%s", story);
done:
	free(x);
	return rc;
}

/* The network must take the pictures before anything is computed. */
static int check_shape(const struct aq_train_args *args, const char *net_text, const struct aq_dataset *data)
{
	struct aq_net *net;
	int rc;
	AQ_TRY(aq_net_parse(&net, net_text, args->net));
	rc = aq_trainer_fits(net, data);
	aq_net_free(net);
done:
	return rc;
}

int aq_session_gradcheck(const struct aq_train_args *args, void (*show)(const struct aq_gradcheck_row *row))
{
	enum { MOST = 1 << 20 };
	struct aq_pool *pool = NULL;
	struct aq_dataset *data = NULL;
	char *text = NULL;
	size_t length;
	int rc;
	AQ_TRY(aq_file_read(args->net, MOST, &text, &length));
	AQ_TRY(aq_pool_new(&pool, args->threads));
	AQ_TRY(aq_dataset_open(&data, args->data, pool));
	AQ_TRY(check_shape(args, text, data));
	AQ_TRY(check(args, text, data, show));
done:
	aq_dataset_free(data);
	aq_pool_free(pool);
	free(text);
	return rc;
}
