# SPDX-License-Identifier: MIT
#
# The file was written by a newer version of our programs: said so by name.
tiny_run
python=
for candidate in python3 /usr/bin/python3; do
	! $candidate -c 'import h5py' 2> /dev/null || python=$candidate
done
[ -n "$python" ] || { echo "NOT TESTED: there is no python3 with h5py"; exit 0; }
$python -c '
import h5py
with h5py.File("tiny.run.h5", "r+") as f:
    f.attrs["format_version"] = f.attrs["format_version"] + 1
'
fails 65 'tiny.run.h5.*(newer|version 2)' aquatint-snapshot list tiny.run.h5
refuses 65 'tiny.run.h5.*(newer|version 2)' x.weights.h5 \
	aquatint-snapshot weights tiny.run.h5 --step 3 -o x.weights.h5
