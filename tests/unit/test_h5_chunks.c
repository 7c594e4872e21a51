/* SPDX-License-Identifier: MIT
 *
 * test_h5_chunks.c - chunks are unpacked by us: what is stored otherwise than it should be is damage
 */
#include "story.h"

#include "io/gz.h"
#include "io/h5.h"

#include <hdf5.h>
#include <zlib.h>

enum { ROWS = 40, WIDTH = 4096, BAND = 4 }; /* 640 KiB: more than is read whole for its checksum */

static float numbers[ROWS][WIDTH];
static const struct aq_h5_shape shape = { .type = AQ_F32, .rank = 2, .dim = { ROWS, WIDTH } };
static const char path[] = "chunks.h5";

static int setup(void **state)
{
	(void)state;
	struct aq_h5 *file;
	assert_int_equal(aq_h5_open(&file, "nothing.h5", NULL), AQ_ENOINPUT); /* the layer calls the library first */
	for (int i = 0; i < ROWS; i++)
		for (int k = 0; k < WIDTH; k++)
			numbers[i][k] = (float)(i * 7 + k % 100) / 16;
	return 0;
}

/* A chunk for bands 0, 1, ...: packed bytes, their number (0: no chunk) and the filter mask. */
struct stored {
	const void *bytes;
	size_t size;
	uint32_t mask;
};

static unsigned char packed[ROWS / BAND][2 * BAND * WIDTH * sizeof(float)];

/* What HDF5's filters make of a band, or of its first `count` numbers. */
static struct stored pack(int band, size_t count)
{
	static unsigned char planes[BAND * WIDTH * sizeof(float)];
	const unsigned char *from = (const unsigned char *)numbers[band * BAND];
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < 4; k++)
			planes[k * count + i] = from[4 * i + k];
	uLongf size = sizeof packed[band];
	assert_int_equal(compress2(packed[band], &size, planes, 4 * count, 4), Z_OK);
	return (struct stored){ packed[band], size, 0 };
}

static void write_chunks(const struct stored *chunks)
{
	struct aq_h5 *file;
	ok(aq_h5_create(&file, path, "aquatint-test", false));
	ok(aq_h5_publish(file));
	const hsize_t dims[2] = { ROWS, WIDTH }, chunk[2] = { BAND, WIDTH };
	const hid_t id = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT), dcpl = H5Pcreate(H5P_DATASET_CREATE);
	const hid_t space = H5Screate_simple(2, dims, NULL), one = H5Screate(H5S_SCALAR);
	H5Pset_chunk(dcpl, 2, chunk);
	H5Pset_shuffle(dcpl);
	H5Pset_deflate(dcpl, 4);
	const hid_t data = H5Dcreate2(id, "x", H5T_IEEE_F32LE, space, H5P_DEFAULT, dcpl, H5P_DEFAULT);
	for (int i = 0; i < ROWS / BAND; i++) {
		const hsize_t at[2] = { (hsize_t)i * BAND, 0 };
		if (chunks[i].size > 0)
			assert_true(H5Dwrite_chunk(data, H5P_DEFAULT, chunks[i].mask, at, chunks[i].size,
						   chunks[i].bytes) >= 0);
	}
	const uint32_t crc = aq_crc(0, numbers, sizeof numbers);
	const hid_t attr = H5Acreate2(data, "crc32", H5T_STD_U32LE, one, H5P_DEFAULT, H5P_DEFAULT);
	assert_true(H5Awrite(attr, H5T_NATIVE_UINT32, &crc) >= 0);
	H5Aclose(attr);
	H5Dclose(data);
	H5Sclose(one);
	H5Sclose(space);
	H5Pclose(dcpl);
	H5Fclose(id);
}

static void sound_chunks(struct stored *chunks)
{
	for (int i = 0; i < ROWS / BAND; i++)
		chunks[i] = pack(i, BAND * WIDTH);
}

static void all_right(void)
{
	static float back[ROWS][WIDTH];
	struct aq_h5 *file;
	ok(aq_h5_open(&file, path, "aquatint-test"));
	ok(aq_h5_get_into(file, "/x", shape, back));
	assert_memory_equal(back, numbers, sizeof back);
	for (uint64_t first = 0; first < ROWS; first += 3) {
		const uint64_t count = ROWS - first < 5 ? ROWS - first : 5;
		memset(back, 0, sizeof back);
		ok(aq_h5_rows(file, "/x", shape, first, count, back));
		assert_memory_equal(back, numbers[first], count * sizeof *back);
	}
	for (uint64_t k = 0; k < 50; k++) {
		const uint64_t offset[2] = { k % 37, k * 61 }, extent[2] = { 1 + k % 3, 1 + k * 7 };
		memset(back, 0, sizeof back);
		ok(aq_h5_box(file, "/x", shape, offset, extent, back));
		for (uint64_t i = 0; i < extent[0]; i++)
			assert_memory_equal((float *)back + i * extent[1], &numbers[offset[0] + i][offset[1]],
					    extent[1] * sizeof(float));
	}
	aq_h5_close(file);
}

/* Rows of band 2 are refused, alone and among all; those further away are right. */
static void band_2_damaged(const char *words)
{
	static float back[ROWS][WIDTH];
	struct aq_h5 *file;
	ok(aq_h5_open(&file, path, "aquatint-test"));
	bad(aq_h5_rows(file, "/x", shape, 2 * BAND + 1, 2, back), AQ_EDATA, words);
	bad(aq_h5_get_into(file, "/x", shape, back), AQ_EDATA, words);
	bad(aq_h5_check(file, "/x"), AQ_EDATA, words);
	ok(aq_h5_rows(file, "/x", shape, 6 * BAND, BAND, back));
	assert_memory_equal(back, numbers[6 * BAND], BAND * sizeof *back);
	aq_h5_close(file);
}

static void test_sound(void **state)
{
	(void)state;
	struct stored chunks[ROWS / BAND];
	sound_chunks(chunks);
	write_chunks(chunks);
	all_right();
	/* deflate gives up on what does not shrink, and says so */
	static unsigned char planes[BAND * WIDTH * sizeof(float)];
	uLongf size = sizeof planes;
	assert_int_equal(uncompress(planes, &size, chunks[2].bytes, chunks[2].size), Z_OK);
	chunks[2] = (struct stored){ planes, size, 2 };
	write_chunks(chunks);
	all_right();
}

static void test_missing(void **state)
{
	(void)state;
	struct stored chunks[ROWS / BAND];
	struct aq_h5 *file;
	static float back[BAND][WIDTH];
	sound_chunks(chunks);
	chunks[2].size = 0;
	write_chunks(chunks);
	band_2_damaged("the chunk of row 8 is missing");
	/* an index that has lost a chunk may give others in its place: its neighbours are not believed either */
	ok(aq_h5_open(&file, path, "aquatint-test"));
	bad(aq_h5_rows(file, "/x", shape, 1 * BAND, 1, back), AQ_EDATA, "the chunk of row 8 is missing");
	bad(aq_h5_rows(file, "/x", shape, 3 * BAND, 1, back), AQ_EDATA, "the chunk of row 8 is missing");
	aq_h5_close(file);
}

static void test_too_short(void **state)
{
	(void)state;
	struct stored chunks[ROWS / BAND];
	sound_chunks(chunks);
	chunks[2] = pack(2, BAND * WIDTH - 1);
	write_chunks(chunks);
	band_2_damaged("does not unpack to what it should");
	chunks[2] = pack(2, 1);
	write_chunks(chunks);
	band_2_damaged("does not unpack to what it should");
}

static void test_damaged_stream(void **state)
{
	(void)state;
	struct stored chunks[ROWS / BAND];
	for (int i = 0; i < 5; i++) {
		sound_chunks(chunks);
		packed[2][(chunks[2].size - 1) * (size_t)i / 4] ^= 4;
		write_chunks(chunks);
		band_2_damaged("does not unpack to what it should");
	}
	sound_chunks(chunks);
	chunks[2].size += 3; /* something behind its end */
	write_chunks(chunks);
	band_2_damaged("does not unpack to what it should");
}

static void test_other_filters(void **state)
{
	(void)state;
	struct stored chunks[ROWS / BAND];
	for (uint32_t mask = 1; mask < 8; mask++) {
		sound_chunks(chunks);
		chunks[2].mask = mask;
		write_chunks(chunks);
		/* not deflated, as it says, it would have another size */
		band_2_damaged(mask == 2 ? "does not unpack to what it should"
					 : "says that it was not packed as it should be");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sound),	       cmocka_unit_test(test_missing),
		cmocka_unit_test(test_too_short),      cmocka_unit_test(test_damaged_stream),
		cmocka_unit_test(test_other_filters),
	};
	return cmocka_run_group_tests(tests, setup, NULL);
}
