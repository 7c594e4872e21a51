#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""torch_train.py - training steps of PyTorch on the processor, for bench_net to measure beside ours

    torch_train.py NET.net SOLVER BATCH THREADS

Says "ready LAYOUT"; then for each line SECONDS on its input trains that long on made-up pictures (forward,
backward, update) and answers "IMAGES SECONDS CPU_SECONDS".  It is given its best: oneDNN, the layout that
is faster here, threads that sleep while they wait, and an allocator that keeps its memory (without it half
the time of a small network goes into page faults).
"""
import os
import sys
import time

BEST = {
    "MALLOC_TRIM_THRESHOLD_": "4000000000",
    "MALLOC_MMAP_THRESHOLD_": "4000000000",
    "MALLOC_TOP_PAD_": "268435456",
    "OMP_WAIT_POLICY": "passive",
}
path, solver, batch, threads = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
if any(name not in os.environ for name in BEST):
    os.environ.update({name: os.environ.get(name, value) for name, value in BEST.items()})
    os.environ["OMP_NUM_THREADS"] = str(threads)
    os.execv(sys.executable, [sys.executable] + sys.argv)

import torch
from torch import nn

torch.set_num_threads(threads)
torch.manual_seed(1)


def read_net(name):
    """The layers of a .net file as a PyTorch module, and the shape of its input."""
    modules, shape = [], None
    for line in open(name):
        words = line.split("#")[0].split()
        if not words:
            continue
        args = dict(word.split("=") for word in words[1:] if "=" in word)
        size, stride = int(args.get("size", 1)), int(args.get("stride", 1))
        pad = args.get("pad", "0")
        if words[0] == "input":
            shape = tuple(int(n) for n in words[1].split("x"))
            example = torch.zeros(1, *shape)
            continue
        if words[0] == "conv":
            module = nn.Conv2d(example.shape[1], int(args["channels"]), size, stride, int(pad))
        elif words[0] == "maxpool":
            module = nn.MaxPool2d(size, stride, ceil_mode=pad != "0")
        elif words[0] == "avgpool":
            module = nn.AvgPool2d(size, stride, ceil_mode=pad != "0")
        elif words[0] == "relu":
            module = nn.ReLU()
        elif words[0] == "dense":
            module = nn.Sequential(nn.Flatten(), nn.Linear(example[0].numel(), int(args["units"])))
        elif words[0] == "loss":
            module = nn.Flatten()
        else:
            sys.exit(f"torch_train.py: no idea what {words[0]} is")
        example = module(example)
        modules.append(module)
    return nn.Sequential(*modules), shape


class Training:
    def __init__(self, layout):
        net, shape = read_net(path)
        self.layout = layout
        self.net = net.to(memory_format=layout)
        self.x = (torch.rand(batch, *shape) - 0.5).to(memory_format=layout)
        self.y = torch.arange(batch) % 10
        self.loss = nn.CrossEntropyLoss()
        par = net.parameters()
        if solver == "adadelta":
            self.solver = torch.optim.Adadelta(par, lr=1e-3, rho=0.95, eps=1e-6, weight_decay=1e-4)
        else:
            self.solver = torch.optim.SGD(par, lr=1e-3, momentum=0.9, weight_decay=1e-4)

    def run(self, seconds):
        images, wall, cpu = 0, time.perf_counter(), time.process_time()
        while time.perf_counter() - wall < seconds:
            self.solver.zero_grad(set_to_none=True)
            self.loss(self.net(self.x), self.y).backward()
            self.solver.step()
            images += batch
        return images, time.perf_counter() - wall, time.process_time() - cpu


trainings = [Training(torch.channels_last), Training(torch.contiguous_format)]
rate = []
for training in trainings:
    training.run(0.2)
    images, wall, cpu = training.run(0.3)
    rate.append(images / cpu)
best = trainings[rate.index(max(rate))]
print("ready", "nhwc" if best.layout == torch.channels_last else "nchw", flush=True)
for line in sys.stdin:
    print("%d %.6f %.6f" % best.run(float(line)), flush=True)
