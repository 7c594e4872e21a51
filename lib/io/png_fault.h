/* SPDX-License-Identifier: MIT
 *
 * png_fault.h - libpng's errors, which become our story; for png*.c alone
 *
 * libpng reports by longjmp.  Each setjmp stands in a function of its own that changes no local
 * variable; what the work needs and what must be freed lives in a struct of its caller.
 */
#ifndef AQ_IO_PNG_FAULT_H
#define AQ_IO_PNG_FAULT_H

#include <setjmp.h>

struct png_struct_def; /* libpng's handle */

/* Where to go back to, and what libpng said. */
struct aq_png_fault {
	jmp_buf back;
	char why[120];
};

/* Callbacks for libpng; its error pointer must be a struct aq_png_fault. */
_Noreturn void aq_png_error(struct png_struct_def *png, const char *message);
void aq_png_warning(struct png_struct_def *png, const char *message);

#endif
