# SPDX-License-Identifier: MIT
#
# The network is a program, or the data file, or has a NUL in it.
tiny
refuses_training 65 'sh.*(not a text file|unknown layer|1:1)' --steps 3 "$(command -v sh)" tiny.data.h5
refuses_training 65 'tiny.data.h5 is not a text file' --steps 3 tiny.data.h5 tiny.data.h5
{ cat tiny.net; printf '\0'; } > nul.net
refuses_training 65 'nul.net is not a text file' --steps 3 nul.net tiny.data.h5
