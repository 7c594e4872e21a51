/* SPDX-License-Identifier: MIT
 *
 * err.h - how every fallible function of the library fails
 *
 * A function that can fail returns 0, or a negative aq_code after telling what went wrong with
 * aq_fail().  Callers pass the code up unchanged and may add what they were doing with aq_while();
 * the command prints the story once, outermost line first, and exits with the code's number:
 *
 *	aquatint-train: cannot start training
 *	  while reading /train/images of digits.data.h5
 *	  the data set is 3-D, a batch of images is 4-D; make the file anew with aquatint-prep
 *
 * The story is kept per thread, so that workers never mix their messages.
 */
#ifndef AQ_BASE_ERR_H
#define AQ_BASE_ERR_H

/* A code is a negated exit status (sysexits): a scheduler branches on it, people read the story. */
enum aq_code {
	AQ_OK = 0,
	AQ_EDIFFER = -1,    /* compared, and not equal */
	AQ_EUSAGE = -64,    /* the command line asks for something impossible */
	AQ_EDATA = -65,	    /* the contents of an input are bad */
	AQ_ENOINPUT = -66,  /* an input is not there or may not be read */
	AQ_EBUG = -70,	    /* our own mistake */
	AQ_ENOMEM = -71,    /* out of memory; only planning can meet it */
	AQ_ECREATE = -73,   /* an output cannot be created */
	AQ_EIO = -74,	    /* the system failed while reading or writing */
	AQ_ESTOPPED = -75,  /* stopped by a signal with everything saved: resume */
	AQ_EDIVERGED = -76, /* the training left the finite numbers */
};

#define AQ_CHECKED __attribute__((warn_unused_result))
#define AQ_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* Start a new story; returns `code` so that one can write `return aq_fail(...)`. */
int aq_fail(enum aq_code code, const char *fmt, ...) AQ_PRINTF(2, 3);

/* Add a line of context before the story being told; returns `code` unchanged. */
int aq_while(int code, const char *fmt, ...) AQ_PRINTF(2, 3);

/* The story so far, outermost line first, lines parted by "\n  "; "" if nothing failed. */
const char *aq_story(void);

/* Leave the function through `done:` as soon as one step fails; wants an `int rc`. */
#define AQ_TRY(expr)                   \
	do {                           \
		if ((rc = (expr)) < 0) \
			goto done;     \
	} while (0)

#endif
