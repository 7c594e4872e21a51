/* SPDX-License-Identifier: MIT
 *
 * schedule.h - the learning rate of a step
 *
 *	constant                 lr
 *	steps:EVERY,FACTOR       lr * FACTOR^floor(step / EVERY)
 *	exponential:FACTOR       lr * FACTOR^epoch                      (epoch from 0)
 *	cosine[:FLOOR]           FLOOR + (lr - FLOOR) * (1 + cos(pi * step / steps)) / 2
 *	epochs:RxN,RxN,...       rate R for N epochs each, the last one for ever; lr is not used
 */
#ifndef AQ_NN_SCHEDULE_H
#define AQ_NN_SCHEDULE_H

#include "base/err.h"

#include <stdint.h>

enum aq_schedule_kind { AQ_CONSTANT, AQ_STEPS, AQ_EXPONENTIAL, AQ_COSINE, AQ_EPOCHS };

enum { AQ_MOST_RATES = 64 };

struct aq_schedule {
	enum aq_schedule_kind kind;
	double lr, factor;             /* factor or floor */
	int64_t every;
	int rates;
	double rate[AQ_MOST_RATES];
	int64_t length[AQ_MOST_RATES]; /* epochs */
};

/* Read `text` (NULL is constant); AQ_EUSAGE when it is bad. */
int aq_schedule_parse(struct aq_schedule *schedule, const char *text, double lr) AQ_CHECKED;

double aq_schedule_lr(const struct aq_schedule *schedule, int64_t step, int64_t steps,
		      int64_t epoch);

#endif
