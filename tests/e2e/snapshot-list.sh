# SPDX-License-Identifier: MIT
#
# list says what a file is, for every kind of file and the folder of a run under way, in words and as one JSON object.

tiny
options="--quiet --batch 10 --steps 25 --checkpoint-every 10 --record grad --record weights:every=5"
aquatint-train $options tiny.net tiny.data.h5 -o x.run.h5
aquatint-snapshot weights --quiet x.run.h5 --step 7 -o x.weights.h5
aquatint-snapshot cut --quiet x.run.h5 --step 7 --data tiny.data.h5 -o x.snap.h5
mkdir y.run.h5.tmp
aquatint-train $options tiny.net tiny.data.h5 -o y.run.h5 2> said || [ $? -eq 73 ]
rmdir y.run.h5.tmp

says() { aquatint-snapshot list "$1" | tee listed | grep -Eq "^$2" || { cat listed; echo "no line /$2/ of $1"; return 1; }; }
says tiny.data.h5 'format +aquatint-data$'
says tiny.data.h5 'train +90 pictures 3x32x32$'
says tiny.data.h5 'test +20 pictures 3x32x32$'
says tiny.data.h5 'classes +circle, square, '
says tiny.data.h5 'history +aquatint-prep '
says x.run.h5 'format +aquatint-run$'
says x.run.h5 'steps +25$'
says x.run.h5 'epoch_steps +9$'
says x.run.h5 'state +finished$'
says x.run.h5 'options +batch=10 steps=25 record=grad weights:every=5 checkpoint_every=10$'
says x.run.h5 'last_error +test [0-9.]+ after step 25$'
says x.run.h5 'parameters +2874$'
says x.run.h5 '  conv1 +conv +4x16x16 +5 +2 +2 +5 +0 +2 +304 +4096 B +1216 B'
says x.run.h5 '  all +2874 .*B +11\.5 kB$'
says x.run.h5 ' +aquatint-train .*; data [0-9a-f]{8}$'
says y.run.h5.part 'steps +25$'
says y.run.h5.part 'state +under way or stopped$'
says x.weights.h5 'format +aquatint-weights$'
says x.weights.h5 'step +7$'
says x.snap.h5 'format +aquatint-snap$'
says x.snap.h5 'examples +10$'
says x.snap.h5 ' +aquatint-snapshot cut .*; run [0-9a-f]{8}$'

for file in x.run.h5 y.run.h5.part x.weights.h5 x.snap.h5; do
	aquatint-snapshot list --quiet $file --csv layers.csv
	grep -q '^conv1,conv,4,16,16,5,5,2,2,2,2,2,2,5,5,0,0,2,2,304,4096,1216$' layers.csv
	[ "$(awk -F, '{ n += $20 } END { print n }' layers.csv)" = 2874 ]
done

if python3 -c 'import json' 2> /dev/null; then
	for file in tiny.data.h5 x.run.h5 y.run.h5.part x.weights.h5 x.snap.h5; do
		aquatint-snapshot list --json $file > list.json
		[ "$(wc -l < list.json)" -eq 1 ]
		python3 -c '
import json, sys
d = json.load(open("list.json"))
assert d["file"] == sys.argv[1] and d["format"].startswith("aquatint-"), d
assert isinstance(d["history"], list) and d["history"][0].startswith("aquatint-prep"), d
if d["format"] != "aquatint-data":
    assert d["parameters"] == 2874 == sum(l["parameters"] for l in d["layers"]), d
    conv = d["layers"][1]
    assert conv["out"] == [4, 16, 16] and conv["kernel"] == [5, 5] and conv["pad"] == [2, 2, 2, 2], d
    assert conv["field"] == [5, 5] and conv["step"] == [2, 2] and conv["data_bytes"] == 4096, d
' $file
	done
else
	echo "NOT TESTED: there is no python3"
fi
