# SPDX-License-Identifier: MIT
#
# --profile tells where the time went: every layer and all else, shares that add up to the whole, as a table
# on stderr or as JSON on stdout; the run is the same.

tiny
options='--batch 10 --steps 30 --threads 2 --solver adam tiny.net tiny.data.h5'
aquatint-train --quiet $options -o without.run.h5
aquatint-train $options --profile -o with.run.h5 > said 2> table
same without.run.h5 with.run.h5
! grep -q conv1 said
grep -q '^where the time went: 30 steps of .* on 2 threads' table
for row in input conv1 relu1 maxpool1 dropout1 dense1 loss sums waiting update packing statistics record \
	evaluation other; do
	grep -q "^$row " table
done
grep -q '^conv1 .* conv 3x32x32 -> 4x16x16$' table
grep -q '^update .* adam$' table
awk '/ %/ { for (i = 1; i <= NF; i++) if ($(i + 1) == "%") sum += $i }
	END { if (sum < 99 || sum > 101) { print "the shares add up to " sum; exit 1 } }' table

aquatint-train $options --profile --json -o with.run.h5 > said 2> table
! grep -q conv1 table
grep '"event":"profile"' said | sed 's/.*"share":\([^}]*\)}.*/\1/' |
	awk '{ sum += $1 } END { exit !(NR == 15 && sum > 0.99 && sum < 1.01) }'
grep '"name":"conv1"' said | grep -q '"forward_gflops":[0-9.]*[1-9]'
