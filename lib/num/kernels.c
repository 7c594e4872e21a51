/* SPDX-License-Identifier: MIT
 *
 * kernels.c - the inner loops, once for each instruction set, chosen at run time
 */
#include "num/kernels.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define LIST(isa, name, arguments) .name = AQ_KERNEL_NAME(name, isa),
#define SET(isa)                                  \
	AQ_EACH_KERNEL(AQ_KERNEL_DECLARE, isa)    \
	static const struct aq_kernels set_##isa = { #isa, AQ_EACH_KERNEL(LIST, isa) }

SET(plain);

#if defined(__x86_64__) && !defined(AQ_DOUBLE)
SET(avx2);
SET(avx512);

static const struct aq_kernels *const all[] = { &set_avx512, &set_avx2, &set_plain };

static bool has(const struct aq_kernels *set)
{
	if (set == &set_avx512)
		return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
		       __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
		       __builtin_cpu_supports("pclmul");
	if (set == &set_avx2)
		return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
		       __builtin_cpu_supports("pclmul");
	return true;
}
#else
static const struct aq_kernels *const all[] = { &set_plain };

static bool has(const struct aq_kernels *set)
{
	return set != NULL;
}
#endif

const struct aq_kernels *aq_kernels_of(int i)
{
	for (size_t k = 0; k < sizeof all / sizeof *all; k++)
		if (has(all[k]) && i-- == 0)
			return all[k];
	return NULL;
}

static _Atomic(const struct aq_kernels *) in_use;

const struct aq_kernels *aq_kernels(void)
{
	const struct aq_kernels *set = atomic_load_explicit(&in_use, memory_order_acquire);
	if (set)
		return set;
	const char *wanted = getenv("AQUATINT_ISA");
	set = aq_kernels_of(0);
	for (int i = 0; wanted && aq_kernels_of(i); i++)
		if (strcmp(aq_kernels_of(i)->name, wanted) == 0)
			set = aq_kernels_of(i);
	atomic_store_explicit(&in_use, set, memory_order_release);
	return set;
}

void aq_kernels_use(const struct aq_kernels *kernels)
{
	atomic_store_explicit(&in_use, kernels, memory_order_release);
}
