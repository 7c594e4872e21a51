#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Static analysis with what is installed; what is not is said.
set -eu
bad=0
jobs=$(nproc)
if command -v cppcheck > /dev/null; then
	# invalidPointerCast: winners of a maximum stand in scratch memory of numbers of the same size.
	# uninitvar: arrays that a loop fills.  arrayIndexThenCheck: tables end with a null row that may be looked at.
	cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,portability --inline-suppr \
		--suppress=missingIncludeSystem --suppress=invalidPointerCast --suppress=arrayIndexThenCheck --suppress=uninitvar \
		-j "$jobs" -Ilib -DAQ_ISA=plain '-DAQ_VERSION="0"' lib cmd || bad=1
else
	echo "NOT CHECKED by cppcheck: it is not installed"
fi
if command -v clang-tidy > /dev/null; then
	# shellcheck disable=SC2016  # expanded where the files are known
	printf '%s\0' lib/*/*.c cmd/*.c | xargs -0 -P "$jobs" -n 8 sh -c 'said=$(clang-tidy --quiet "$@" -- -std=c17 \
		-D_GNU_SOURCE "-DAQ_VERSION=\"0\"" -DAQ_ISA=plain -iquote lib $(pkg-config --cflags hdf5 libpng zlib) \
		2>&1) || { echo "$said"; exit 1; }' sh || bad=1
else
	echo "NOT CHECKED by clang-tidy: it is not installed"
fi
exit $bad
