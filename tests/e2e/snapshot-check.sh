# SPDX-License-Identifier: MIT
#
# check passes every file that our programs write, and finds a byte that changed in any dataset; of several files
# each is looked at.

tiny
aquatint-train --quiet --batch 10 --steps 25 --checkpoint-every 10 tiny.net tiny.data.h5 -o x.run.h5
aquatint-snapshot weights --quiet x.run.h5 --step 7 -o x.weights.h5
aquatint-snapshot cut --quiet x.run.h5 --step 7 --data tiny.data.h5 -o x.snap.h5
files='tiny.data.h5 x.run.h5 x.weights.h5 x.snap.h5'
aquatint-snapshot check $files > said
[ "$(grep -c 'sound' said)" -eq 4 ]
# without stages, evaluations or records there is less in a run, and it is as sound
aquatint-train --quiet --batch 10 --steps 5 --record none tiny.net tiny.data.h5 -o y.run.h5
aquatint-train --quiet --batch 10 --steps 9 --record grad:every=4:layers=dense1 --record stats --record update:bits=3 \
	tiny.net tiny.data.h5 -o z.run.h5
aquatint-snapshot check --quiet y.run.h5 z.run.h5

# of a live run the index and each segment
aquatint-train --quiet --batch 10 --steps 100000 --checkpoint-every 5 tiny.net tiny.data.h5 -o live.run.h5 &
trainer=$!
until [ -e live.run.h5.part/segment-2.h5 ]; do
	sleep 0.02
done
kill -9 $trainer
wait $trainer 2> /dev/null || true
rm -f live.run.h5.part/*.tmp
segments=$(find live.run.h5.part -name 'segment-*.h5' | wc -l)
aquatint-snapshot check live.run.h5.part > said
[ "$(grep -c 'sound' said)" -eq $((segments + 1)) ]
cp live.run.h5.part/segment-0.h5 live.run.h5.part/segment-1.h5
yes rubbish | dd of=live.run.h5.part/segment-1.h5 bs=1000 seek=1 count=3 conv=notrunc 2> /dev/null
fails 1 'segment-1.h5' aquatint-snapshot check live.run.h5.part
rm -r live.run.h5.part

# flip FILE OFFSET: another value of that byte
flip() {
	byte=$(od -An -tu1 -j "$2" -N 1 "$1")
	printf "\\$(printf %o $(((byte + 85) % 256)))" | dd of="$1" bs=1 seek="$2" conv=notrunc 2> /dev/null
}
for file in $files; do
	size=$(wc -c < $file) found=0
	for part in 1 3 5 7 9 11; do
		cp $file damaged.h5
		for near in 0 1 2 3 4 5 6 7; do
			flip damaged.h5 $((size * part / 13 + near))
		done
		status=0
		aquatint-snapshot check --quiet damaged.h5 2> said || status=$?
		# 0: nothing stood there
		[ $status -eq 0 ] || { [ $status -eq 1 ] && grep -q 'damaged.h5' said && found=$((found + 1)); }
		[ $status -le 1 ]
	done
	[ $found -ge 3 ]
done
cp tiny.data.h5 damaged.h5
flip damaged.h5 $(($(wc -c < damaged.h5) / 2))
fails 1 'damaged.h5: .*/train/images' aquatint-snapshot check damaged.h5 x.run.h5
[ "$(grep -c sound refuses.out)" -eq 1 ]
