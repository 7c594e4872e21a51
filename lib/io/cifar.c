/* SPDX-License-Identifier: MIT
 *
 * cifar.c - the binary records of CIFAR-10 and CIFAR-100
 */
#include "io/cifar.h"

#include <stdbool.h>

static const struct aq_cifar kinds[] = {
	{ .classes = 10, .labels = 1, .record = AQ_CIFAR_PIXELS + 1 },
	{ .classes = 100, .labels = 2, .record = AQ_CIFAR_PIXELS + 2 },
};

enum { COARSE = 20 };

static bool labels_hold(const struct aq_cifar *kind, const uint8_t *record)
{
	return kind->labels == 1 ? record[0] < kind->classes :
				   record[0] < COARSE && record[1] < kind->classes;
}

/* Do labels stand where this kind has them, in the records seen? */
static bool fits(const struct aq_cifar *kind, const uint8_t *bytes, size_t length, size_t least)
{
	const size_t seen = length / kind->record;
	size_t good = 0;
	for (size_t r = 0; r < seen; r++)
		good += labels_hold(kind, bytes + r * kind->record);
	return seen >= least && 4 * good >= 3 * seen;
}

const struct aq_cifar *aq_cifar_is(const uint8_t *bytes, size_t length, uint64_t size)
{
	enum { ENOUGH = 4 }; /* records that convince where the size does not */
	const size_t count = sizeof kinds / sizeof kinds[0];
	/* black pixels may pass for labels: a size that is right counts first */
	for (size_t k = 0; k < count && size != UINT64_MAX; k++)
		if (size % kinds[k].record == 0 && fits(&kinds[k], bytes, length, 1))
			return &kinds[k];
	for (size_t k = 0; k < count; k++)
		if (fits(&kinds[k], bytes, length, ENOUGH))
			return &kinds[k];
	return NULL;
}

int aq_cifar_label(const struct aq_cifar *cifar, const uint8_t *record, const char *where,
		   uint64_t index, int *label)
{
	*label = record[cifar->labels - 1];
	if (labels_hold(cifar, record))
		return AQ_OK;
	if (cifar->labels == 2 && record[0] >= COARSE)
		return aq_fail(AQ_EDATA,
			       "%s: picture %llu has the coarse label %d, outside 0 .. %d; the "
			       "file is damaged",
			       where, (unsigned long long)index, record[0], COARSE - 1);
	return aq_fail(AQ_EDATA,
		       "%s: picture %llu has the label %d, outside 0 .. %d; the file is damaged",
		       where, (unsigned long long)index, *label, cifar->classes - 1);
}
