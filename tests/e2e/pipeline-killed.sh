# SPDX-License-Identifier: MIT
#
# A killed training leaves no target behind, and the next make takes it up; so does one that was stopped.

mkdir nets
tiny
cp tiny.net nets/tiny.net
mv tiny.data.h5 x.data.h5
cat > pipeline.mk <<- END
	OUT   := .
	NET   := tiny
	DATA  := x.data.h5
	TRAIN := --batch 10 --steps 1000 --checkpoint-every 20 --quiet
	include $AQ_TOP/pipelines/rules.mk
END
aquatint-train nets/tiny.net x.data.h5 --batch 10 --steps 1000 --checkpoint-every 20 --quiet -o whole.run.h5
for signal in KILL TERM; do
	rm -rf x.run.h5 x.run.h5.part
	make -s -f pipeline.mk x.run.h5 > made 2>&1 &
	maker=$!
	while [ ! -e x.run.h5.part/segment-2.h5 ]; do sleep 0.01; done
	for process in /proc/[0-9]*; do
		if [ "$(readlink "$process/cwd" || :)" = "$PWD" ] &&
			tr '\0' ' ' < "$process/cmdline" | grep -q '^aquatint-train'; then
			kill -$signal "${process#/proc/}"
		fi
	done 2> said
	wait $maker || :
	[ ! -e x.run.h5 ]
	make -s -f pipeline.mk x.run.h5
	same x.run.h5 whole.run.h5
	[ ! -e x.run.h5.part ]
done
