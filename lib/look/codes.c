/* SPDX-License-Identifier: MIT
 *
 * codes.c - the codes of a layer laid out in a plane: principal components, a common size, t-SNE
 */
#include "look/tsne.h"

#include <math.h>
#include <stdlib.h>

int aq_tsne_codes(struct aq_tsne_args *args, const float *codes, float *y, double *divergence,
		  struct aq_pool *pool)
{
	const int keep = args->dimensions < AQ_TSNE_DIMENSIONS ? args->dimensions : AQ_TSNE_DIMENSIONS;
	const size_t numbers = (size_t)args->count * (size_t)keep;
	float *reduced = malloc(numbers * sizeof *reduced), largest = 0;
	int rc = reduced ? AQ_OK : aq_fail(AQ_ENOMEM, "out of memory");
	AQ_TRY(rc);
	if (args->perplexity <= 0)
		args->perplexity = fmin(30, (args->count - 1) / 3.0);
	AQ_TRY(aq_pca(codes, args->count, args->dimensions, keep, args->seed, reduced, pool));
	/* Distances of codes come in all sizes; the search for widths wants them near 1. */
	for (size_t i = 0; i < numbers; i++)
		largest = fmaxf(largest, fabsf(reduced[i]));
	for (size_t i = 0; i < numbers && largest > 0; i++)
		reduced[i] /= largest;
	struct aq_tsne_args tsne = *args;
	tsne.dimensions = keep;
	rc = aq_tsne(&tsne, reduced, y, divergence, pool);
done:
	free(reduced);
	return rc;
}
