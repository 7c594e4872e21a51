/* SPDX-License-Identifier: MIT
 *
 * Bytes of a run and of a file of weights change: reading gives the same numbers or refuses.  The reader, a
 * child with bounds on time and memory, never dies of a signal.
 *
 * With AQUATINT_LONG set every byte is changed once, and 20,000 files are damaged in several places; without
 * it some.
 */
#include "tiny.h"

#include "base/rng.h"
#include "io/gz.h"
#include "run/params.h"
#include "run/run.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define FOLDER  "corrupt.dir"
#define RUN     FOLDER "/x.run.h5"
#define WEIGHTS FOLDER "/x.weights.h5"
#define DAMAGED FOLDER "/damaged.h5"
#define WORDS   "steps=5 batch=4 solver=momentum checkpoint_every=5 record=grad record=crc eval_every=5"

/* Seen by parent and child. */
static struct result {
	int rc;
	uint32_t sum; /* of all numbers read */
} *result;

/* ---- readers: they sum up everything that they hand out -------------------------------------------- */

static int read_run(const char *path)
{
	static unsigned char rows[1 << 16];
	struct aq_run *run = NULL;
	struct aq_evals evals = { 0 };
	int rc;
	AQ_TRY(aq_run_open(&run, path));
	result->sum = aq_crc(result->sum, run->net_text, strlen(run->net_text));
	for (int i = 0; i < run->record.columns; i++) {
		const struct aq_column *column = &run->record.column[i];
		const uint64_t count = aq_run_rows(run, column);
		struct aq_h5_shape shape = column->shape;
		shape.dim[0] = count;
		if (aq_h5_bytes(&shape) > sizeof rows)
			return aq_fail(AQ_EDATA, "too many rows");
		/* whole columns, checked against their sums */
		AQ_TRY(aq_h5_check(run->file, column->name));
		AQ_TRY(aq_run_read(run, column, 0, count, rows));
		result->sum = aq_crc(result->sum, rows, aq_h5_bytes(&shape));
	}
	AQ_TRY(aq_run_evals(run, &evals));
	result->sum = aq_crc(result->sum, evals.loss, evals.count * sizeof *evals.loss);
done:
	aq_evals_free(&evals);
	aq_run_close(run);
	return rc;
}

static int read_weights(const char *path)
{
	struct aq_h5 *file = NULL;
	struct aq_net *net = NULL;
	char *text = NULL;
	float flat[4096];
	int rc;
	AQ_TRY(aq_net_parse(&net, TINY_NET, "tiny.net"));
	AQ_TRY(aq_h5_open(&file, path, "aquatint-weights"));
	AQ_TRY(aq_h5_get_text(file, "/net", &text));
	AQ_TRY(aq_params_read(file, "/weights", net, flat));
	result->sum = aq_crc(aq_crc(result->sum, text, strlen(text)), flat, net->count * sizeof *flat);
done:
	free(text);
	aq_h5_close(file);
	aq_net_free(net);
	return rc;
}

/* ---- damage ---------------------------------------------------------------------------------------- */

static int setup(void **state)
{
	(void)state;
	result = mmap(NULL, sizeof *result, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(result != MAP_FAILED);
	tiny_inputs(FOLDER);
	good(tiny_train(FOLDER, RUN, WORDS, "threads=1", NULL));
	struct aq_h5 *file;
	struct aq_net *net;
	float flat[4096];
	good(aq_net_parse(&net, TINY_NET, "tiny.net"));
	aq_net_init(net, 1, flat);
	good(aq_h5_create(&file, WEIGHTS, "aquatint-weights", false));
	good(aq_h5_put_text(file, "/net", TINY_NET));
	good(aq_params_write(file, "/weights", net, flat));
	good(aq_h5_publish(file));
	aq_net_free(net);
	return 0;
}

/* Read in a child; true if it ended by itself. */
static bool ends(int (*read)(const char *path), const char *path)
{
	int status;
	*result = (struct result){ .rc = 1 };
	const pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		signal(SIGSEGV, SIG_DFL);
		signal(SIGABRT, SIG_DFL);
		signal(SIGFPE, SIG_DFL);
		setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
		setrlimit(RLIMIT_CPU, &(struct rlimit){ 5, 5 });
		const int rc = read(path);
		result->rc = rc;
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status);
}

struct tally {
	long tried, refused, same, wrong, died;
};

static void try_one(int (*read)(const char *path), const char *bytes, size_t length, uint32_t right,
		    struct tally *tally)
{
	FILE *file = fopen(DAMAGED, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	fclose(file);
	tally->tried++;
	if (!ends(read, DAMAGED))
		tally->died++;
	else if (result->rc < 0)
		tally->refused++;
	else if (result->sum == right)
		tally->same++;
	else
		tally->wrong++;
}

static void load(int (*read)(const char *path), const char *path, char **bytes, size_t *length, uint32_t *right)
{
	good(aq_file_read(path, 1 << 26, bytes, length));
	assert_true(ends(read, path));
	assert_int_equal(result->rc, 0);
	*right = result->sum;
}

static void judge(const char *what, const struct tally *tally)
{
	print_message("%s: %ld tried, %ld refused, %ld the same, %ld wrong, %ld died\n", what, tally->tried,
		      tally->refused, tally->same, tally->wrong, tally->died);
	assert_int_equal(tally->wrong, 0);
	assert_int_equal(tally->died, 0);
	assert_true(tally->refused > 0);
}

/* One byte at a time. */
static void flip(int (*read)(const char *path), const char *path, long some)
{
	struct tally tally = { 0 };
	char *bytes;
	size_t length;
	uint32_t right;
	load(read, path, &bytes, &length, &right);
	const size_t step = getenv("AQUATINT_LONG") ? 1 : length / (size_t)some | 1;
	for (size_t i = 0; i < length; i += step) {
		const char was = bytes[i];
		bytes[i] = (char)(was ^ (1 << i % 8));
		try_one(read, bytes, length, right, &tally);
		bytes[i] = was;
	}
	judge(path, &tally);
	free(bytes);
}

/* Several bytes, most of them near the front, where the structure is; or cut short. */
static void maul(int (*read)(const char *path), const char *path, uint32_t files)
{
	struct tally tally = { 0 };
	char *bytes, *copy;
	size_t length;
	uint32_t right;
	load(read, path, &bytes, &length, &right);
	copy = malloc(length);
	assert_non_null(copy);
	for (uint32_t k = 0; k < (getenv("AQUATINT_LONG") ? 10000 : files); k++) {
		const uint32_t hits = 1 + aq_rng_word(3, AQ_STREAM_SYNTH, 0, k, 0) % 4;
		size_t left = length;
		memcpy(copy, bytes, length);
		for (uint32_t h = 0; h < hits; h++) {
			const uint32_t where = aq_rng_word(3, AQ_STREAM_SYNTH, 1, k, h);
			const size_t at = where % (h % 2 ? length : length < 4096 ? length : 4096);
			copy[at] = (char)aq_rng_word(3, AQ_STREAM_SYNTH, 2, k, h);
		}
		if (k % 11 == 0)
			left = aq_rng_word(3, AQ_STREAM_SYNTH, 3, k, 0) % length;
		try_one(read, copy, left, right, &tally);
	}
	judge(path, &tally);
	free(copy);
	free(bytes);
}

static void test_bytes_of_a_run(void **state)
{
	(void)state;
	flip(read_run, RUN, 400);
}

static void test_bytes_of_weights(void **state)
{
	(void)state;
	flip(read_weights, WEIGHTS, 400);
}

static void test_mauled_runs(void **state)
{
	(void)state;
	maul(read_run, RUN, 300);
}

static void test_mauled_weights(void **state)
{
	(void)state;
	maul(read_weights, WEIGHTS, 300);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes_of_a_run),
		cmocka_unit_test(test_bytes_of_weights),
		cmocka_unit_test(test_mauled_runs),
		cmocka_unit_test(test_mauled_weights),
	};
	return cmocka_run_group_tests(tests, setup, NULL);
}
