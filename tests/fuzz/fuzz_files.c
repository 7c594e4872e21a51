/* SPDX-License-Identifier: MIT
 *
 * fuzz_files.c - damaged HDF5 files through all readers: refused, or read as if they were sound
 *
 *	fuzz_files [--files N] [--flips STRIDE] [--seed S] [--only I]
 *
 * N files (20,000) are damaged in all ways of mutate.h.  With --flips, instead, each STRIDE-th byte of each
 * sound file is changed once.  No reader may die of a signal, take more than 5 s, say that it was our
 * own mistake, or give other numbers than those of the sound file.  A forged file, whose own checksums were
 * made right, may have other attributes and names; its datasets are still held to their CRC.
 *
 * The readers work in a child on each processor, which is replaced after some files and when it dies.  A file
 * that fails is kept in the present folder.  --only does one file, in the foreground.
 */
#include "../unit/tiny.h"
#include "base/clock.h"
#include "base/signals.h"
#include "mutate.h"
#include "readers.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BATCH = 64, MOST_WORKERS = 64, MOST_READERS = 16, SPREAD = 16, MOST_SECONDS = 5, MOST_KEPT = 10 };

enum outcome { SAME, REFUSED, OTHER_WORDS, WRONG, OUR_MISTAKE, SLOW, DIED, OUTCOMES };
static const char *const outcome_names[OUTCOMES] = { "same",  "refused", "words", "WRONG",
						     "BUG", "SLOW",	 "DIED" };

static struct {
	uint64_t files, seed, flips;
	int64_t only;
	const char *home;
} options = { 20000, 1, 0, -1, NULL };

static struct patient patients[SUBJECTS];
static struct sums sound[SUBJECTS][MOST_READERS];

/* Seen by all processes. */
static struct shared {
	atomic_ulong tally[SUBJECTS][OUTCOMES], kinds[MUTATIONS][OUTCOMES], files[SUBJECTS];
	atomic_ulong probes; /* refusals because a child died */
	struct {
		volatile uint64_t index;
		volatile int subject, kind, reader;
	} at[MOST_WORKERS];
	volatile double slowest[MOST_WORKERS];
} *shared;

/* ---- one file -------------------------------------------------------------------------------- */

/* Which file is damaged how: the index is spread over the subjects, or runs through their bytes. */
static enum mutation damage(uint64_t index, int *subject, unsigned char *to, size_t *length)
{
	if (!options.flips) {
		static const int spread[SPREAD] = { 0, 1, 6, 2, 1, 0, 3, 5, 1, 6, 4, 0, 1, 3, 6, 5 };
		*subject = spread[index % SPREAD];
		return patient_mutate(&patients[*subject], options.seed, index, to, length);
	}
	uint64_t at = index * options.flips;
	for (*subject = 0; at >= patients[*subject].length; ++*subject)
		at -= patients[*subject].length;
	const struct patient *p = &patients[*subject];
	memcpy(to, p->bytes, p->length);
	to[at] ^= (unsigned char)(1 << (at + options.seed) % 8);
	*length = p->length;
	return MUTATE_BITS;
}

static double processor_seconds(void)
{
	double seconds = 0;
	static const int whose[] = { RUSAGE_SELF, RUSAGE_CHILDREN };
	for (int i = 0; i < 2; i++) {
		struct rusage use;
		getrusage(whose[i], &use);
		seconds += (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
			   1e-6 * (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec);
	}
	return seconds;
}

static enum outcome judge(int subject, int reader, enum mutation kind, int rc, struct sums sums)
{
	const struct sums *right = &sound[subject][reader];
	/* a forged size may be more than there is memory for, and is then told as that */
	if (rc == AQ_EBUG || (rc == AQ_ENOMEM && kind != MUTATE_FORGED))
		return OUR_MISTAKE;
	if (rc < 0 && strstr(aq_story(), "the HDF5 library"))
		atomic_fetch_add(&shared->probes, 1);
	if (rc < 0)
		return REFUSED;
	const bool forged = kind == MUTATE_FORGED;
	if (sums.numbers != right->numbers)
		return forged && sums.gaps > 0 ? OTHER_WORDS : WRONG;
	if (sums.words != right->words)
		return forged ? OTHER_WORDS : WRONG;
	return SAME;
}

static void keep(uint64_t index, int subject, const unsigned char *bytes, size_t length)
{
	char name[512];
	snprintf(name, sizeof name, "%s/failed-%llu-%s.h5", options.home, (unsigned long long)index,
		 strrchr(subjects[subject].sound, '/') ? strrchr(subjects[subject].sound, '/') + 1
						       : subjects[subject].sound);
	if (aq_file_write(name, false, bytes, length) < 0)
		fprintf(stderr, "%s\n", aq_story());
}

static void tell(uint64_t index, int subject, int kind, int reader, const char *what, const char *story)
{
	fprintf(stderr, "file %llu (%s, %s), reader %s: %s%s%s\n", (unsigned long long)index,
		subjects[subject].name, mutation_names[kind], subjects[subject].readers[reader].name, what,
		*story ? ": " : "", story);
}

static void read_one(int worker, uint64_t index, unsigned char *bytes)
{
	int subject;
	size_t length;
	const enum mutation kind = damage(index, &subject, bytes, &length);
	const struct subject *s = &subjects[subject];
	/* a new file each time: the library takes what it has still open for the same one */
	unlink(s->damaged);
	FILE *file = fopen(s->damaged, "wb");
	if (!file || fwrite(bytes, 1, length, file) != length || fclose(file) != 0)
		exit(99);
	enum outcome worst = SAME;
	for (int r = 0; s->readers[r].name; r++) {
		if (options.only < 0 && (index / SPREAD) % (uint64_t)s->readers[r].every)
			continue;
		struct sums sums = { 0 };
		shared->at[worker].index = index;
		shared->at[worker].subject = subject;
		shared->at[worker].kind = (int)kind;
		shared->at[worker].reader = r;
		const struct itimerval most = { .it_value.tv_sec = MOST_SECONDS };
		setitimer(ITIMER_PROF, &most, NULL);
		const double begin = processor_seconds();
		const int rc = s->readers[r].read(s->opened, &sums);
		const double took = processor_seconds() - begin;
		enum outcome outcome = judge(subject, r, kind, rc, sums);
		if (took > MOST_SECONDS)
			outcome = SLOW;
		if (took > shared->slowest[worker])
			shared->slowest[worker] = took;
		if (outcome > OTHER_WORDS) {
			tell(index, subject, (int)kind, r, outcome_names[outcome], rc < 0 ? aq_story() : "");
			keep(index, subject, bytes, length);
		} else if (options.only >= 0) {
			tell(index, subject, (int)kind, r, outcome_names[outcome], rc < 0 ? aq_story() : "");
		}
		worst = outcome > worst ? outcome : worst;
	}
	atomic_fetch_add(&shared->tally[subject][worst], 1);
	atomic_fetch_add(&shared->kinds[kind][worst], 1);
	atomic_fetch_add(&shared->files[subject], 1);
}

/* ---- workers --------------------------------------------------------------------------------- */

static uint64_t count_files(void)
{
	uint64_t bytes = 0;
	for (int i = 0; i < SUBJECTS; i++)
		bytes += patients[i].length;
	return options.flips ? (bytes + options.flips - 1) / options.flips : options.files;
}

/* A folder of the worker's own, with the sound files beside the damaged one. */
static void enter_folder(int worker)
{
	char name[32], command[256];
	snprintf(name, sizeof name, "worker-%d", worker);
	snprintf(command, sizeof command, "rm -rf %s && mkdir %s && cp -r tiny.net *.h5 *.part %s", name, name, name);
	if (system(command) != 0 || chdir(name) < 0)
		exit(99);
}

/* Files first, first + step, ...: as many as a batch has. */
static _Noreturn void work(int worker, uint64_t first, uint64_t step, uint64_t end)
{
	static const int deaths[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
	size_t most = 0;
	for (size_t i = 0; i < sizeof deaths / sizeof *deaths; i++)
		signal(deaths[i], SIG_DFL);
	bool fresh = first < step;
	char name[32];
	snprintf(name, sizeof name, "worker-%d", worker);
	if (fresh)
		enter_folder(worker);
	else if (chdir(name) < 0)
		exit(99);
	for (int i = 0; i < SUBJECTS; i++)
		most = patients[i].length > most ? patients[i].length : most;
	unsigned char *bytes = malloc(2 * most);
	if (!bytes)
		exit(99);
	/* while one file stays open, one child tastes them all */
	struct aq_h5 *anchor;
	good(aq_h5_open(&anchor, subjects[0].sound, NULL));
	uint64_t index = first;
	for (int i = 0; i < BATCH && index < end; i++, index += step)
		read_one(worker, index, bytes);
	aq_h5_close(anchor);
	shared->at[worker].index = index; /* the next one */
	fflush(NULL);
	_exit(0);
}

static pid_t start(int worker, uint64_t first, uint64_t step, uint64_t end)
{
	fflush(NULL);
	const pid_t child = fork();
	if (child == 0)
		work(worker, first, step, end);
	if (child < 0) {
		perror("fork");
		exit(1);
	}
	return child;
}

/* A worker died over a file: count it, keep the file, and say where to go on. */
static uint64_t bury(int worker, int status)
{
	const uint64_t index = shared->at[worker].index;
	const int subject = shared->at[worker].subject, kind = shared->at[worker].kind;
	int same_subject;
	size_t length;
	char words[80];
	const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	const enum outcome outcome = signal == SIGPROF ? SLOW : DIED;
	snprintf(words, sizeof words, "%s (%s)", outcome_names[outcome],
		 signal ? strsignal(signal) : "it left");
	tell(index, subject, kind, shared->at[worker].reader, words, "");
	unsigned char *bytes = malloc(2 * patients[subject].length);
	if (bytes) {
		damage(index, &same_subject, bytes, &length);
		keep(index, subject, bytes, length);
	}
	free(bytes);
	atomic_fetch_add(&shared->tally[subject][outcome], 1);
	atomic_fetch_add(&shared->kinds[kind][outcome], 1);
	atomic_fetch_add(&shared->files[subject], 1);
	return index;
}

static void drive(uint64_t end)
{
	const int workers = (int)sysconf(_SC_NPROCESSORS_ONLN) < MOST_WORKERS
				    ? (int)sysconf(_SC_NPROCESSORS_ONLN) : MOST_WORKERS;
	const uint64_t step = (uint64_t)workers;
	pid_t child[MOST_WORKERS];
	int left = 0;
	for (int w = 0; w < workers; w++, left++)
		child[w] = start(w, (uint64_t)w, step, end);
	while (left > 0) {
		int status, w = 0;
		const pid_t ended = wait(&status);
		if (ended < 0 && errno == EINTR)
			continue;
		while (w < workers && child[w] != ended)
			w++;
		if (w == workers)
			continue;
		if (WIFEXITED(status) && WEXITSTATUS(status) == 99) {
			fprintf(stderr, "a worker could not write its files\n");
			exit(1);
		}
		const bool well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
		const uint64_t next = well ? shared->at[w].index : bury(w, status) + step;
		child[w] = 0;
		if (next < end)
			child[w] = start(w, next < step ? next + step : next, step, end);
		else
			left--;
	}
}

/* ---- the whole ------------------------------------------------------------------------------- */

static void load(int subject)
{
	const struct subject *s = &subjects[subject];
	char *bytes;
	good(aq_file_read(s->sound, 1 << 26, &bytes, &patients[subject].length));
	patients[subject].bytes = (unsigned char *)bytes;
	patient_look(&patients[subject]);
	char command[300];
	snprintf(command, sizeof command, "cp %s %s", s->sound, s->damaged);
	assert_int_equal(system(command), 0);
	for (int r = 0; s->readers[r].name; r++) {
		struct sums again = { 0 };
		if (s->readers[r].read(s->opened, &sound[subject][r]) < 0 ||
		    s->readers[r].read(s->opened, &again) < 0) {
			fprintf(stderr, "%s, sound, reader %s: %s\n", s->name, s->readers[r].name, aq_story());
			exit(1);
		}
		if (again.numbers != sound[subject][r].numbers || again.words != sound[subject][r].words) {
			fprintf(stderr, "%s: reader %s gives two things of one file\n", s->name,
				s->readers[r].name);
			exit(1);
		}
	}
}

static void row(const char *name, const atomic_ulong *counts, unsigned long files)
{
	printf("%-16s %8lu", name, files);
	for (int o = 0; o < OUTCOMES; o++)
		printf(" %8lu", counts[o]);
	printf("\n");
}

static int report(double seconds)
{
	unsigned long bad = 0, all = 0;
	double slowest = 0;
	printf("%-16s %8s", "", "files");
	for (int o = 0; o < OUTCOMES; o++)
		printf(" %8s", outcome_names[o]);
	printf("\n");
	for (int i = 0; i < SUBJECTS; i++) {
		row(subjects[i].name, shared->tally[i], shared->files[i]);
		all += shared->files[i];
		for (int o = WRONG; o < OUTCOMES; o++)
			bad += shared->tally[i][o];
	}
	for (int k = 0; k < MUTATIONS && !options.flips; k++) {
		unsigned long files = 0;
		for (int o = 0; o < OUTCOMES; o++)
			files += shared->kinds[k][o];
		row(mutation_names[k], shared->kinds[k], files);
	}
	for (int w = 0; w < MOST_WORKERS; w++)
		slowest = shared->slowest[w] > slowest ? shared->slowest[w] : slowest;
	printf("%lu files in %.0f s; the slowest reader took %.2f s of the processor; %lu times the HDF5 library "
	       "died in a child\n", all, seconds, slowest, shared->probes);
	if (bad)
		printf("%lu FAILED; again with --seed %llu --only FILE; they are kept as %s/failed-*\n", bad,
		       (unsigned long long)options.seed, options.home);
	return bad ? 1 : 0;
}

static void parse(int argc, char **argv)
{
	for (int i = 1; i + 1 < argc; i += 2) {
		const uint64_t value = strtoull(argv[i + 1], NULL, 10);
		if (strcmp(argv[i], "--files") == 0)
			options.files = value;
		else if (strcmp(argv[i], "--flips") == 0)
			options.flips = value;
		else if (strcmp(argv[i], "--seed") == 0)
			options.seed = value;
		else if (strcmp(argv[i], "--only") == 0)
			options.only = (int64_t)value;
	}
}

/* In memory where the system has such a place: every file is written twice and lives for milliseconds. */
static void enter_scratch(char scratch[64])
{
	strcpy(scratch, access("/dev/shm", W_OK) == 0 ? "/dev/shm/fuzz-XXXXXX" : P_tmpdir "/fuzz-XXXXXX");
	options.home = getcwd(NULL, 0);
	if (!options.home || !mkdtemp(scratch) || chdir(scratch) < 0) {
		perror(scratch);
		exit(1);
	}
}

int main(int argc, char **argv)
{
	char scratch[64], command[128];
	int failed = 0;
	parse(argc, argv);
	printf("seed %llu\n", (unsigned long long)options.seed);
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return 1;
	enter_scratch(scratch);
	make_subjects();
	for (int i = 0; i < SUBJECTS; i++)
		load(i);
	const double begin = aq_seconds();
	if (options.only >= 0) {
		enter_folder(0);
		read_one(0, (uint64_t)options.only, malloc(1 << 22));
	} else {
		drive(count_files());
		failed = report(aq_seconds() - begin);
	}
	snprintf(command, sizeof command, "rm -rf %s", scratch);
	return system(command) != 0 || failed;
}
