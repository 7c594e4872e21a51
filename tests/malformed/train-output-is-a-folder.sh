# SPDX-License-Identifier: MIT
#
# The output is a folder, or the place of its .part is taken by a file.
tiny
mkdir folder
fails 73 'folder.*is a folder; name a file' aquatint-train --steps 3 tiny.net tiny.data.h5 -o folder
rmdir folder
[ ! -e folder.part ]
echo mine > y.run.h5.part
fails 73 'y.run.h5.part' aquatint-train --steps 3 tiny.net tiny.data.h5 -o y.run.h5
fails 73 'y.run.h5.part' aquatint-train --resume --steps 3 tiny.net tiny.data.h5 -o y.run.h5
fails 73 'y.run.h5.part' aquatint-train --force --steps 3 tiny.net tiny.data.h5 -o y.run.h5
[ "$(cat y.run.h5.part)" = mine ]
