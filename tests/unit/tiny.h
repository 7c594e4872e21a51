/* SPDX-License-Identifier: MIT
 *
 * tiny.h - a training small enough to be run hundreds of times by a unit test
 *
 * 13 training pictures of 1x8x8 in three classes, 2 val and 5 test pictures; a network with every
 * kind of randomness; options as words, "solver=adam steps=60".
 */
#ifndef AQ_TESTS_TINY_H
#define AQ_TESTS_TINY_H

#include "base/opt.h"
#include "base/rng.h"
#include "data/dataset.h"
#include "io/file.h"
#include "run/session.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TINY_TRAIN = 13, TINY_VAL = 2, TINY_TEST = 5, TINY_SIDE = 8, TINY_CLASSES = 3 };

#define TINY_NET                                  \
	"input 1x8x8\n"                           \
	"conv channels=3 size=3 pad=1 bias=0.1\n" \
	"relu\n"                                  \
	"maxpool size=2 stride=2\n"               \
	"dropout rate=0.3\n"                      \
	"dense units=3\n"                         \
	"loss softmax\n"

/* Fail with the story where a function of ours failed. */
#define good(expr)                                             \
	do {                                                   \
		if ((expr) < 0)                                \
			fail_msg("%s: %s", #expr, aq_story()); \
	} while (0)

/* It must fail with `code` and say `text`. */
#define bad(expr, code, text)                                             \
	do {                                                              \
		assert_int_equal(expr, code);                             \
		if (!strstr(aq_story(), text))                            \
			fail_msg("'%s' is not in: %s", text, aq_story()); \
	} while (0)

/* An empty folder to work in, and into it. */
static inline void tiny_folder(const char *name)
{
	char command[256];
	snprintf(command, sizeof command, "rm -rf %s && mkdir %s", name, name);
	assert_int_equal(system(command), 0);
}

/* Is a file left over that was never published? */
static inline bool has_temporary(const char *folder)
{
	bool found = false;
	DIR *dir = opendir(folder);
	if (!dir)
		return false;
	for (struct dirent *entry; (entry = readdir(dir));)
		found |= strstr(entry->d_name, ".tmp") != NULL;
	closedir(dir);
	return found;
}

static inline void tiny_split(struct aq_h5 *file, const char *split, int count, uint64_t seed)
{
	enum { WIDTH = TINY_SIDE * TINY_SIDE };
	uint8_t images[TINY_TRAIN * WIDTH];
	int32_t labels[TINY_TRAIN];
	char name[32];
	for (int i = 0; i < count; i++) {
		labels[i] = i % TINY_CLASSES;
		for (int p = 0; p < WIDTH; p++) {
			/* a bright band of rows for each class, in noise */
			const bool band = p / TINY_SIDE / 3 == labels[i];
			images[i * WIDTH + p] = (uint8_t)((aq_rng_word(seed, AQ_STREAM_SYNTH, 0,
								       (uint32_t)i, (uint32_t)p) %
							   120) +
							  (band ? 120 : 0));
		}
	}
	snprintf(name, sizeof name, "/%s/images", split);
	good(aq_h5_put(file, name, AQ_SHAPE4(AQ_U8, (uint64_t)count, 1, TINY_SIDE, TINY_SIDE),
		       images));
	snprintf(name, sizeof name, "/%s/labels", split);
	good(aq_h5_put(file, name, AQ_SHAPE1(AQ_I32, (uint64_t)count), labels));
}

static inline void tiny_data(const char *path, uint64_t seed)
{
	static const char *const classes[] = {"top", "middle", "bottom"};
	const struct aq_prepare prepare = aq_prepare_plain(1, TINY_SIDE, TINY_SIDE, false);
	struct aq_h5 *file;
	good(aq_h5_create(&file, path, "aquatint-data", false));
	tiny_split(file, "train", TINY_TRAIN, seed);
	tiny_split(file, "val", TINY_VAL, seed + 1);
	tiny_split(file, "test", TINY_TEST, seed + 2);
	good(aq_h5_put_texts(file, "/classes", classes, TINY_CLASSES));
	good(aq_prepare_write(&prepare, file));
	good(aq_h5_publish(file));
}

/* Options and the texts they borrow. */
struct tiny {
	struct aq_train_args args;
	char words[1024];
};

static inline void tiny_words(struct tiny *tiny, const char *words)
{
	aq_opt_defaults(aq_train_opts(), &tiny->args);
	snprintf(tiny->words, sizeof tiny->words, "%s", words);
	char *rest = tiny->words;
	for (char *word; (word = strsep(&rest, " "));) {
		char *value = strchr(word, '=');
		if (value)
			*value++ = '\0';
		if (*word)
			good(aq_opt_set(aq_train_opts(), &tiny->args, word, value));
	}
}

/* FOLDER/tiny.net and FOLDER/tiny.data.h5. */
static inline void tiny_inputs(const char *folder)
{
	char path[256];
	tiny_folder(folder);
	snprintf(path, sizeof path, "%s/tiny.net", folder);
	good(aq_file_write(path, false, TINY_NET, strlen(TINY_NET)));
	snprintf(path, sizeof path, "%s/tiny.data.h5", folder);
	tiny_data(path, 1);
}

/* Train on the inputs of `folder` into `out`, with `words` and `more` as options. */
static inline int tiny_train(const char *folder, const char *out, const char *words,
			     const char *more, const struct aq_session_ear *ear)
{
	static const struct aq_session_ear deaf;
	char text[1024], net[256], data[256];
	struct tiny tiny;
	snprintf(text, sizeof text, "%s %s", words, more);
	tiny_words(&tiny, text);
	snprintf(net, sizeof net, "%s/tiny.net", folder);
	snprintf(data, sizeof data, "%s/tiny.data.h5", folder);
	tiny.args.net = net;
	tiny.args.data = data;
	tiny.args.out = out;
	return aq_session_train(&tiny.args, "aquatint-train", words, ear ? ear : &deaf);
}

static inline void tiny_same(const char *a, const char *b)
{
	char *left, *right;
	size_t left_length, right_length;
	good(aq_file_read(a, 1 << 26, &left, &left_length));
	good(aq_file_read(b, 1 << 26, &right, &right_length));
	assert_int_equal(left_length, right_length);
	assert_memory_equal(left, right, left_length);
	free(left);
	free(right);
}

#endif
