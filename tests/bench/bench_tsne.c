/* SPDX-License-Identifier: MIT
 *
 * bench_tsne.c - laying out points: seconds and divergence, beside scikit-learn's
 *
 *	bench_tsne [COUNT [THREADS]]       run at the top of the tree
 *
 * The points are the first 50 principal components of drawn shapes.  Both start from the first two of them, with
 * perplexity 30, angle 0.5, 1000 iterations.  One after the other: seconds of the processor are told beside those
 * elapsed.
 */
#include "bench.h"

#include "base/clock.h"
#include "data/dataset.h"
#include "look/tsne.h"

enum { WIDTH = AQ_TSNE_DIMENSIONS, ITERATIONS = 1000, MOST = 100000 };

static void make_data(const char *program, int count, char path[64])
{
	char command[4600];
	const char *slash = strrchr(program, '/');
	bench_must(slash != NULL, "a path to this program");
	snprintf(path, 64, "%s/shapes.data.h5", bench_folder());
	snprintf(command, sizeof command, "%.*s/../../bin/aquatint-prep --quiet synth:shapes --limit %d "
		 "--test-limit 1 -o %s", (int)(slash - program), program, count, path);
	bench_must(system(command) == 0, command);
}

/* [count][WIDTH] */
static float *make_points(const char *path, int count, struct aq_pool *pool)
{
	struct aq_dataset *data;
	bench_must(aq_dataset_open(&data, path, pool) == AQ_OK, path);
	const size_t width = (size_t)aq_dataset_width(data), all = (size_t)count * width;
	bench_must(data->split[AQ_TRAIN].count == count, "the shapes");
	float *pixel = malloc(all * sizeof *pixel), *point = malloc((size_t)count * WIDTH * sizeof *point);
	bench_must(pixel && point, "memory");
	for (size_t i = 0; i < all; i++)
		pixel[i] = (float)data->split[AQ_TRAIN].pixels[i] / 255;
	bench_must(aq_pca(pixel, count, (int)width, WIDTH, 1, point, pool) == AQ_OK, "the components");
	free(pixel);
	aq_dataset_free(data);
	return point;
}

static void show(const char *who, int count, int threads, double wall, double cpu, double divergence)
{
	printf("  %-14s %6d  %7d  %9.2f  %9.2f  %10.4f\n", who, count, threads, wall, cpu, divergence);
	fflush(stdout);
	bench_json("{\"bench\": \"tsne\", \"who\": \"%s\", \"count\": %d, \"threads\": %d, \"wall_s\": %.3f, "
		   "\"cpu_s\": %.3f, \"divergence\": %.5f}", who, count, threads, wall, cpu, divergence);
}

static void ours(const float *point, int count, int threads, struct aq_pool *pool)
{
	const struct aq_tsne_args args = { .count = count, .dimensions = WIDTH, .perplexity = 30, .theta = 0.5,
					   .iterations = ITERATIONS, .seed = 1 };
	float *y = malloc(2 * (size_t)count * sizeof *y);
	double divergence;
	bench_must(y != NULL, "memory");
	const double wall = aq_seconds(), cpu = bench_cpu();
	bench_must(aq_tsne(&args, point, y, &divergence, pool) == AQ_OK, "t-SNE");
	show("aquatint", count, threads, aq_seconds() - wall, bench_cpu() - cpu, divergence);
	free(y);
}

static void theirs(const float *point, int count, int threads)
{
	static const char *const pythons[] = { "python3", "/usr/bin/python3" };
	char path[64], command[256];
	snprintf(path, sizeof path, "%s/points", bench_folder());
	FILE *file = fopen(path, "wb");
	bench_must(file && fwrite(point, sizeof *point * WIDTH, (size_t)count, file) == (size_t)count, path);
	bench_must(fclose(file) == 0, path);
	for (size_t i = 0; i < sizeof pythons / sizeof *pythons; i++) {
		double wall, cpu, divergence;
		snprintf(command, sizeof command, "%s tests/bench/tsne_sklearn.py %s %d %d %d 2> /dev/null", pythons[i],
			 path, WIDTH, threads, ITERATIONS);
		FILE *pipe = popen(command, "r");
		const bool got = pipe && fscanf(pipe, "%lf %lf %lf", &wall, &cpu, &divergence) == 3;
		if (pipe)
			pclose(pipe);
		if (!got)
			continue;
		show("scikit-learn", count, threads, wall, cpu, divergence);
		return;
	}
	printf("  there is no Python with scikit-learn to compare with\n");
}

int main(int argc, char **argv)
{
	const int count = argc > 1 ? atoi(argv[1]) : 1500, threads = argc > 2 ? atoi(argv[2]) : 2;
	struct aq_pool *pool;
	char path[64];
	if (count < 100 || count > MOST || threads < 1 || threads > 64)
		return 1;
	bench_must(aq_pool_new(&pool, threads) == AQ_OK, "threads");
	make_data(argv[0], count, path);
	float *point = make_points(path, count, pool);
	printf("t-SNE of drawn shapes\n  %-14s %6s  %7s  %9s  %9s  %10s\n", "who", "points", "threads", "seconds",
	       "cpu", "divergence");
	ours(point, count, threads, pool);
	theirs(point, count, threads);
	free(point);
	aq_pool_free(pool);
	return 0;
}
