/* SPDX-License-Identifier: MIT
 *
 * inject.h - faults that are put into a program from outside
 *
 * inject.c catches what a program does to files, inject_memory.c what it asks of the allocator; both count the
 * calls, and one of them goes wrong; of locks, all.  Preloaded, they take the plan from the file named in AQ_INJECT; a
 * program that links inject.c sets inject_plan itself.
 */
#ifndef AQ_TESTS_INJECT_H
#define AQ_TESTS_INJECT_H

enum inject_what { INJECT_FILES, INJECT_MEMORY, INJECT_LOCKS };

enum inject_way {
	KILL_AFTER,  /* the process ends by SIGKILL behind the call */
	KILL_WITHIN, /* and in the middle of it: half of a write is done, of other calls nothing */
	FAIL_ONCE,
	FAIL_ON,     /* this one and all that follow */
	SHORT,       /* half of a write is done; nothing is wrong with that */
	WAYS,
};

/* Who asked for memory. */
enum inject_whose { OURS, HDF5S, PNGS, ZLIBS, WHOSE };

/* Shared by the process and the one that watches it. */
struct inject_plan {
	long at, calls; /* the call that goes wrong, from 1, 0 for none; calls so far */
	long requests[WHOSE]; /* INJECT_MEMORY: calls of each */
	enum inject_what what;
	enum inject_way way;
	enum inject_whose whose; /* INJECT_MEMORY: one of these goes wrong */
	int error;
};

extern struct inject_plan *inject_plan;

#endif
