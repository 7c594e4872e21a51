# SPDX-License-Identifier: MIT
#
# The three lines of the README load weights into PyTorch, and it computes what we do.

/usr/bin/python3 -c 'import h5py, torch' 2> /dev/null || { echo "NOT TESTED: there is no python3-torch"; exit 0; }
tiny_snap
aquatint-snapshot weights --quiet tiny.run.h5 --step 13 -o tiny.weights.h5
/usr/bin/python3 - <<- END
	import h5py, torch
	from torch import nn
	class Model(nn.Module):
	    def __init__(self):
	        super().__init__()
	        self.conv1 = nn.Conv2d(3, 4, 5, stride=2, padding=2)
	        self.dense1 = nn.Linear(4 * 8 * 8, 10)
	    def forward(self, x):
	        return self.dense1(torch.max_pool2d(torch.relu(self.conv1(x)), 2, 2).flatten(1))
	model = Model()
	w = h5py.File('tiny.weights.h5')['weights']
	model.load_state_dict({f'{layer}.{p}': torch.tensor(w[layer][p][()]) for layer in w for p in w[layer]})
	s = h5py.File('tiny.snap.h5')
	logits = model(torch.tensor(s['activation/input'][()]))
	ours = torch.tensor(s['activation/dense1'][()]).flatten(1)
	assert torch.allclose(logits, ours, rtol=1e-4, atol=1e-5), (logits - ours).abs().max()
END
