# SPDX-License-Identifier: MIT
#
# record_h5py.py - what keeping every gradient costs a step of PyTorch when h5py packs it (gzip, shuffle)
#
#	record_h5py.py [STEPS]        the network of convnetjs-cifar.net, batches of 32, 2 threads
#
# Prints the added seconds a step, and the bytes of the file over those of the gradients: for a dataset that grows by
# a row a step in chunks of one row, the quickest way that h5py has.
import os, sys, tempfile, time
import h5py, torch
from torch import nn

steps = int(sys.argv[1]) if len(sys.argv) > 1 else 100
torch.set_num_threads(2)
torch.manual_seed(1)
net = nn.Sequential(
    nn.Conv2d(3, 16, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(16, 20, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(20, 20, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(320, 10))
solver = torch.optim.Adadelta(net.parameters())
images, labels = torch.randn(1024, 3, 32, 32), torch.randint(0, 10, (1024,))


def train(record):
    """Seconds spent on recording."""
    spent = 0
    for step in range(steps):
        at = step * 32 % 1024
        solver.zero_grad()
        nn.functional.cross_entropy(net(images[at:at + 32]), labels[at:at + 32]).backward()
        solver.step()
        begin = time.perf_counter()
        for name, p in net.named_parameters():
            record[name].resize(step + 1, 0)
            record[name][step] = p.grad.numpy()
        spent += time.perf_counter() - begin
    return spent


with tempfile.TemporaryDirectory(dir=".") as folder:
    path = os.path.join(folder, "grad.h5")
    added = []
    for repeat in range(5):
        with h5py.File(path, "w") as file:
            record = {name: file.create_dataset(name, (0, *p.shape), "f4", maxshape=(None, *p.shape),
                                                chunks=(1, *p.shape), compression="gzip", shuffle=True)
                      for name, p in net.named_parameters()}
            added.append(train(record) / steps)
    raw = 4 * steps * sum(p.numel() for p in net.parameters())
    print("%.9f %.4f" % (sorted(added)[2], os.path.getsize(path) / raw))
