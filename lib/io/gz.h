/* SPDX-License-Identifier: MIT
 *
 * gz.h - zlib: streams of bytes, packed or not, and checksums
 */
#ifndef AQ_IO_GZ_H
#define AQ_IO_GZ_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* CRC-32 of more bytes, starting from 0 (zlib's); and of two parts joined. */
uint32_t aq_crc(uint32_t crc, const void *bytes, size_t length);
uint32_t aq_crc_join(uint32_t first, uint32_t second, uint64_t second_length);

/* Adler-32 of more bytes, starting from 1. */
uint32_t aq_adler(uint32_t adler, const void *bytes, size_t length);

/* A file read in order, unpacked on the way if it is gzip (told by its content). */
struct aq_gz;

int aq_gz_open(struct aq_gz **gz, const char *path) AQ_CHECKED;
void aq_gz_close(struct aq_gz *gz);

/* Exactly `length` bytes; fewer are AQ_EDATA ("PATH ends after N bytes"), a broken stream too. */
int aq_gz_read(struct aq_gz *gz, void *bytes, size_t length) AQ_CHECKED;

/* Up to `length` bytes; *got is less only at the end. */
int aq_gz_read_some(struct aq_gz *gz, void *bytes, size_t length, size_t *got) AQ_CHECKED;

int aq_gz_skip(struct aq_gz *gz, uint64_t length) AQ_CHECKED;

/* Bytes handed out so far, for messages. */
uint64_t aq_gz_tell(const struct aq_gz *gz);
const char *aq_gz_path(const struct aq_gz *gz);

#endif
