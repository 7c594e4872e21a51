# SPDX-License-Identifier: MIT
#
# Bytes of a run have changed, anywhere: no verb dies of it or goes on for ever, and none makes half a file.
tiny_run
size=$(wc -c < tiny.run.h5)
for part in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19; do
	cp tiny.run.h5 bad.run.h5
	printf 'rubbish rubbish rubbish' | dd of=bad.run.h5 bs=1 seek=$((size * part / 20)) conv=notrunc 2> /dev/null
	for verb in 'list' 'check' 'verify --data tiny.data.h5' 'weights --step 13 -o x.h5' \
		'cut --step 13 --data tiny.data.h5 -o x.h5'; do
		status=0
		timeout 60 aquatint-snapshot ${verb%% *} bad.run.h5 $(echo "$verb" | sed 's/^[a-z]*//') > said 2>&1 || status=$?
		case $status in
		0) ;;
		1 | 65 | 74)
			grep -q 'bad.run.h5' said
			[ "$(grep -c Sanitizer said)" -eq 0 ]
			[ ! -e x.h5 ]
			;;
		*) cat said; echo "exit status $status of $verb at $part/20"; exit 1 ;;
		esac
		[ ! -e x.h5.tmp ]
		rm -f x.h5
	done
done
