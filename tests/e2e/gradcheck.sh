# SPDX-License-Identifier: MIT
#
# The gradients of every network pass the check against central differences; one line a tensor.

aquatint-prep --quiet synth:shapes --limit 90 --test-limit 20 -o x.data.h5
for net in shapes convnetjs-cifar; do
	aquatint-train --gradcheck --solver momentum --l2 1e-3 --l1 1e-4 "$AQ_TOP/pipelines/nets/$net.net" x.data.h5 > said
	grep -q 'conv1/weight  when start' said
	grep -q 'input  when after steps' said
	grep -q 'dense1/bias  when decay' said
	! grep -q FAILED said
done
aquatint-train --gradcheck --json "$AQ_TOP/pipelines/nets/shapes.net" x.data.h5 > said
grep -q '"tensor":"conv1/weight"' said
fails 65 'are 3x32x32' aquatint-train --gradcheck "$AQ_TOP/pipelines/nets/fashion.net" x.data.h5
