# SPDX-License-Identifier: MIT
"""What PyTorch makes of the networks of pipelines/nets: writes torch_NET.bin

    python3 tests/oracle/torch_nets.py          from the top of the tree

Forward and backward in float64 over a batch of seven.  Weights, inputs and labels come from the hash of
hash.h, rounded to float32, so that both sides start from the same numbers.  PyTorch is needed for this
alone, not to build or to test.

A file is, little-endian: f64 mean loss; for each layer, the input first, f64 norm of the activation and f64
norm of the delta of example 0; for each parameter tensor, f64 norm of its gradient (mean over the batch) and
f32 every STRIDE-th of its elements.
"""
import re
import struct

import numpy as np
import torch
from torch import nn

NETS = {"convnetjs-cifar": 1, "matconvnet-cifar": 1, "convnetjs-mnist": 1, "matconvnet-mnist": 97}
BATCH = 7


def values(s, count):
    x = (s * 0x9E3779B1 + np.arange(count, dtype=np.uint64)) & 0xFFFFFFFF
    x ^= x >> np.uint64(16)
    x = x * 0x7FEB352D & 0xFFFFFFFF
    x ^= x >> np.uint64(15)
    x = x * 0x846CA68B & 0xFFFFFFFF
    x ^= x >> np.uint64(16)
    return (x >> np.uint64(8)).astype(np.float64) / 8388608 - 1


def f32(x):
    return torch.tensor(x.astype(np.float32).astype(np.float64))


class Pool(nn.Module):
    """Our pools: floor of the size, padding on four sides that never counts."""

    def __init__(self, kind, size, stride, pad):
        super().__init__()
        self.kind, self.size, self.stride, self.pad = kind, size, stride, pad

    def forward(self, x):
        t, b, l, r = self.pad
        if self.kind == "maxpool":
            return torch.max_pool2d(nn.functional.pad(x, (l, r, t, b), value=-np.inf), self.size, self.stride)
        area = self.size * self.size
        total = torch.nn.functional.avg_pool2d(nn.functional.pad(x, (l, r, t, b)), self.size, self.stride) * area
        ones = nn.functional.pad(torch.ones_like(x[:1, :1]), (l, r, t, b))
        return total / (torch.nn.functional.avg_pool2d(ones, self.size, self.stride) * area)


def layer(words, shape):
    kind, args = words[0], dict(w.split("=") for w in words[1:] if "=" in w)
    size, stride = int(args.get("size", 1)), int(args.get("stride", 1))
    pad = [int(p) for p in args.get("pad", "0").split(",")]
    pad = pad * 4 if len(pad) == 1 else pad
    if kind == "conv":
        assert len(set(pad)) == 1
        return nn.Conv2d(shape[1], int(args["channels"]), size, stride, pad[0])
    if kind == "dense":
        return nn.Sequential(nn.Flatten(1), nn.Linear(int(np.prod(shape[1:])), int(args["units"])))
    return nn.ReLU() if kind == "relu" else Pool(kind, size, stride, pad)


def run(name, stride):
    lines = [re.sub("#.*", "", line).split() for line in open(f"pipelines/nets/{name}.net")]
    lines = [words for words in lines if words]
    shape = [BATCH] + [int(n) for n in lines[0][1].split("x")]
    maps = [f32(values(2000, int(np.prod(shape))) * 0.5).reshape(shape).requires_grad_()]
    params = []
    for words in lines[1:-1]:
        module = layer(words, maps[-1].shape).double()
        for p in module.parameters():
            scale = np.sqrt(3.0 / np.prod(p.shape[1:])) if p.dim() > 1 else 0.1
            p.data = f32(values(1000 + len(params), p.numel()) * scale).reshape(p.shape)
            params.append(p)
        maps.append(module(maps[-1]))
        maps[-1].retain_grad()
    label = torch.arange(BATCH) * 3 % 10
    loss = nn.functional.cross_entropy(maps[-1].flatten(1), label, reduction="sum")
    loss.backward()
    with open(f"tests/oracle/torch_{name}.bin", "wb") as out:
        out.write(struct.pack("<d", loss.item() / BATCH))
        for m in maps:
            out.write(struct.pack("<dd", m[0].norm().item(), m.grad[0].norm().item()))
        for p in params:
            grad = (p.grad / BATCH).flatten().numpy()
            out.write(struct.pack("<d", np.sqrt((grad**2).sum())))
            out.write(grad[::stride].astype("<f4").tobytes())
    print(name, sum(p.numel() for p in params), "loss", loss.item() / BATCH)


for name, stride in NETS.items():
    run(name, stride)
