# SPDX-License-Identifier: MIT
# A place that is not there.
refuses 73 'cannot create no/where/x.h5: folder no/where' no/where/x.h5 \
	aquatint-prep synth:shapes --limit 20 --test-limit 10 -o no/where/x.h5
