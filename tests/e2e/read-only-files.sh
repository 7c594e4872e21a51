# SPDX-License-Identifier: MIT
#
# Files of mode 0444 in a folder of mode 0555 are read by all that reads, viewers too, and stay as they are; one who
# opens them for writing is refused by the system and does no harm.
tiny_snap
aquatint-train --quiet --batch 10 --steps 30 --checkpoint-every 10 tiny.net tiny.data.h5 -o live.run.h5 &
trainer=$!
until [ -e live.run.h5.part/segment-1.h5 ] || ! kill -0 $trainer 2> /dev/null; do
	sleep 0.02
done
kill -9 $trainer 2> /dev/null || true
wait $trainer 2> /dev/null || true
aquatint-snapshot weights --quiet tiny.run.h5 --step 20 -o tiny.weights.h5
mkdir shelf out
cp -r ./*.h5 shelf
[ ! -d live.run.h5.part ] || cp -r live.run.h5.part shelf
find shelf -type f -exec chmod 0444 {} +
find shelf -type d -exec chmod 0555 {} +
trap 'chmod -R u+w shelf' EXIT
find shelf -type f -exec cksum {} + | sort > before

# root may write anywhere: somebody who may not looks, if there is one
as=
if [ "$(id -u)" = 0 ] && setpriv --reuid=65534 --regid=65534 --clear-groups test -r shelf/tiny.run.h5 2> /dev/null; then
	as='setpriv --reuid=65534 --regid=65534 --clear-groups'
	chmod 0777 out
fi
for file in shelf/*.h5; do
	$as aquatint-snapshot list "$file" > list.out
	[ -d "$file" ] || $as aquatint-snapshot check "$file" > check.out
done
$as aquatint-snapshot verify --quiet shelf/tiny.run.h5 --data shelf/tiny.data.h5 > verify.out
$as aquatint-render curves --quiet shelf/tiny.run.h5 -o out/curves.png
$as aquatint-render tiles --quiet shelf/tiny.snap.h5 --layer conv1 --of grad -o out/tiles.png
$as aquatint-render tiles --quiet shelf/tiny.weights.h5 --layer conv1 -o out/weights.png
if [ -d shelf/live.run.h5.part ]; then
	$as aquatint-snapshot list shelf/live.run.h5.part > list.out
fi
if command -v h5dump > /dev/null; then
	for file in shelf/tiny.*.h5; do
		$as h5dump -H "$file" > /dev/null
	done
fi
if python3 -c 'import h5py' 2> /dev/null; then
	$as python3 - "${as:+strict}" shelf/tiny.*.h5 <<- 'END'
		import sys, h5py
		for path in sys.argv[2:]:
		    with h5py.File(path, 'r') as f:
		        f.visit(lambda name: None)
		    if sys.argv[1]:
		        try:
		            h5py.File(path, 'r+')
		            sys.exit(path + ' was opened for writing')
		        except OSError:
		            pass
	END
fi
find shelf -type f -exec cksum {} + | sort > after
cmp before after
