/* SPDX-License-Identifier: MIT
 *
 * gradcheck.h - gradients from backpropagation against central differences
 *
 *	(L(w + h) - L(w - h)) / 2h,   L the summed loss of a few examples
 *
 * for some elements of every parameter tensor and of the input, in double precision whatever the
 *program around it uses: the very code of the layers, built a second time.  The recipe is that of
 *the notes of cs231n (Stanford), "Gradient checks": relative error |a - n| / max(|a|, |n|);
 *elements at which a maximum or a relu changes its winner between w - h and w + h are skipped and
 *counted; the data loss with decay off, and decay alone; at the start and again after some steps of
 *training.
 */
#ifndef AQ_NN_GRADCHECK_H
#define AQ_NN_GRADCHECK_H

#include "nn/solver.h"

#include <stdbool.h>
#include <stdint.h>

struct aq_gradcheck_args {
	const char *net_text, *net_path;
	struct aq_solver_args solver; /* for the steps between, and for decay */
	uint64_t seed;
	int count;	 /* examples */
	const double *x; /* [count][c][y][x] */
	const int32_t *label;
	int samples; /* elements of a tensor, fewer where it is smaller */
	int steps;   /* taken before the second look */
};

enum { AQ_GRADCHECK_ROWS = 1024, AQ_GRADCHECK_NAME = 64 };

struct aq_gradcheck_row {
	char what[AQ_GRADCHECK_NAME]; /* "conv1/weight", "input" */
	const char *when;	      /* "start", "after steps", "decay" */
	int checked, kinks;	      /* elements compared; skipped for a change of winner */
	double worst;		      /* relative error */
	long long at;		      /* of that element, flat; -1 for none */
	double analytic, numeric;     /* its two gradients */
	bool passed;
};

/* Fill `rows`; AQ_EDIFFER when one did not pass.  Where it fails otherwise the story is copied into
 * `story`: the double build has a story of its own. */
int aq_gradcheck(const struct aq_gradcheck_args *args, struct aq_gradcheck_row *rows, int *count,
		 char *story, int story_size) AQ_CHECKED;

/* The same in double precision, in the programs (aq_gradcheck of the second build). */
int aq_gradcheck64(const struct aq_gradcheck_args *args, struct aq_gradcheck_row *rows, int *count,
		   char *story, int story_size) AQ_CHECKED;

#endif
