#!/bin/sh
# SPDX-License-Identifier: MIT
#
# submit.sh - a whole line on a cluster: pictures, trainings side by side, then their curves in one plot
#
#	cd pipelines
#	./submit.sh solvers.list SOURCE [FOLDER]
#
# The list is for array.sbatch, SOURCE for aquatint-prep.  Each step waits for the one before it to succeed.
set -eu
list=$1 source=$2 folder=${3:-.}
here=$(dirname "$0")
mkdir -p "$folder"
names=$(sed -n '/^[[:space:]]*\(#\|$\)/!s/^[[:space:]]*\([^[:space:]]*\).*/\1/p' "$list")
# shellcheck disable=SC2086  # a name a word
runs=$(printf "'$folder/%s.run.h5' " $names)
count=$(echo "$names" | wc -l)

after() { echo "--dependency=afterok:$1 --kill-on-invalid-dep=yes"; }
prep=$(sbatch --parsable --job-name=prep --wrap "exec aquatint-prep '$source' -o '$folder/data.h5'")
# shellcheck disable=SC2046
train=$(sbatch --parsable $(after "$prep") --array="1-$count" "$here/array.sbatch" "$list" "$folder/data.h5" "$folder")
# shellcheck disable=SC2046
curves=$(sbatch --parsable $(after "$train") --job-name=curves \
	--wrap "exec aquatint-render curves $runs -o '$folder/curves.png'")
echo "prep $prep, $count trainings $train, curves $curves"
