/* SPDX-License-Identifier: MIT
 *
 * cifar.h - the binary records of CIFAR-10 and CIFAR-100: a label or two, then 3x32x32 bytes
 *
 * Layout after A. Krizhevsky, "The CIFAR-10 dataset", section "Binary version": no header at all,
 * so a file is recognised by the size of its records and by labels in range where labels must
 * stand.
 */
#ifndef AQ_IO_CIFAR_H
#define AQ_IO_CIFAR_H

#include "base/err.h"

#include <stdint.h>
#include <stddef.h>

enum { AQ_CIFAR_PIXELS = 3 * 32 * 32, AQ_CIFAR_RECORD_MOST = AQ_CIFAR_PIXELS + 2 };
enum { AQ_CIFAR_WINDOW = 20 * AQ_CIFAR_RECORD_MOST }; /* bytes that suffice to recognise a file */

struct aq_cifar {
	int classes;  /* 10 or 100 */
	int labels;   /* bytes before the pixels: the label, or the coarse and the fine one */
	size_t record; /* bytes */
};

/* What the first bytes of a file are; NULL if no CIFAR.  `size` is the whole file's, or UINT64_MAX
 * when unknown.  One wrong label in four is forgiven here, so that it can be reported by its
 * place. */
const struct aq_cifar *aq_cifar_is(const uint8_t *bytes, size_t length, uint64_t size);

/* The label of a record (the fine one); AQ_EDATA where it is out of range. */
int aq_cifar_label(const struct aq_cifar *cifar, const uint8_t *record, const char *where,
		   uint64_t index, int *label) AQ_CHECKED;

#endif
