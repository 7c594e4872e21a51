/* SPDX-License-Identifier: MIT
 *
 * test_eigen.c - eigenvectors hold to their definition, whatever the size, the spectrum, the
 * threads
 */
#include "num/eigen.h"

#include "base/rng.h"
#include "num/gram.h"
#include "num/kernels.h"
#include "story.h"

#include <math.h>
#include <stdbool.h>

static double chance(uint32_t i)
{
	return (double)aq_unit(aq_rng_word(7, AQ_STREAM_SYNTH, 0, 1, i)) - 0.5;
}

static double *numbers(size_t count)
{
	double *at = calloc(count + 1, sizeof *at);
	assert_non_null(at);
	return at;
}

/* A v = l v and v_i v_j = (i == j), for all vectors above `above`, which must be `wanted` many. */
static void check(const double *a, int n, double above, int wanted, int threads)
{
	const size_t size = (size_t)n * (size_t)n;
	struct aq_pool *pool;
	double *copy = numbers(size), *values = numbers((size_t)n), *vectors = numbers(size),
	       norm = 0;
	int count;
	ok(aq_pool_new(&pool, threads));
	memcpy(copy, a, size * sizeof *copy);
	ok(aq_eigen(pool, n, copy, above, values, vectors, &count));
	assert_int_equal(count, wanted);
	for (size_t i = 0; i < size; i++)
		norm = fmax(norm, fabs(a[i]));
	const double most = 1e-14 * n * norm + 1e-300;
	for (int k = 0; k < n; k++)
		assert_true(k == 0 || values[k] <= values[k - 1]);
	for (int k = 0; k < count; k++) {
		const double *v = vectors + (size_t)k * (size_t)n;
		for (int i = 0; i < n; i++) {
			double sum = 0;
			for (int j = 0; j < n; j++)
				sum += a[i * n + j] * v[j];
			assert_true(fabs(sum - values[k] * v[i]) <= most);
		}
		for (int q = 0; q <= k; q++) {
			double sum = 0;
			for (int j = 0; j < n; j++)
				sum += v[j] * vectors[q * n + j];
			assert_true(fabs(sum - (q == k)) < 1e-14 * (n + 10));
		}
	}
	aq_pool_free(pool);
	free(copy);
	free(values);
	free(vectors);
}

static void random_matrices(void **state)
{
	(void)state;
	static const int sizes[] = { 1, 2, 3, 4, 31, 32, 33, 65, 130 };
	for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
		const int n = sizes[s];
		double *a = numbers((size_t)(n * n));
		for (int i = 0; i < n; i++)
			for (int j = 0; j <= i; j++)
				a[i * n + j] = a[j * n + i] = chance((uint32_t)(i * n + j));
		check(a, n, -INFINITY, n, 1);
		check(a, n, -INFINITY, n, 3);
		free(a);
	}
}

static void spectra_that_are_hard(void **state)
{
	(void)state;
	enum { N = 130 };
	double *a = numbers(N * N), *u = numbers(N);
	check(a, N, -INFINITY, N, 2); /* all zero */
	for (int i = 0; i < N; i++)
		a[i * N + i] = i % 3; /* diagonal, each value many times */
	check(a, N, -INFINITY, N, 2);
	check(a, N, 1.5, N / 3, 2);
	check(a, N, 5, 0, 2);
	/* rank one: one value large, the others zero up to rounding */
	for (int i = 0; i < N; i++)
		u[i] = chance((uint32_t)i);
	for (int i = 0; i < N * N; i++)
		a[i] = 1e6 * u[i / N] * u[i % N];
	check(a, N, -INFINITY, N, 2);
	check(a, N, 100, 1, 2);
	/* rank ten, so that most of it is rounding noise */
	for (int i = 0; i < N * N; i++)
		a[i] = 0;
	for (int k = 0; k < 10; k++) {
		for (int i = 0; i < N; i++)
			u[i] = 100 * chance((uint32_t)(k * N + i));
		for (int i = 0; i < N * N; i++)
			a[i] += u[i / N] * u[i % N] / 7;
	}
	check(a, N, -INFINITY, N, 2);
	check(a, N, 1, 10, 2);
	/* over many orders of magnitude, coupled */
	for (int i = 0; i < N * N; i++)
		a[i] = pow(10, -(i / N) / 5.0 - (i % N) / 5.0) * (i / N == i % N ? 2 : 1);
	check(a, N, -INFINITY, N, 2);
	free(a);
	free(u);
}

static void known_values(void **state)
{
	(void)state;
	enum { N = 40 };
	struct aq_pool *pool;
	double *a = numbers(N * N), *v = numbers(N * N), l[N];
	int count;
	/* the second difference: 2 - 2 cos(pi k / (N + 1)) */
	for (int i = 0; i < N * N; i++)
		a[i] = i / N == i % N ? 2 : abs(i / N - i % N) == 1 ? -1 : 0;
	ok(aq_pool_new(&pool, 2));
	ok(aq_eigen(pool, N, a, -INFINITY, l, v, &count));
	for (int k = 0; k < N; k++)
		assert_true(fabs(l[k] - (2 - 2 * cos(M_PI * (N - k) / (N + 1)))) < 1e-13);
	a[3] = a[3 * N] = NAN;
	bad(aq_eigen(pool, N, a, -INFINITY, l, v, &count), AQ_EDATA, "not finite");
	aq_pool_free(pool);
	free(a);
	free(v);
}

static void threads_change_no_bit(void **state)
{
	(void)state;
	enum { N = 300 };
	double *a = numbers(N * N), *copy = numbers(N * N), *v[2], l[2][N];
	int count;
	for (int i = 0; i < N; i++)
		for (int j = 0; j <= i; j++)
			a[i * N + j] = a[j * N + i] = chance((uint32_t)(i * N + j));
	for (int k = 0; k < 2; k++) {
		struct aq_pool *pool;
		v[k] = numbers(N * N);
		memcpy(copy, a, N * N * sizeof *a);
		ok(aq_pool_new(&pool, k ? 4 : 1));
		ok(aq_eigen(pool, N, copy, 0, l[k], v[k], &count));
		aq_pool_free(pool);
	}
	assert_memory_equal(l[0], l[1], sizeof l[0]);
	assert_memory_equal(v[0], v[1], (size_t)count * N * sizeof **v);
	free(a);
	free(copy);
	free(v[0]);
	free(v[1]);
}

static void products_are_their_definition(void **state)
{
	(void)state;
	static const int sizes[][2] = { { 1, 1 }, { 3, 7 },   { 5, 8 },
					{ 2, 9 }, { 17, 33 }, { 128, 20 } };
	struct aq_pool *pool;
	const struct aq_kernels *used = aq_kernels();
	ok(aq_pool_new(&pool, 3));
	for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
		for (int isa = 0; aq_kernels_of(isa); isa++) {
			const int k = sizes[s][0], d = sizes[s][1];
			double *z = numbers((size_t)(k * d)), *c = numbers((size_t)(d * d));
			for (int i = 0; i < k * d; i++)
				z[i] = chance((uint32_t)i);
			aq_kernels_use(aq_kernels_of(isa));
			ok(aq_gram(pool, k, d, z, c));
			aq_gram_mirror(pool, d, c);
			for (int i = 0; i < d; i++)
				for (int j = 0; j < d; j++) {
					double sum = 0;
					for (int r = 0; r < k; r++)
						sum += z[r * d + i] * z[r * d + j];
					assert_true(c[i * d + j] == sum); /* to the bit */
				}
			free(z);
			free(c);
		}
	aq_kernels_use(used);
	aq_pool_free(pool);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_matrices),
		cmocka_unit_test(spectra_that_are_hard),
		cmocka_unit_test(known_values),
		cmocka_unit_test(threads_change_no_bit),
		cmocka_unit_test(products_are_their_definition),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
