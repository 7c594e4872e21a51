/* SPDX-License-Identifier: MIT
 *
 * test_probe.c - a file over which the HDF5 library crashes, hangs or takes all memory is refused
 *
 * The library is made to do so by a conversion of our own that it calls when it reads an attribute of three
 * bytes: in the child that tastes the file, and if that one did not, in us.
 */
#include "story.h"

#include "base/threads.h"
#include "io/h5.h"
#include "io/h5_taste.h"

#include <errno.h>
#include <fcntl.h>
#include <hdf5.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum evil { NONE, CRASH, CRASH_ONCE, HANG, MEMORY, LEAVE };

/* Seen by parent and children. */
static struct shared {
	enum evil evil;
	int calls;
	pid_t parent;
	bool in_parent;
} *shared;

static herr_t convert(hid_t from, hid_t to, H5T_cdata_t *cdata, size_t count, size_t stride, size_t background,
		      void *buffer, void *more, hid_t dxpl)
{
	(void)from, (void)to, (void)stride, (void)background, (void)more, (void)dxpl;
	if (cdata->command != H5T_CONV_CONV)
		return 0;
	shared->calls++;
	void *volatile much; /* a compiler knows how an unused one turns out */
	if (getpid() == shared->parent)
		shared->in_parent = true;
	switch (shared->evil) {
	case CRASH:
		raise(SIGSEGV);
		break;
	case CRASH_ONCE:
		if (shared->calls == 1)
			raise(SIGBUS);
		break;
	case HANG:
		for (;;)
			;
	case MEMORY:
		/* what is behind the bound cannot be had; this says it as the library does */
		much = malloc((size_t)AQ_TASTE_MIB << 21);
		if (much)
			break;
		H5Epush2(H5E_DEFAULT, __FILE__, __func__, __LINE__, H5E_ERR_CLS, H5E_RESOURCE, H5E_NOSPACE,
			 "memory allocation failed");
		return -1;
	case LEAVE:
		_exit(3);
	case NONE:
		break;
	}
	memset(buffer, 0, 8 * count);
	return 0;
}

static void write_file(const char *path, hid_t odd)
{
	const float x[4] = { 1, 2, 3, 4 };
	const int one = 1;
	struct aq_h5 *file;
	ok(aq_h5_create(&file, path, "aquatint-test", false));
	ok(aq_h5_put(file, "/x", AQ_SHAPE1(AQ_F32, 4), x));
	ok(aq_h5_put(file, "/y", AQ_SHAPE1(AQ_F32, 4), x));
	ok(aq_h5_publish(file));
	const hid_t id = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT), space = H5Screate(H5S_SCALAR);
	const hid_t data = H5Dopen2(id, "/x", H5P_DEFAULT);
	const hid_t attr = H5Acreate2(data, "odd", odd, space, H5P_DEFAULT, H5P_DEFAULT);
	assert_true(H5Awrite(attr, H5T_NATIVE_INT, &one) >= 0);
	H5Aclose(attr);
	H5Dclose(data);
	H5Sclose(space);
	H5Fclose(id);
}

static int setup(void **state)
{
	(void)state;
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(shared != MAP_FAILED);
	shared->parent = getpid();
	struct aq_h5 *file;
	assert_int_equal(aq_h5_open(&file, "nothing.h5", NULL), AQ_ENOINPUT); /* the layer calls the library first */
	const hid_t odd = H5Tcopy(H5T_STD_I32LE);
	H5Tset_size(odd, 3);
	write_file("odd.h5", odd);
	write_file("other.h5", odd);
	assert_true(H5Tregister(H5T_PERS_HARD, "evil", odd, H5T_NATIVE_INT64, convert) >= 0);
	H5Tclose(odd);
	aq_taste_seconds = 1;
	return 0;
}

static void begin(enum evil evil)
{
	shared->evil = evil;
	shared->calls = 0;
	shared->in_parent = false;
}

/* No child is left, dead or alive. */
static void all_gone(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	assert_false(shared->in_parent);
}

static void refused(enum evil evil, const char *words)
{
	struct aq_h5 *file;
	struct aq_h5_shape shape;
	float x[4];
	begin(evil);
	ok(aq_h5_open(&file, "odd.h5", "aquatint-test"));
	bad(aq_h5_shape(file, "/x", &shape), AQ_EDATA, "odd.h5: /x: the HDF5 library");
	if (!strstr(aq_story(), words))
		fail_msg("'%s' is not in: %s", words, aq_story());
	/* and of this file nothing more */
	bad(aq_h5_get_into(file, "/y", AQ_SHAPE1(AQ_F32, 4), x), AQ_EDATA, "odd.h5: /y: the HDF5 library");
	aq_h5_close(file);
	all_gone();
}

static void test_crash(void **state)
{
	(void)state;
	refused(CRASH, "crashes over it (Segmentation fault)");
	refused(LEAVE, "breaks off over it");
}

static void test_hang(void **state)
{
	(void)state;
	refused(HANG, "does not come to an end with it");
}

static void test_memory(void **state)
{
	(void)state;
	/* the address sanitizer ends a process that it has no memory for */
	refused(MEMORY, "");
}

static void test_sound(void **state)
{
	(void)state;
	struct aq_h5 *file;
	float x[4];
	begin(NONE);
	ok(aq_h5_open(&file, "odd.h5", "aquatint-test"));
	ok(aq_h5_get_into(file, "/x", AQ_SHAPE1(AQ_F32, 4), x));
	assert_true(shared->calls > 0 && x[3] == 4);
	aq_h5_close(file);
	all_gone();

	/* our own are not tasted */
	begin(CRASH);
	ok(aq_h5_open_own(&file, "odd.h5", "aquatint-test"));
	ok(aq_h5_get_into(file, "/x", AQ_SHAPE1(AQ_F32, 4), x));
	aq_h5_close(file);
	all_gone();
}

/* What happens once was not the file's fault; and one bad file does no harm to another. */
static void test_second_opinion(void **state)
{
	(void)state;
	struct aq_h5 *odd, *other;
	float x[4];
	begin(CRASH_ONCE);
	ok(aq_h5_open(&odd, "odd.h5", "aquatint-test"));
	ok(aq_h5_get_into(odd, "/x", AQ_SHAPE1(AQ_F32, 4), x));
	assert_int_equal(shared->calls, 2);
	aq_h5_close(odd);
	all_gone();

	begin(CRASH);
	ok(aq_h5_open(&odd, "odd.h5", "aquatint-test"));
	ok(aq_h5_open(&other, "other.h5", "aquatint-test"));
	ok(aq_h5_get_into(other, "/y", AQ_SHAPE1(AQ_F32, 4), x));
	bad(aq_h5_get_into(odd, "/x", AQ_SHAPE1(AQ_F32, 4), x), AQ_EDATA, "crashes over it");
	begin(NONE);
	ok(aq_h5_get_into(other, "/x", AQ_SHAPE1(AQ_F32, 4), x));
	aq_h5_close(odd);
	ok(aq_h5_get_into(other, "/y", AQ_SHAPE1(AQ_F32, 4), x));
	aq_h5_close(other);
	all_gone();
}

/* A process that is forked while a file is open has a child of its own. */
static void test_forked(void **state)
{
	(void)state;
	struct aq_h5 *file, *again;
	float x[4];
	int status;
	begin(NONE);
	ok(aq_h5_open(&file, "odd.h5", "aquatint-test"));
	const pid_t child = fork();
	if (child == 0) {
		int rc = aq_h5_open(&again, "other.h5", "aquatint-test");
		if (rc == AQ_OK)
			rc = aq_h5_get_into(again, "/x", AQ_SHAPE1(AQ_F32, 4), x);
		if (rc == AQ_OK)
			rc = aq_h5_get_into(file, "/x", AQ_SHAPE1(AQ_F32, 4), x);
		aq_h5_close(again);
		aq_h5_close(file);
		_exit(rc == AQ_OK ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	ok(aq_h5_get_into(file, "/x", AQ_SHAPE1(AQ_F32, 4), x));
	aq_h5_close(file);
	all_gone();
}

static void nothing(void *self, int item, int worker)
{
	(void)self, (void)item, (void)worker;
}

static void test_beside_threads(void **state)
{
	(void)state;
	struct aq_pool *pool;
	struct aq_h5 *file;
	float x[4];
	begin(NONE);
	ok(aq_pool_new(&pool, 4));
	for (int i = 0; i < 20; i++) {
		aq_pool_run(pool, 8, nothing, NULL);
		ok(aq_h5_open(&file, "odd.h5", "aquatint-test"));
		ok(aq_h5_get_into(file, "/x", AQ_SHAPE1(AQ_F32, 4), x));
		aq_h5_close(file);
	}
	aq_pool_free(pool);
	all_gone();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_crash),  cmocka_unit_test(test_hang),
		cmocka_unit_test(test_memory), cmocka_unit_test(test_sound),
		cmocka_unit_test(test_second_opinion), cmocka_unit_test(test_forked),
		cmocka_unit_test(test_beside_threads),
	};
	return cmocka_run_group_tests(tests, setup, NULL);
}
