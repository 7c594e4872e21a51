# SPDX-License-Identifier: MIT
#
# The report is one page with everything inside: well-formed, the same bytes each time, of bounded size, of
# finished and of live runs, with the data set and without.

tiny_run
aquatint-render report --quiet tiny.run.h5 --data tiny.data.h5 -o a.html
aquatint-render report --quiet tiny.run.h5 --data tiny.data.h5 --threads 1 -o b.html
same a.html b.html
aquatint-render report --quiet tiny.run.h5 --log --frames 7 -o plain.html

# Every tag is closed by its own, in order.
cat > nested.awk <<- 'AWK'
	{ text = text $0 "\n" }
	END {
		gsub(/<!--[^>]*-->/, "", text)
		while (match(text, /<[^>]*>/)) {
			tag = substr(text, RSTART, RLENGTH)
			text = substr(text, RSTART + RLENGTH)
			name = tag
			gsub(/^<\/?|[ \n\/>].*$/, "", name)
			if (tag ~ /^<!/ || tag ~ /\/>$/)
				continue
			if (tag !~ /^<\//) {
				open[++depth] = name
				if (name == "script" || name == "style") # what stands within is no page
					text = substr(text, index(text, "</" name ">"))
			} else if (open[depth--] != name) {
				print tag " closes " open[depth + 1]
				exit 1
			}
		}
		if (depth) {
			print open[depth] " is not closed"
			exit 1
		}
	}
	AWK
lacks() { # REGEX FILE
	if grep -Eoi "$1" "$2"; then
		return 1
	fi
}
for page in a.html plain.html; do
	awk -f nested.awk $page
	# nothing is fetched: addresses are places of the page or data that is inside
	lacks '(src|srcset|href|action|poster)="([^"#d]|d[^a]|da[^t])' $page
	lacks 'https?:|url\([^d]|@import|<(link|iframe|object|embed)' $page
done
grep -q 'class="exhibit".*data-example="1"' a.html
lacks 'data-example="1' plain.html
grep -q 'aquatint-train' a.html
# all layers over all steps; twenty pictures laid out
[ "$(grep -c 'class="heat"' a.html)" -eq 4 ]
[ "$(grep -c '^<i class=".*title="test [0-9]*, ' a.html)" -eq 20 ]
lacks 'id="embedding"' plain.html
grep -q '"steps":\[0,1,2,4,8,10,24\]' plain.html
[ "$(wc -c < a.html)" -lt 3000000 ]

# more steps do not make it longer
aquatint-train --quiet --batch 10 --steps 200 --checkpoint-every 10 tiny.net tiny.data.h5 -o long.run.h5
aquatint-train --quiet --batch 10 --steps 800 --checkpoint-every 10 tiny.net tiny.data.h5 -o longer.run.h5
aquatint-render report --quiet long.run.h5 --frames 20 -o long.html
aquatint-render report --quiet longer.run.h5 --frames 20 -o longer.html
[ "$(wc -c < longer.html)" -lt $(($(wc -c < long.html) + 60000)) ]

# gradients that were not recorded are computed again, or it says that they are not there
aquatint-train --quiet --batch 10 --steps 25 --checkpoint-every 10 --record none tiny.net tiny.data.h5 -o none.run.h5
aquatint-render report --quiet none.run.h5 --data tiny.data.h5 -o none.html
sed -n '/id="x0"/p' none.html > again
sed -n '/id="x0"/p' a.html > recorded
same again recorded
aquatint-render report --quiet none.run.h5 -o none.html
grep -q 'were not all recorded' none.html
aquatint-prep --quiet synth:shapes --limit 90 --test-limit 20 --seed 5 -o other.data.h5
refuses 65 'not the data set' x.html aquatint-render report tiny.run.h5 --data other.data.h5 -o x.html
refuses 65 'aquatint-run' x.html aquatint-render report tiny.run.h5 --data long.run.h5 -o x.html
refuses 64 'find room' x.html aquatint-render report tiny.run.h5 --data tiny.data.h5 --examples test:0-19 -o x.html

# every number that is plotted is in the table, too: those of the curves as render curves has them
aquatint-render report --quiet tiny.run.h5 --data tiny.data.h5 --csv a.csv -o again.html
same a.html again.html
aquatint-render curves --quiet tiny.run.h5 --csv curves.csv -o curves.png
head -n "$(wc -l < curves.csv)" a.csv > head.csv
same curves.csv head.csv
[ "$(sed -n '2,$p' a.csv | awk -F, 'NF != 9' | wc -l)" -eq 0 ]
for what in l2 update_ratio zeros cosine embedding_x embedding_y weights grad update activation delta probability; do
	grep -q "^tiny,$what," a.csv
done
# the scale of the table is the one of the page
low=$(sed -n 's/^tiny,weights,conv1.weight,0,0,,\([^,]*\),.*/\1/p' a.csv)
grep -o '"low":\[[^]]*' a.html | tr -d '"low:[]' | tr , '\n' | awk -v low="$low" '(low - $1) ^ 2 <= 1e-10 * low ^ 2 { found = 1 } END { exit !found }'
