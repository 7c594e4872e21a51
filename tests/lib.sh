# SPDX-License-Identifier: MIT
#
# lib.sh - what the end-to-end tests share; sourced first, in an empty folder, with the programs in PATH

# refuses CODE REGEX OUTPUT COMMAND...: the command must exit with CODE, say REGEX on stderr, and leave
# neither OUTPUT nor a temporary of it.
refuses() {
	code=$1 regex=$2 output=$3
	shift 3
	status=0
	"$@" > refuses.out 2> refuses.err || status=$?
	if [ "$status" -ne "$code" ]; then
		echo "exit status $status instead of $code: $*"
		cat refuses.err
		return 1
	fi
	if ! grep -Eq -- "$regex" refuses.err; then
		echo "the message does not say /$regex/: $*"
		cat refuses.err
		return 1
	fi
	if [ -e "$output" ] || [ -e "$output.tmp" ]; then
		echo "$output was left behind: $*"
		return 1
	fi
}

# fails CODE REGEX COMMAND...: as above, with nothing said of outputs.
fails() {
	code=$1 regex=$2
	shift 2
	refuses "$code" "$regex" /nonexistent/output "$@"
}

# same A B: the two files have the same bytes.
same() {
	cmp "$1" "$2"
}

# tiny: a data set and a network that train in no time, as tiny.data.h5 and tiny.net
tiny() {
	aquatint-prep --quiet synth:shapes --limit 90 --test-limit 20 -o tiny.data.h5
	cat > tiny.net <<- END
		input   3x32x32
		conv    channels=4 size=5 stride=2 pad=2 bias=0.1
		relu
		maxpool size=2 stride=2
		dropout rate=0.2
		dense   units=10
		loss    softmax
	END
}

# refuses_training CODE REGEX ARGUMENTS...: aquatint-train must refuse and leave nothing of x.run.h5
refuses_training() {
	code=$1 regex=$2
	shift 2
	refuses "$code" "$regex" x.run.h5 aquatint-train "$@" -o x.run.h5
	if [ -e x.run.h5.part ]; then
		echo "x.run.h5.part was left behind: $*"
		return 1
	fi
}

# tiny_run: the above, and 25 steps of it as tiny.run.h5
tiny_run() {
	tiny
	aquatint-train --quiet --batch 10 --steps 25 --checkpoint-every 10 tiny.net tiny.data.h5 -o tiny.run.h5
}

# tiny_snap: the above, and its step 13 opened as tiny.snap.h5
tiny_snap() {
	tiny_run
	aquatint-snapshot cut --quiet tiny.run.h5 --data tiny.data.h5 --step 13 --examples test:0-2 -o tiny.snap.h5
}
