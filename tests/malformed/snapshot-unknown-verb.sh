# SPDX-License-Identifier: MIT
#
# There is no such verb, or words are missing.
tiny_run
fails 64 'say what to do: list, check, cut' aquatint-snapshot
fails 64 "unknown verb 'lost'; did you mean list" aquatint-snapshot lost tiny.run.h5
fails 64 'FILE is missing' aquatint-snapshot list
fails 64 'FILE is missing' aquatint-snapshot check
fails 64 'RUN is missing' aquatint-snapshot cut
fails 64 '--out is missing' aquatint-snapshot weights tiny.run.h5
refuses 64 '--data is missing' x.snap.h5 aquatint-snapshot cut tiny.run.h5 -o x.snap.h5
fails 64 '--data is missing' aquatint-snapshot verify tiny.run.h5
fails 64 'RUN2 is missing' aquatint-snapshot diff tiny.run.h5
fails 64 'unknown option --stop; did you mean --step' aquatint-snapshot weights tiny.run.h5 --stop 3 -o x.weights.h5
