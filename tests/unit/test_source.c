/* SPDX-License-Identifier: MIT
 *
 * test_source.c - sources give the right pictures with the right labels, in an order that depends
 * on nothing but names and contents
 */
#include "data/source.h"

#include "data/shapes.h"
#include "io/png.h"
#include "story.h"

#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a source gave: of each picture its split, label and first byte. */
struct catch {
	int split[64], label[64], first[64], count;
	int most; /* of each split */
	int of[AQ_SPLITS];
	struct aq_planes last;
};

static bool wants(void *self, enum aq_split split)
{
	const struct catch *catch = self;
	return catch->of[split] < catch->most;
}

static int take(void *self, enum aq_split split, int label, const struct aq_planes *picture)
{
	struct catch *catch = self;
	assert_true(catch->count < 64);
	catch->split[catch->count] = (int)split;
	catch->label[catch->count] = label;
	catch->first[catch->count++] = picture->at[0];
	catch->of[split]++;
	catch->last = *picture;
	return AQ_OK;
}

static const uint64_t wanted[AQ_SPLITS] = { 0 };

static struct aq_source *open_source(const char *name)
{
	struct aq_source *source;
	ok(aq_source_open(&source, &name, 1, 1, wanted));
	return source;
}

static struct catch read_all(struct aq_source *source, int most)
{
	struct catch catch = { .most = most };
	const struct aq_sink sink = { &catch, wants, take };
	ok(aq_source_read(source, &sink));
	return catch;
}

static void fresh(const char *folder)
{
	char command[256];
	snprintf(command, sizeof command, "rm -rf %s && mkdir -p %s", folder, folder);
	assert_int_equal(system(command), 0);
}

static void put(const char *folder, const char *name, const char *bytes, size_t length)
{
	char path[256];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	put_file(path, bytes, length);
}

#define PICTURES(n, a) "\0\0\10\3\0\0\0" n "\0\0\0\1\0\0\0\1" a
#define LABELS(n, a)   "\0\0\10\1\0\0\0" n a

static void idx_pairs_by_name(void **state)
{
	(void)state;
	fresh("source.idx");
	put("source.idx", "train-images-idx3-ubyte", PICTURES("\2", "ab"), 18);
	put("source.idx", "train-labels-idx1-ubyte", LABELS("\2", "\4\1"), 10);
	put("source.idx", "t10k-images-idx3-ubyte", PICTURES("\2", "yz"), 18);
	put("source.idx", "t10k-labels-idx1-ubyte", LABELS("\2", "\0\2"), 10);
	put("source.idx", "README", "hello", 5);
	struct aq_source *source = open_source("source.idx");
	assert_int_equal(aq_source_classes(source)->count, 5);
	assert_string_equal(aq_source_classes(source)->at[4], "4");
	assert_true(aq_source_has(source, "source.idx/../source.idx/t10k-images-idx3-ubyte"));
	assert_false(aq_source_has(source, "source.idx/README"));
	const struct catch got = read_all(source, 9);
	assert_int_equal(got.count, 4);
	assert_int_equal(got.split[0], AQ_TEST); /* t10k sorts first */
	assert_int_equal(got.first[0], 'y');
	assert_int_equal(got.label[1], 2);
	assert_int_equal(got.split[2], AQ_TRAIN);
	assert_int_equal(got.first[3], 'b');
	assert_int_equal(got.label[2], 4);
	aq_source_close(source);
}

static void idx_pairs_by_count(void **state)
{
	(void)state;
	fresh("source.count");
	put("source.count", "a", PICTURES("\2", "ab"), 18);
	put("source.count", "b", LABELS("\1", "\1"), 9);
	put("source.count", "c", PICTURES("\1", "c"), 17);
	put("source.count", "d", LABELS("\2", "\2\3"), 10);
	struct aq_source *source = open_source("source.count");
	const struct catch got = read_all(source, 9);
	assert_int_equal(got.count, 3);
	assert_int_equal(got.label[0], 2);
	assert_int_equal(got.label[1], 3);
	assert_int_equal(got.label[2], 1);
	aq_source_close(source);
}

static void idx_in_two_ways_is_refused(void **state)
{
	(void)state;
	const char *name = "source.unsure";
	struct aq_source *source;
	fresh("source.unsure");
	put("source.unsure", "a", PICTURES("\1", "a"), 17);
	put("source.unsure", "b", LABELS("\1", "\1"), 9);
	put("source.unsure", "c", LABELS("\1", "\2"), 9);
	bad(aq_source_open(&source, &name, 1, 1, wanted), AQ_EDATA, "belongs to it");
}

/* A class's picture number i is a plain 1x1 of value 10 * class + i. */
static void put_png(const char *folder, const char *name, int value)
{
	char path[256];
	uint8_t byte = (uint8_t)value;
	const struct aq_picture picture = { &byte, 1, 1, 1 };
	snprintf(path, sizeof path, "mkdir -p %s", folder);
	assert_int_equal(system(path), 0);
	snprintf(path, sizeof path, "%s/%s", folder, name);
	ok(aq_png_write(path, false, &picture, NULL, 0));
}

static void png_classes_take_turns(void **state)
{
	(void)state;
	fresh("source.png");
	put_png("source.png/test/dog", "1.png", 50);
	put_png("source.png/train/dog", "b.png", 21);
	put_png("source.png/train/cat", "2", 11); /* known by its content */
	put_png("source.png/train/cat", "1.png", 10);
	put_png("source.png/train/dog", "a.png", 20);
	put_png("source.png/train/cat", "3.png", 12);
	put_png("source.png/val/ant", "x.png", 90); /* of a class without training pictures */
	put("source.png/train/cat", ".hidden", "x", 1);
	struct aq_source *source = open_source("source.png");
	assert_int_equal(aq_source_classes(source)->count, 3);
	assert_string_equal(aq_source_classes(source)->at[0], "cat");
	assert_string_equal(aq_source_classes(source)->at[2], "ant");
	const struct catch got = read_all(source, 9);
	static const int first[] = { 10, 20, 11, 21, 12, 90, 50 },
			 label[] = { 0, 1, 0, 1, 0, 2, 1 };
	static const int split[] = { AQ_TRAIN, AQ_TRAIN, AQ_TRAIN, AQ_TRAIN,
				     AQ_TRAIN, AQ_VAL,	 AQ_TEST };
	assert_int_equal(got.count, 7);
	assert_memory_equal(got.first, first, sizeof first);
	assert_memory_equal(got.label, label, sizeof label);
	assert_memory_equal(got.split, split, sizeof split);
	aq_source_close(source);
}

static void png_without_splits_is_for_training(void **state)
{
	(void)state;
	fresh("source.flat");
	put_png("source.flat/cat", "1.png", 10);
	struct aq_source *source = open_source("source.flat");
	const struct catch got = read_all(source, 9);
	assert_int_equal(got.count, 1);
	assert_int_equal(got.split[0], AQ_TRAIN);
	assert_string_equal(aq_source_classes(source)->at[0], "cat");
	aq_source_close(source);
}

enum { RECORD = 3073 };

static void put_batch(const char *folder, const char *name, int first, int count)
{
	static char bytes[40 * RECORD];
	memset(bytes, 0, sizeof bytes);
	for (int i = 0; i < count; i++) {
		bytes[i * RECORD] = (char)((first + i) % 10);
		bytes[i * RECORD + 1] = (char)(first + i);
	}
	put(folder, name, bytes, (size_t)count * RECORD);
}

/* The same from a folder and from a tar of it, with names behind the pictures, packed. */
static void cifar_folder_and_tar(void **state)
{
	(void)state;
	static const char meta[] = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n";
	fresh("source.cifar/deep");
	put_batch("source.cifar/deep", "data_batch_1.bin", 0, 25);
	put_batch("source.cifar/deep", "data_batch_2.bin", 25, 1);
	put_batch("source.cifar/deep", "test_batch.bin", 30, 3);
	put("source.cifar/deep", "batches.meta.txt", meta, strlen(meta));
	put("source.cifar/deep", "readme.html", "<html>", 6);
	assert_int_equal(system("cd source.cifar && tar -czf ../source.tgz deep/readme.html "
				"deep/data_batch_1.bin deep/data_batch_2.bin deep/test_batch.bin "
				"deep/batches.meta.txt"), 0);
	struct aq_source *folder = open_source("source.cifar"), *tar = open_source("source.tgz");
	const struct catch got = read_all(folder, 99), same = read_all(tar, 99);
	assert_int_equal(got.count, 29);
	assert_memory_equal(got.first, same.first, sizeof got.first);
	assert_memory_equal(got.label, same.label, sizeof got.label);
	assert_memory_equal(got.split, same.split, sizeof got.split);
	assert_int_equal(got.of[AQ_TEST], 3);
	assert_int_equal(got.first[25], 25);
	assert_int_equal(got.label[28], 2);
	assert_int_equal(aq_source_digest(folder), aq_source_digest(tar));
	assert_string_equal(aq_source_classes(tar)->at[9], "j");
	aq_source_close(folder);
	aq_source_close(tar);
	tar = open_source("source.tgz");
	ok(aq_source_find_classes(tar)); /* before the pictures are read */
	assert_string_equal(aq_source_classes(tar)->at[1], "b");
	const struct catch few = read_all(tar, 2);
	assert_int_equal(few.count, 4);
	aq_source_close(tar);
}

static void shapes_until_there_are_enough(void **state)
{
	(void)state;
	struct aq_source *source = open_source("synth:shapes");
	assert_int_equal(aq_source_classes(source)->count, AQ_SHAPE_CLASSES);
	const struct catch got = read_all(source, 20);
	assert_int_equal(got.of[AQ_TRAIN], 20);
	assert_int_equal(got.of[AQ_TEST], 20);
	assert_int_equal(got.of[AQ_VAL], 0);
	assert_int_equal(got.last.channels, 3);
	assert_int_equal(got.last.width, AQ_SHAPE_SIDE);
	aq_source_close(source);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(idx_pairs_by_name),
		cmocka_unit_test(idx_pairs_by_count),
		cmocka_unit_test(idx_in_two_ways_is_refused),
		cmocka_unit_test(png_classes_take_turns),
		cmocka_unit_test(png_without_splits_is_for_training),
		cmocka_unit_test(cifar_folder_and_tar),
		cmocka_unit_test(shapes_until_there_are_enough),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
