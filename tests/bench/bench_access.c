/* SPDX-License-Identifier: MIT
 *
 * bench_access.c - how quickly the numbers of a run come back
 *
 *	bench_access RUN [TRIES]
 *
 * One step of one tensor, at random, the file opened anew each time; and the history of one weight through
 * all steps, in bytes of its tensor as it is stored in memory.
 */
#include "bench.h"

#include "base/clock.h"
#include "base/rng.h"
#include "run/run.h"

static void must(int rc)
{
	if (rc < 0) {
		fprintf(stderr, "%s\n", aq_story());
		exit(1);
	}
}

static size_t row_of(const struct aq_column *column)
{
	struct aq_h5_shape row = column->shape;
	row.dim[0] = 1;
	return aq_h5_bytes(&row);
}

/* Seconds from nothing to one row of a random column. */
static double one(const char *path, uint32_t try, char *name, size_t room)
{
	struct aq_run *run;
	const double begin = aq_seconds();
	must(aq_run_open(&run, path));
	const uint32_t word = aq_rng_word(1, AQ_STREAM_SYNTH, 0, try, 0);
	const struct aq_column *column = &run->record.column[word % (uint32_t)run->record.columns];
	const uint64_t rows = aq_run_rows(run, column), row = aq_rng_word(1, AQ_STREAM_SYNTH, 1, try, 0) % rows;
	void *data = malloc(row_of(column));
	if (!data)
		exit(1);
	must(aq_run_read(run, column, row, 1, data));
	const double took = aq_seconds() - begin;
	snprintf(name, room, "%s", column->name);
	free(data);
	aq_run_close(run);
	return took;
}

/* Seconds for one element of all rows. */
static double history(const char *path, double *bytes)
{
	struct aq_run *run;
	must(aq_run_open(&run, path));
	const struct aq_column *column = aq_run_column(run, AQ_GRAD, 0, 0);
	uint64_t offset[AQ_RANK] = { 0 }, extent[AQ_RANK];
	for (int i = 0; i < AQ_RANK; i++)
		extent[i] = 1;
	if (!column)
		return 0;
	extent[0] = aq_run_rows(run, column);
	float *data = malloc(extent[0] * sizeof *data);
	if (!data)
		exit(1);
	const double begin = aq_seconds();
	struct aq_h5_shape shape = column->shape;
	must(aq_h5_box(run->file, column->name, shape, offset, extent, data));
	const double took = aq_seconds() - begin;
	*bytes = (double)extent[0] * (double)row_of(column);
	free(data);
	aq_run_close(run);
	return took;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		printf("bench_access: name a run to read from\n");
		return 0;
	}
	const int tries = argc > 2 ? atoi(argv[2]) : 200;
	double worst = 0, sum = 0, bytes = 0;
	char name[256], slowest[256] = "";
	for (int i = 0; i < tries; i++) {
		const double took = one(argv[1], (uint32_t)i, name, sizeof name);
		sum += took;
		if (took > worst)
			snprintf(slowest, sizeof slowest, "%s", name);
		worst = took > worst ? took : worst;
	}
	printf("one step of one tensor: %.2f ms in the mean, %.2f ms at the most (%s), of %d tries\n",
	       1e3 * sum / tries, 1e3 * worst, slowest, tries);
	const double took = history(argv[1], &bytes);
	printf("one weight through all steps: %.3f s for %.1f MB, %.0f MB/s\n", took, 1e-6 * bytes,
	       1e-6 * bytes / took);
	bench_json("{\"bench\": \"access\", \"step_ms\": %.3f, \"worst_step_ms\": %.3f, \"history_s\": %.4f, "
		   "\"history_bytes\": %.0f}", 1e3 * sum / tries, 1e3 * worst, took, bytes);
	return 0;
}
