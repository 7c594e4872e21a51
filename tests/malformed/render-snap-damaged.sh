# SPDX-License-Identifier: MIT
#
# A snap with a damaged byte is refused, not drawn.

tiny_snap
size=$(wc -c < tiny.snap.h5)
drawn=0
for part in $(seq 1 4 61); do
	cp tiny.snap.h5 hurt.snap.h5
	printf '\377\000\377' | dd of=hurt.snap.h5 bs=1 seek=$((size * part / 64)) conv=notrunc 2> dd.err
	status=0
	aquatint-render panel --quiet hurt.snap.h5 -o x.png 2> said || status=$?
	# what is not looked at may be damaged; everything else is refused
	[ "$status" -eq 65 ] || [ "$status" -eq 0 ]
	[ "$status" -eq 0 ] && drawn=$((drawn + 1))
	rm -f x.png
done
[ "$drawn" -lt 16 ]
head -c 20000 tiny.snap.h5 > cut.snap.h5
refuses 65 'cut.snap.h5' x.png aquatint-render panel cut.snap.h5 -o x.png
