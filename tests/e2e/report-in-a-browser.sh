# SPDX-License-Identifier: MIT
#
# In a browser the report says nothing on its console, its slider and keys change the pictures, and what the
# script draws is what a reader without scripts sees; wide and narrow, light and dark.

if command -v chromium > /dev/null; then
	tiny_run
	aquatint-render report --quiet tiny.run.h5 --data tiny.data.h5 -o report.html
	aquatint-train --quiet --batch 10 --steps 3 --record stats tiny.net tiny.data.h5 -o bare.run.h5
	aquatint-render report --quiet bare.run.h5 -o bare.html
	{ cat report.html; echo '<script>'; cat "$AQ_TOP/tests/e2e/report-in-a-browser.js"; echo '</script>'; } > tested.html

	# browse PAGE FLAG...: the page as it stands after a few seconds of its own clock
	browse() {
		page=$1
		shift
		rm -rf profile
		chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
			--disable-background-networking --disable-component-update --disable-sync \
			--user-data-dir="$PWD/profile" --enable-logging=stderr --virtual-time-budget=20000 \
			"$@" "file://$PWD/$page" 2> browser.log
		if grep CONSOLE browser.log; then
			echo "the console of $page is not empty"
			return 1
		fi
	}
	# a window is not made as narrow as a telephone, a frame is
	cat > narrow.html <<- END
		<iframe src="tested.html" width="400" height="800"></iframe>
		<script>onmessage = (said) => { document.body.innerHTML = '<pre id="verdict">' + said.data + '</pre>'; };</script>
	END
	browse tested.html --dump-dom --window-size=1400,900 > wide.dom
	browse narrow.html --dump-dom --blink-settings=preferredColorScheme=0 > narrow.dom
	grep -oh 'id="verdict">.*' wide.dom narrow.dom
	grep -q 'id="verdict">passed .* at 1400' wide.dom
	grep -q 'id="verdict">passed .* at 400' narrow.dom
	browse bare.html --dump-dom > dumped.html
	grep -q 'were not all recorded' dumped.html
	browse report.html --window-size=1400,2000 --screenshot="$PWD/seen.png"
	[ "$(wc -c < seen.png)" -gt 20000 ]
else
	echo "NOT TESTED: there is no chromium; make deps-browser installs it"
fi
