/* SPDX-License-Identifier: MIT
 *
 * opt.h - one kind of table describes every set of parameters
 *
 * The same table serves the command line of a program, the `key=value` words of a layer in a .net
 * file and the settings of a solver: it parses, checks ranges, prints --help, writes the options
 * into a file's history, and the lint of the man pages reads it.
 *
 *	struct args { double lr; int pad[4]; const char *net; };
 *	static const struct aq_opt opts[] = {
 *		AQ_NUMBER(struct args, lr, 0.01, 0, 10, "F", "learning rate"),
 *		AQ_WORD(struct args, net, "FILE", "the network"),
 *		AQ_END,
 *	};
 *
 * The type of the field chooses how its text is read, so a table cannot disagree with its struct.
 * A field `lr_schedule` is the option --lr-schedule.  A struct with a table must be a plain one;
 *its texts are borrowed from argv or from the text parsed and are never freed.
 */
#ifndef AQ_BASE_OPT_H
#define AQ_BASE_OPT_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The values of an option or operand that may be given several times. */
enum { AQ_MOST_TEXTS = 256 };
struct aq_texts {
	const char *at[AQ_MOST_TEXTS];
	int count;
};

enum aq_opt_type {
	AQ_T_INT = 1, /* int */
	AQ_T_LONG,    /* int64_t */
	AQ_T_REAL,    /* double */
	AQ_T_FLAG,    /* bool: present or not; in a .net file a bare word */
	AQ_T_TEXT,    /* const char *, NULL unless given */
	AQ_T_TEXTS,   /* struct aq_texts, repeatable */
	AQ_T_PAIR,    /* int[2]: `HxW`, or one number for both */
	AQ_T_SIDES,   /* int[4]: `top,bottom,left,right`, or one number for all */
	AQ_T_CHOICE,  /* int, index into `words` */
};

struct aq_opt {
	const char *name; /* the field's own name; NULL ends the table */
	char letter;	  /* for -o; 0 for none */
	bool operand;	  /* no name on the command line: taken by place */
	bool needed;	  /* its absence is an error */
	bool aside;	  /* does not change the result: left out of histories and options */
	enum aq_opt_type type;
	size_t offset;
	double def, min, max;	  /* numbers, and each member of a pair or of sides */
	const char *const *words; /* choices, ended by NULL; `def` is the index of the default */
	const char *value;	  /* what --help calls the value: F, N, FILE */
	const char *help;	  /* one line, no capital, no full stop */
};

// clang-format off
#define AQ_TYPE_OF(t, field) _Generic(&((t *)0)->field, \
	int *: AQ_T_INT, int64_t *: AQ_T_LONG, double *: AQ_T_REAL, bool *: AQ_T_FLAG, \
	const char **: AQ_T_TEXT, struct aq_texts *: AQ_T_TEXTS, \
	int (*)[2]: AQ_T_PAIR, int (*)[4]: AQ_T_SIDES)
#define AQ_ROW(t, field, ...) \
	{ .name = #field, .type = AQ_TYPE_OF(t, field), .offset = offsetof(t, field), __VA_ARGS__ }

/* Further members may follow the help text: `.letter = 'o', .needed = true`. */
#define AQ_NUMBER(t, field, default_, min_, max_, value_, ...) \
	AQ_ROW(t, field, .def = default_, .min = min_, .max = max_, .value = value_, .help = __VA_ARGS__)
#define AQ_SWITCH(t, field, ...)       AQ_ROW(t, field, .help = __VA_ARGS__)
#define AQ_WORD(t, field, value_, ...) AQ_ROW(t, field, .value = value_, .help = __VA_ARGS__)
#define AQ_OPERAND(t, field, value_, ...) \
	AQ_ROW(t, field, .operand = true, .needed = true, .value = value_, .help = __VA_ARGS__)
#define AQ_CHOICE(t, field, default_, words_, ...) \
	{ .name = #field, .type = AQ_T_CHOICE, .offset = offsetof(t, field) + \
	  0 * sizeof(_Generic(&((t *)0)->field, int *: 0)), .def = default_, .words = words_, \
	  .value = "WORD", .help = __VA_ARGS__ }
#define AQ_END { .name = NULL }
// clang-format on

/* Fill every field of `args` with its default. */
void aq_opt_defaults(const struct aq_opt *opts, void *args);

/* The row named `name` ('-' and '_' are the same), or NULL. */
const struct aq_opt *aq_opt_find(const struct aq_opt *opts, const char *name);

/* Read one value from text; AQ_EUSAGE with the story told on a bad number, range or word.  A flag
 * takes NULL for true. */
int aq_opt_read(const struct aq_opt *opt, void *args, const char *text) AQ_CHECKED;

/* Find and read; an unknown name is AQ_EUSAGE and the story names the nearest one. */
int aq_opt_set(const struct aq_opt *opts, void *args, const char *name,
	       const char *text) AQ_CHECKED;

/* Is the value another than the default?  An unset text counts as default. */
bool aq_opt_given(const struct aq_opt *opt, const void *args);

/* Add the value as aq_opt_read() would read it; numbers keep their exact value. */
void aq_opt_print(const struct aq_opt *opt, const void *args, struct aq_str *to);

/* Add ` name=value` for every row that was given and is not aside: the canonical text of a set. */
void aq_opt_print_all(const struct aq_opt *opts, const void *args, struct aq_str *to);

/* Shortest decimal text that reads back as the same double. */
void aq_print_real(double value, struct aq_str *to);

#endif
