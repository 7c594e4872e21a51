# SPDX-License-Identifier: MIT
#
# The bytes of a run do not depend on the instruction set its kernels were compiled for.

tiny
for solver in momentum adam adadelta; do
	for isa in plain avx2 avx512; do # what a processor lacks, the next best serves for
		AQUATINT_ISA=$isa aquatint-train --quiet --solver $solver --batch 7 --steps 20 --augment flip,shift=2 \
			--l2 1e-3 --clip 1 --lr-schedule cosine tiny.net tiny.data.h5 -o $isa.run.h5
	done
	same plain.run.h5 avx2.run.h5
	same plain.run.h5 avx512.run.h5
done
