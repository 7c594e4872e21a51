# SPDX-License-Identifier: MIT
#
# Operands or the output are missing, or there is one too many.
tiny
fails 64 'NET is missing' aquatint-train
fails 64 'DATA is missing' aquatint-train tiny.net -o x.run.h5
fails 64 'out is missing' aquatint-train tiny.net tiny.data.h5
fails 64 "one word too many: 'more'" aquatint-train tiny.net tiny.data.h5 more -o x.run.h5
fails 64 'unknown option --stpes; did you mean --steps' aquatint-train --stpes 3 tiny.net tiny.data.h5 -o x.run.h5
[ ! -e x.run.h5 ]
[ ! -e x.run.h5.part ]
