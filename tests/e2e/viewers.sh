# SPDX-License-Identifier: MIT
#
# h5dump, h5py and Octave open every kind of file.

tiny_snap
aquatint-snapshot weights --quiet tiny.run.h5 -o tiny.weights.h5
for file in tiny.data.h5 tiny.run.h5 tiny.snap.h5 tiny.weights.h5; do
	if command -v h5dump > /dev/null; then
		h5dump -H $file > dumped
		grep -q format dumped
	else
		echo "NOT TESTED: there is no h5dump"
	fi
	if /usr/bin/python3 -c 'import h5py' 2> /dev/null; then
		/usr/bin/python3 - $file <<- END
			import h5py, sys, zlib
			f = h5py.File(sys.argv[1])
			n = 0
			def look(name, d):
			    global n
			    if isinstance(d, h5py.Dataset) and d.dtype.kind in 'fiu':
			        assert zlib.crc32(d[()].tobytes()) == d.attrs['crc32'], name
			        n += 1
			f.visititems(look)
			assert n > 3
		END
	else
		echo "NOT TESTED: there is no python3-h5py"
	fi
	if command -v octave-cli > /dev/null; then
		octave-cli --quiet --eval "s = load('-hdf5', '$file'); assert(numel(fieldnames(s)) > 1)"
	else
		echo "NOT TESTED: there is no octave"
	fi
done
