# SPDX-License-Identifier: MIT
#
# A live run of many segments is opened as fast as one of few: of the segments only those are opened that a question
# touches.  All others are emptied here, which nobody may notice.

tiny
mkdir x.run.h5.tmp
aquatint-train --quiet --batch 10 --steps 600 --checkpoint-every 5 --eval-every 7 tiny.net tiny.data.h5 \
	-o x.run.h5 2> said || [ $? -eq 73 ]
[ "$(ls x.run.h5.part/segment-*.h5 | wc -l)" -eq 120 ]
cp -r x.run.h5.part whole.part

aquatint-snapshot list whole.part > listed
grep -q '^steps  *600$' listed
grep -q '^last_error  *test .* after step 600$' listed
aquatint-snapshot cut --quiet whole.part --data tiny.data.h5 --step 303 --examples test:0-1 -o whole.snap.h5
aquatint-snapshot weights --quiet whole.part --step 303 -o whole.weights.h5

# only_with "N..." COMMAND...: the command runs with the segments of these numbers, all others empty
only_with() {
	kept=$1
	shift
	for segment in x.run.h5.part/segment-*.h5; do
		: > "$segment"
	done
	for number in $kept; do
		cp "whole.part/segment-$number.h5" x.run.h5.part/
	done
	"$@"
}
only_with '119' aquatint-snapshot list x.run.h5.part > again
sed 's/whole.part/x.run.h5.part/' listed | diff - again
only_with '60 119' aquatint-snapshot cut --quiet x.run.h5.part --data tiny.data.h5 --step 303 --examples test:0-1 \
	-o x.snap.h5
same whole.snap.h5 x.snap.h5
only_with '60 119' aquatint-snapshot weights --quiet x.run.h5.part --step 303 -o x.weights.h5
same whole.weights.h5 x.weights.h5
only_with '60 119' aquatint-snapshot verify --quiet x.run.h5.part --data tiny.data.h5 --steps 301:304
fails 65 'segment-61.h5 is not an HDF5 file' \
	aquatint-snapshot cut x.run.h5.part --data tiny.data.h5 --step 306 -o no.snap.h5

# and what asks for all of them gets all: the curves of the folder are those of the finished run
only_with "$(seq 0 119)" aquatint-render curves --quiet x.run.h5.part --csv live.csv -o live.png
rmdir x.run.h5.tmp
aquatint-train --quiet --resume --batch 10 --steps 600 --checkpoint-every 5 --eval-every 7 tiny.net tiny.data.h5 \
	-o x.run.h5
aquatint-render curves --quiet x.run.h5 --csv sealed.csv -o sealed.png
grep -q ',test,' sealed.csv
same live.csv sealed.csv
