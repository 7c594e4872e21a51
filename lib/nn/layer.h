/* SPDX-License-Identifier: MIT
 *
 * layer.h - what a layer is
 *
 * A layer family is one file: a struct of its arguments with a table, and an aq_layer_type.  To add
 * one, write the file and add its line to registry.c; the gradient test finds it by itself.
 *
 *	plan      may fail: check the input shapes, set output shape, parameters, needs
 *	pack      cannot fail: weights into the order its kernels like, once a step, shared; in pieces
 *	forward   cannot fail: read in, write out
 *	backward  cannot fail: read dout, write din, add to the gradients
 *
 * Layers work on a *block* of n examples.  A map is [c][y][x][n], the example fastest: every number
 * of one example is computed in a lane of its own, so its value does not depend on n or on its
 * neighbours.
 */
#ifndef AQ_NN_LAYER_H
#define AQ_NN_LAYER_H

#include "base/arena.h"
#include "base/opt.h"
#include "num/real.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { AQ_MOST_INPUTS = 8, AQ_MOST_PARAMS = 2 };

/* Channels, rows, columns of one example's map. */
struct aq_shape {
	int c, y, x;
};

static inline size_t aq_shape_count(struct aq_shape s)
{
	return (size_t)s.c * (size_t)s.y * (size_t)s.x;
}

/* How a parameter tensor begins: a constant, or normal numbers of a deviation. */
struct aq_init {
	bool is_normal;
	double value; /* the constant, or the standard deviation */
};

/* One parameter tensor. */
struct aq_param {
	const char *name;      /* "weight", "bias" */
	int rank, dim[4];      /* weight: out,in,y,x (dense: out,in); bias: out */
	size_t count;          /* elements */
	size_t offset;         /* of its first element in the flat arrays of the network */
	double lr, decay;      /* factors on the learning rate and on l1 and l2 */
	struct aq_init init;
};

struct aq_dense;

struct aq_layer {
	const struct aq_layer_type *type;
	const char *name;      /* "conv1", or its label */
	int index, line;       /* place in the network; line of the .net file, from 1 */
	void *args;            /* the type's own arguments */
	void *own;             /* what its plan made */

	int n_inputs, input[AQ_MOST_INPUTS];    /* the layers it reads */
	struct aq_shape in[AQ_MOST_INPUTS], out;

	int n_params;
	struct aq_param param[AQ_MOST_PARAMS];
	const struct aq_dense *dense;           /* outputs see every input (num/dense.h); else NULL */
	int packs;             /* pieces that pack is asked for, by any thread; 0: nothing to pack */
	size_t packed;         /* elements that it writes */
	size_t scratch;        /* elements an example, kept from forward to backward */
	size_t scratch_fixed;  /* elements a block, on top */
};

/* What is the same for all blocks of a batch. */
struct aq_pass {
	bool training;         /* dropout drops */
	uint64_t seed, step;   /* with the example and the element they name every random number */
};

/* What a layer sees of a block. */
struct aq_block {
	const struct aq_pass *pass;
	int n;                 /* examples */
	int first;             /* number of the first one within the batch */
	const aq_real *in[AQ_MOST_INPUTS];
	aq_real *out;
	const aq_real *dout;
	aq_real *din[AQ_MOST_INPUTS]; /* NULL where nobody wants it */
	const aq_real *weights;       /* all parameters of the network, flat */
	const aq_real *packed;        /* what pack wrote */
	aq_real *grads;               /* flat like the weights; added to; NULL: not wanted */
	aq_real *scratch;             /* AQ_ALIGNed, n * scratch + scratch_fixed elements */
};

/* Operations of one example's forward pass, multiply and add, taps on padding too; 0 where numbers are
 * only moved.  As many again for the gradient of the weights, and for that of the input. */
static inline double aq_layer_flop(const struct aq_layer *layer)
{
	return layer->n_params ? 2.0 * (double)layer->param[0].count * layer->out.y * layer->out.x : 0;
}

struct aq_layer_type {
	const char *name, *brief;      /* the word in a .net file; one line */
	const struct aq_opt *opts;     /* NULL if it takes no arguments */
	size_t size;                   /* of its arguments */
	int fewest_inputs, most_inputs;
	bool in_place;                 /* out may be in[0], and din[0] dout: the same memory */
	bool reads_out;                /* backward wants `out` as forward wrote it */
	/* Extra memory comes from `mem`.  Failures are AQ_EDATA; the caller adds file and line. */
	int (*plan)(struct aq_layer *layer, struct aq_arena *mem);
	void (*pack)(const struct aq_layer *layer, int piece, const aq_real *weights,
		     aq_real *packed);
	void (*forward)(const struct aq_layer *layer, const struct aq_block *block);
	void (*backward)(const struct aq_layer *layer, const struct aq_block *block);
	/* After forward: a number that changes when another input wins anywhere; NULL where the
	 * layer is smooth. */
	uint64_t (*winners)(const struct aq_layer *layer, const struct aq_block *block);
};

/* Mix one more fact into such a number. */
static inline uint64_t aq_winners_mix(uint64_t winners, uint64_t fact)
{
	winners = (winners ^ fact) * 0xBF58476D1CE4E5B9ull;
	return winners ^ winners >> 29;
}

/* Every layer family, ended by NULL (registry.c). */
extern const struct aq_layer_type *const aq_layer_types[];

#endif
