/* SPDX-License-Identifier: MIT
 *
 * gram.c - products z'z, shared among threads by rows of the result
 */
#include "num/gram.h"

#include "num/kernels.h"

#include <stdlib.h>

enum { N = 8 }; /* columns of a strip */

struct job {
	int k, d;
	const double *z;
	double *strips; /* [d/N][k][N], zeros behind column d */
	double *c;
	const struct aq_kernels *kernels;
};

static void pack(void *self, int item, int worker)
{
	const struct job *job = self;
	(void)worker;
	const size_t d = (size_t)job->d, column = (size_t)item * N;
	double *to = job->strips + column * (size_t)job->k;
	for (size_t r = 0; r < (size_t)job->k; r++)
		for (size_t j = 0; j < N; j++)
			*to++ = column + j < d ? job->z[r * d + column + j] : 0;
}

/* Rows of c from N * item on, right of the diagonal tile and in it. */
static void fill_rows(void *self, int item, int worker)
{
	const struct job *job = self;
	(void)worker;
	const size_t d = (size_t)job->d, row = (size_t)item * N;
	const double *a = job->strips + row * (size_t)job->k;
	for (size_t column = row; column < d; column += N) {
		double sum[N][N];
		job->kernels->gram_tile(job->k, a, job->strips + column * (size_t)job->k, sum[0]);
		for (size_t i = 0; i < N && row + i < d; i++)
			for (size_t j = 0; j < N && column + j < d; j++)
				job->c[(row + i) * d + column + j] += sum[i][j];
	}
}

/* What lies below the diagonal, from above it. */
static void mirror_rows(void *self, int item, int worker)
{
	const struct job *job = self;
	(void)worker;
	const size_t d = (size_t)job->d, row = (size_t)item * N;
	for (size_t i = row; i < row + N && i < d; i++)
		for (size_t j = 0; j < i; j++)
			job->c[i * d + j] = job->c[j * d + i];
}

int aq_gram(struct aq_pool *pool, int k, int d, const double *z, double *c)
{
	struct job job = { .k = k, .d = d, .z = z, .c = c, .kernels = aq_kernels() };
	const int items = (d + N - 1) / N;
	job.strips = malloc((size_t)items * N * (size_t)k * sizeof *job.strips);
	if (!job.strips)
		return aq_fail(AQ_ENOMEM, "out of memory");
	aq_pool_run(pool, items, pack, &job);
	aq_pool_run(pool, items, fill_rows, &job);
	free(job.strips);
	return AQ_OK;
}

void aq_gram_mirror(struct aq_pool *pool, int d, double *c)
{
	struct job job = { .d = d, .c = c };
	aq_pool_run(pool, (d + N - 1) / N, mirror_rows, &job);
}
