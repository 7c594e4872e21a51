/* SPDX-License-Identifier: MIT
 *
 * netfile.c - the text of a network
 *
 *	input 3x32x32
 *	conv  channels=16 size=5 pad=2  -> stem     # a name for its output
 *	relu
 *	conv  channels=16 size=5 pad=2
 *	add   stem                                  # reads the line above and stem
 *	dense units=10
 *	loss  softmax
 *
 * One layer a line: the word of its family, then, in any order, `key=value`, switches, and names of
 * layers to read instead of the line above.  A layer that needs more inputs than are named reads
 * the line above first.
 */
#include "nn/build.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct reader {
	struct aq_net *net;
	const char *path;
	char *rest;            /* of the text: cut into words in place */
	const char *line;      /* where the present line begins */
	int number;            /* of the line, from 1 */
	const struct aq_loss *loss;
};

/* A word and its column, from 1. */
struct word {
	char *text;
	int column;
};

enum { MOST_WORDS = 64 };

struct words {
	struct word at[MOST_WORDS];
	int count;
};

/* Failures of a line have the form that editors jump to: path:line:column: message. */
static int __attribute__((format(printf, 3, 4)))
bad(const struct reader *r, int column, const char *fmt, ...)
{
	char text[1024];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	return aq_fail(AQ_EDATA, "%s:%d:%d: %s", r->path, r->number, column, text);
}

/* The same around a story told below; no memory stays no memory. */
static int told(const struct reader *r, int column, int code)
{
	if (code == AQ_ENOMEM)
		return code;
	char story[1024];
	snprintf(story, sizeof story, "%s", aq_story());
	return bad(r, column, "%s", story);
}

/* Cut the next line into words; false at the end of the text. */
static bool next_line(struct reader *r, struct words *words, int *rc)
{
	words->count = 0;
	if (!*r->rest)
		return false;
	r->number++;
	r->line = r->rest;
	char *end = strchr(r->rest, '\n');
	char *at = r->rest;
	r->rest = end ? end + 1 : r->rest + strlen(r->rest);
	if (end)
		*end = '\0';
	at[strcspn(at, "#")] = '\0';
	while (at += strspn(at, " \t\r\v\f"), *at) {
		if (words->count == MOST_WORDS) {
			*rc = bad(r, (int)(at - r->line) + 1, "more than %d words", MOST_WORDS);
			return true;
		}
		words->at[words->count++] = (struct word){ at, (int)(at - r->line) + 1 };
		at += strcspn(at, " \t\r\v\f");
		if (*at)
			*at++ = '\0';
	}
	return true;
}

static const struct aq_layer_type *find_type(const char *name)
{
	for (int i = 0; aq_layer_types[i]; i++)
		if (strcmp(aq_layer_types[i]->name, name) == 0)
			return aq_layer_types[i];
	return NULL;
}

static int unknown_type(const struct reader *r, const struct word *word)
{
	enum { MOST = 64 };
	const char *names[MOST + 2] = { "loss" };
	for (int i = 0; aq_layer_types[i] && i < MOST; i++)
		names[i + 1] = aq_layer_types[i]->name;
	const char *near = aq_near(word->text, names);
	if (near)
		return bad(r, word->column, "unknown layer '%s'; did you mean '%s'?", word->text,
			   near);
	struct aq_str all = { 0 };
	for (int i = 0; names[i]; i++)
		aq_str_add(&all, "%s%s", i ? ", " : "", names[i]);
	const int rc = bad(r, word->column, "unknown layer '%s'; there are %s", word->text,
			   aq_str_text(&all));
	aq_str_free(&all);
	return rc;
}

static int find_layer(const struct reader *r, const struct word *word, int *index)
{
	const struct aq_layer *layer = aq_net_find(r->net, word->text);
	if (layer) {
		*index = layer->index;
		return AQ_OK;
	}
	const char *names[AQ_MOST_LAYERS + 1] = { NULL };
	for (int l = 0; l < r->net->layers; l++)
		names[l] = r->net->layer[l].name;
	const char *near = aq_near(word->text, names);
	return near ? bad(r, word->column, "no layer above is called '%s'; did you mean '%s'?",
			  word->text, near) :
		      bad(r, word->column, "no layer above is called '%s'; label one with -> %s",
			  word->text, word->text);
}

static bool is_name(const char *text)
{
	const size_t length = strlen(text);
	if (length > AQ_LONGEST_NAME || !isalpha((unsigned char)text[0]))
		return false;
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)text[i]) && !strchr("_-", text[i]))
			return false;
	return true;
}

static const struct aq_opt *operand_of(const struct aq_layer_type *type, int which)
{
	for (const struct aq_opt *opt = type->opts; opt && opt->name; opt++)
		if (opt->operand && which-- == 0)
			return opt;
	return NULL;
}

static int read_value(const struct reader *r, const struct word *word, struct aq_layer *layer)
{
	char *equals = strchr(word->text, '=');
	*equals = '\0';
	const struct aq_opt *opts = layer->type->opts;
	const struct aq_opt *opt = opts ? aq_opt_find(opts, word->text) : NULL;
	if (!opts)
		return bad(r, word->column, "%s takes no settings, got '%s='", layer->type->name,
			   word->text);
	const int behind = opt ? (int)(equals - word->text) + 1 : 0;
	const int rc = aq_opt_set(opts, layer->args, word->text, equals + 1);
	return rc < 0 ? told(r, word->column + behind, rc) : AQ_OK;
}

/* A word without '=' is an operand, else a switch, else the name of a layer to read. */
static int read_bare(const struct reader *r, const struct word *word, struct aq_layer *layer,
		     int *operands)
{
	const struct aq_opt *opts = layer->type->opts;
	const struct aq_opt *operand = operand_of(layer->type, *operands);
	const struct aq_opt *opt = opts ? aq_opt_find(opts, word->text) : NULL;
	int rc = AQ_OK;
	if (operand) {
		++*operands;
		rc = aq_opt_read(operand, layer->args, word->text);
		return rc < 0 ? told(r, word->column, rc) : AQ_OK;
	}
	if (opt && opt->type == AQ_T_FLAG) {
		rc = aq_opt_read(opt, layer->args, NULL);
		return rc < 0 ? told(r, word->column, rc) : AQ_OK;
	}
	if (opt)
		return bad(r, word->column, "'%s' needs a value: %s=%s", word->text, word->text,
			   opt->value ? opt->value : "N");
	if (layer->n_inputs == layer->type->most_inputs)
		return bad(r, word->column, "%s reads %d layer%s at most", layer->type->name,
			   layer->type->most_inputs, layer->type->most_inputs == 1 ? "" : "s");
	return find_layer(r, word, &layer->input[layer->n_inputs++]);
}

static int read_label(const struct reader *r, const struct words *words, int *at, char **label)
{
	struct word word = words->at[*at];
	word.text += 2;
	word.column += 2;
	if (!*word.text) {
		if (*at + 1 == words->count)
			return bad(r, word.column, "a name is missing behind '->'");
		word = words->at[++*at];
	}
	if (*at + 1 != words->count)
		return bad(r, words->at[*at + 1].column, "nothing may follow '-> %s'", word.text);
	if (!is_name(word.text))
		return bad(r, word.column,
			   "'%s' is no name: a letter, then at most %d letters, digits, '_' or '-'",
			   word.text, AQ_LONGEST_NAME - 1);
	const struct aq_layer *other = aq_net_find(r->net, word.text);
	if (other)
		return bad(r, word.column, "line %d is called '%s' already", other->line,
			   word.text);
	*label = word.text;
	return AQ_OK;
}

/* The layer's own name: its label, or its family and how many there are of it so far. */
static int give_name(struct reader *r, struct aq_layer *layer, const char *label)
{
	char name[AQ_LONGEST_NAME + 16];
	int count = 1;
	for (int l = 0; l < r->net->layers; l++)
		count += r->net->layer[l].type == layer->type;
	if (label)
		snprintf(name, sizeof name, "%s", label);
	else if (r->net->layers == 0)
		snprintf(name, sizeof name, "%s", layer->type->name);
	else
		snprintf(name, sizeof name, "%s%d", layer->type->name, count);
	const struct aq_layer *other = aq_net_find(r->net, name);
	if (other)
		return bad(r, 1,
			   "this layer would be called '%s' as line %d is; label it with -> NAME",
			   name, other->line);
	layer->name = aq_arena_text(r->net->mem, name, strlen(name));
	return layer->name ? AQ_OK : AQ_ENOMEM;
}

/* Without enough names the line above is read, first. */
static int complete_inputs(const struct reader *r, struct aq_layer *layer, int column)
{
	const struct aq_layer_type *type = layer->type;
	if (layer->n_inputs < type->fewest_inputs) {
		memmove(layer->input + 1, layer->input,
			(AQ_MOST_INPUTS - 1) * sizeof layer->input[0]);
		layer->input[0] = r->net->layers - 1;
		layer->n_inputs++;
	}
	if (layer->n_inputs < type->fewest_inputs)
		return bad(r, column, "%s reads %d layers: name %d of them, as in `%s stem`",
			   type->name, type->fewest_inputs, type->fewest_inputs - 1, type->name);
	return AQ_OK;
}

static int check_place(const struct reader *r, const struct aq_layer_type *type, int column)
{
	const bool is_input = type->most_inputs == 0;
	if (!is_input && r->net->layers == 0)
		return bad(r, column, "the first layer must be `input CHANNELSxHEIGHTxWIDTH`");
	if (is_input && r->net->layers > 0)
		return bad(r, column, "a network has one input, and it stands at line %d",
			   r->net->layer[0].line);
	if (r->loss)
		return bad(r, column, "nothing may follow the loss");
	if (r->net->layers == AQ_MOST_LAYERS)
		return bad(r, column, "more than %d layers", AQ_MOST_LAYERS);
	return AQ_OK;
}

static int check_needed(const struct reader *r, const struct aq_layer *layer, int column,
			int operands)
{
	const struct aq_opt *operand = operand_of(layer->type, operands);
	if (operand)
		return bad(r, column, "%s needs %s behind it", layer->type->name, operand->value);
	for (const struct aq_opt *opt = layer->type->opts; opt && opt->name; opt++)
		if (opt->needed && !opt->operand && !aq_opt_given(opt, layer->args))
			return bad(r, column, "%s needs %s=%s", layer->type->name, opt->name,
				   opt->value);
	return AQ_OK;
}

static int read_layer(struct reader *r, const struct words *words)
{
	struct aq_layer layer = { .line = r->number, .type = find_type(words->at[0].text) };
	const int column = words->at[0].column;
	char *label = NULL;
	int rc, operands = 0;
	if (!layer.type)
		return unknown_type(r, &words->at[0]);
	AQ_TRY(check_place(r, layer.type, column));
	layer.args = aq_arena_take(r->net->mem, 1, layer.type->size ? layer.type->size : 1);
	if (!layer.args)
		return AQ_ENOMEM;
	if (layer.type->opts)
		aq_opt_defaults(layer.type->opts, layer.args);
	for (int i = 1; i < words->count; i++) {
		const struct word *word = &words->at[i];
		if (strncmp(word->text, "->", 2) == 0)
			AQ_TRY(read_label(r, words, &i, &label));
		else if (strchr(word->text, '='))
			AQ_TRY(read_value(r, word, &layer));
		else
			AQ_TRY(read_bare(r, word, &layer, &operands));
	}
	AQ_TRY(check_needed(r, &layer, column, operands));
	AQ_TRY(complete_inputs(r, &layer, column));
	AQ_TRY(give_name(r, &layer, label));
	if ((rc = aq_net_append(r->net, &layer)) < 0)
		return told(r, column, rc);
done:
	return rc;
}

static int read_loss(struct reader *r, const struct words *words)
{
	if (r->loss)
		return bad(r, words->at[0].column, "a second loss");
	if (r->net->layers == 0)
		return bad(r, words->at[0].column,
			   "the first layer must be `input CHANNELSxHEIGHTxWIDTH`");
	enum { MOST = 64 };
	const char *names[MOST + 1] = { NULL };
	int n = 0;
	for (; aq_losses[n] && n < MOST; n++)
		names[n] = aq_losses[n]->name;
	if (words->count < 2)
		return bad(r, words->at[0].column, "which loss? as in `loss %s`", names[0]);
	for (int i = 0; i < n; i++)
		if (strcmp(names[i], words->at[1].text) == 0)
			r->loss = aq_losses[i];
	if (!r->loss) {
		const char *near = aq_near(words->at[1].text, names);
		return near ? bad(r, words->at[1].column, "unknown loss '%s'; did you mean '%s'?",
				  words->at[1].text, near) :
			      bad(r, words->at[1].column, "unknown loss '%s'; there is %s",
				  words->at[1].text, names[0]);
	}
	if (words->count > 2)
		return bad(r, words->at[2].column, "loss %s takes no settings, got '%s'",
			   r->loss->name, words->at[2].text);
	const int rc = aq_net_end(r->net, r->loss);
	return rc < 0 ? told(r, words->at[0].column, rc) : AQ_OK;
}

/* An output that nobody reads is a slip: a label forgotten, a line too many. */
static int check_use(struct reader *r)
{
	for (int i = 0; i < r->net->layers - 1; i++) {
		bool used = false;
		for (int l = i + 1; l < r->net->layers && !used; l++)
			for (int k = 0; k < r->net->layer[l].n_inputs; k++)
				used = used || r->net->layer[l].input[k] == i;
		r->number = r->net->layer[i].line;
		if (!used)
			return bad(r, 1, "nothing reads the output of %s", r->net->layer[i].name);
	}
	return AQ_OK;
}

int aq_net_parse(struct aq_net **out, const char *text, const char *path)
{
	*out = NULL;
	struct reader r = { .path = path };
	struct words words;
	int rc;
	AQ_TRY(aq_net_begin(&r.net, text));
	r.rest = aq_arena_text(r.net->mem, text, strlen(text));
	if (!r.rest) {
		rc = AQ_ENOMEM;
		goto done;
	}
	while (next_line(&r, &words, &rc)) {
		if (rc < 0)
			goto done;
		if (words.count == 0)
			continue;
		if (strcmp(words.at[0].text, "loss") == 0)
			AQ_TRY(read_loss(&r, &words));
		else
			AQ_TRY(read_layer(&r, &words));
	}
	if (r.net->layers == 0)
		AQ_TRY(aq_fail(AQ_EDATA, "%s: the file has no layers", path));
	if (!r.loss)
		AQ_TRY(aq_fail(AQ_EDATA, "%s:%d:1: no loss; end the file with `loss %s`", path,
			       r.number, aq_losses[0]->name));
	AQ_TRY(check_use(&r));
	*out = r.net;
done:
	if (rc < 0)
		aq_net_free(r.net);
	return rc;
}
