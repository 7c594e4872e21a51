# SPDX-License-Identifier: MIT
# A folder that may not be written to; root may write anywhere, so a user of no rights must try.
mkdir locked
chmod 555 locked
if [ "$(id -u)" = 0 ]; then
	cp "$(command -v aquatint-prep)" .
	refuses 73 'cannot create locked/x.h5: folder locked: Permission denied' locked/x.h5 \
		setpriv --reuid=65534 --regid=65534 --clear-groups ./aquatint-prep synth:shapes \
		--limit 20 --test-limit 10 -o locked/x.h5
else
	refuses 73 'cannot create locked/x.h5: folder locked: Permission denied' locked/x.h5 \
		aquatint-prep synth:shapes --limit 20 --test-limit 10 -o locked/x.h5
fi
