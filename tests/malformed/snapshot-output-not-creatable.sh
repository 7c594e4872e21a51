# SPDX-License-Identifier: MIT
#
# The output's folder is missing or a file, the output is a folder, or exists and may not be replaced.
tiny_run
cut="aquatint-snapshot cut tiny.run.h5 --step 3 --data tiny.data.h5"
refuses 73 'none' none/x.snap.h5 $cut -o none/x.snap.h5
refuses 73 'tiny.net' tiny.net/x.snap.h5 $cut -o tiny.net/x.snap.h5
mkdir folder
fails 73 'folder' $cut -o folder
echo mine > y.snap.h5
fails 73 'y.snap.h5 exists' $cut --no-clobber -o y.snap.h5
[ "$(cat y.snap.h5)" = mine ]
