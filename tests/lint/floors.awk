# SPDX-License-Identifier: MIT
#
# Each floor of lib/ may include itself and the floors named after it, nothing else; each outside
# library is seen by the files named for it alone.
BEGIN {
	may["base"] = ""
	may["num"]  = "base"
	may["io"]   = "base num"
	may["nn"]   = "base num"
	may["data"] = "base num io"
	may["draw"] = "base num io"
	may["look"] = "base num nn"
	may["run"]  = "base num io nn data look"
	may["view"] = "base num io nn data look draw run"
	may["cli"]  = "base"
}
FILENAME ~ /^cmd\// && /^#include "/ && $2 != "\"aquatint.h\"" {
	printf "%s:%d: a command includes aquatint.h alone\n", FILENAME, FNR > "/dev/stderr"
	bad = 1
}
FILENAME ~ /^lib\/[a-z]+\// && /^#include "/ {
	split(FILENAME, here, "/")
	split($2, there, /["\/]/)
	floor = here[2]
	to = there[2]
	if (to != floor && index(" " may[floor] " ", " " to " ") == 0) {
		printf "%s:%d: floor %s may not include %s\n", FILENAME, FNR, floor, to > "/dev/stderr"
		bad = 1
	}
}
/^#include <hdf5/ && FILENAME !~ /^lib\/io\/h5[a-z_]*\.[ch]$/ { outside("HDF5", "io/h5") }
/^#include <png/ && FILENAME !~ /^lib\/io\/a?png[a-z_]*\.c$/ { outside("libpng", "io/png") }
/^#include <zlib/ && FILENAME !~ /^lib\/io\/gz[a-z_]*\.c$/ { outside("zlib", "io/gz") }
function outside(library, place) {
	printf "%s:%d: only %s sees %s\n", FILENAME, FNR, place, library > "/dev/stderr"
	bad = 1
}
END { exit bad }
