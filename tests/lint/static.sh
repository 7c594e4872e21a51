#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Static analysis with what is installed; what is not is said.
set -eu
bad=0
if command -v cppcheck > /dev/null; then
	# invalidPointerCast: winners of a maximum stand in scratch memory of numbers of the same size.
	# uninitvar: arrays that a loop fills.  arrayIndexThenCheck: tables end with a null row that may be looked at.
	cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,portability --inline-suppr \
		--suppress=missingIncludeSystem --suppress=invalidPointerCast --suppress=arrayIndexThenCheck --suppress=uninitvar \
		-j "$(nproc)" -Ilib -DAQ_ISA=plain '-DAQ_VERSION="0"' lib cmd || bad=1
else
	echo "NOT CHECKED: there is no cppcheck"
fi
exit $bad
