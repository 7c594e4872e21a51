#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Programs of different builds (compilers, levels of optimisation) write the same bytes.
#
#	bits.sh BUILD...     BUILD/bin holds the programs
set -eu
top=$PWD
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
. "$top/tests/lib.sh"
first=
for build in "$@"; do
	PATH=$top/$build/bin:$PATH
	tiny
	for solver in momentum adam adadelta; do
		aquatint-train --quiet --solver $solver --batch 7 --steps 20 --augment flip,shift=2 --l2 1e-3 \
			--lr-schedule cosine tiny.net tiny.data.h5 -o $solver.run.h5
	done
	aquatint-train --quiet --solver adadelta --batch 4 --steps 10 --l2 1e-4 \
		"$top/pipelines/nets/convnetjs-cifar.net" tiny.data.h5 -o convnetjs.run.h5
	cksum tiny.data.h5 ./*.run.h5 > now
	[ -n "$first" ] || cp now expected
	first=${first:-$build}
	cmp expected now || { echo "$build writes other bytes than $first" >&2; exit 1; }
	echo "$build: the same bytes"
done
