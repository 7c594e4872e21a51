# SPDX-License-Identifier: MIT
"""What the optimizers of PyTorch make of given gradients: writes torch_solvers.h

    python3 tests/oracle/torch_solvers.py > tests/oracle/torch_solvers.h

Ten steps in float64 on a weight [3][5] and a bias [3].  First weights and gradients come from the
hash of hash.h.  PyTorch is needed for this alone, not to build or to test.
"""
import torch

STEPS, KEPT = 10, (1, 2, 5, 10)
SHAPES = ((3, 5), (3,))
COUNT = 18


def value(s, i):
    x = (s * 0x9E3779B1 + i) & 0xFFFFFFFF
    x ^= x >> 16
    x = x * 0x7FEB352D & 0xFFFFFFFF
    x ^= x >> 15
    x = x * 0x846CA68B & 0xFFFFFFFF
    x ^= x >> 16
    return (x >> 8) / 8388608 - 1


def gradient(step, i):
    """Small and large ones; that of weight 7 is always zero."""
    return 0.0 if i == 7 else value(600 + step, i) * (1.0, 0.01, 10.0)[i % 3]


# our solver; theirs; lr, momentum, rho, beta1, beta2, eps, l2
OPTIM = torch.optim
CASES = [
    ("sgd", lambda p: OPTIM.SGD(p, 0.1), dict(lr=0.1)),
    ("sgd", lambda p: OPTIM.SGD(p, 0.1, weight_decay=0.05), dict(lr=0.1, l2=0.05)),
    ("momentum", lambda p: OPTIM.SGD(p, 0.05, 0.9), dict(lr=0.05, momentum=0.9)),
    ("momentum", lambda p: OPTIM.SGD(p, 0.05, 0.5, weight_decay=0.05),
     dict(lr=0.05, momentum=0.5, l2=0.05)),
    ("nesterov", lambda p: OPTIM.SGD(p, 0.05, 0.9, nesterov=True), dict(lr=0.05, momentum=0.9)),
    ("nesterov", lambda p: OPTIM.SGD(p, 0.05, 0.5, weight_decay=0.05, nesterov=True),
     dict(lr=0.05, momentum=0.5, l2=0.05)),
    ("adagrad", lambda p: OPTIM.Adagrad(p, 0.1), dict(lr=0.1, eps=1e-10)),
    ("adagrad", lambda p: OPTIM.Adagrad(p, 0.1, weight_decay=0.05, eps=0.1),
     dict(lr=0.1, eps=0.1, l2=0.05)),
    ("rmsprop", lambda p: OPTIM.RMSprop(p, 0.01), dict(lr=0.01, rho=0.99, eps=1e-8)),
    ("rmsprop", lambda p: OPTIM.RMSprop(p, 0.01, 0.8, 0.1, weight_decay=0.05),
     dict(lr=0.01, rho=0.8, eps=0.1, l2=0.05)),
    ("adadelta", lambda p: OPTIM.Adadelta(p), dict(lr=1.0, rho=0.9, eps=1e-6)),
    ("adadelta", lambda p: OPTIM.Adadelta(p, 0.5, 0.95, 0.01, 0.05),
     dict(lr=0.5, rho=0.95, eps=0.01, l2=0.05)),
    ("adam", lambda p: OPTIM.Adam(p, 0.01), dict(lr=0.01, beta1=0.9, beta2=0.999, eps=1e-8)),
    ("adam", lambda p: OPTIM.Adam(p, 0.01, (0.5, 0.9), 0.1, 0.05),
     dict(lr=0.01, beta1=0.5, beta2=0.9, eps=0.1, l2=0.05)),
]
SETTINGS = ("lr", "momentum", "rho", "beta1", "beta2", "eps", "l2")


def tensors(number):
    """The numbers 0 .. COUNT-1 through `number`, as one tensor for each parameter."""
    flat = torch.tensor([number(i) for i in range(COUNT)], dtype=torch.float64)
    return [part.reshape(shape).clone() for part, shape in zip(flat.split([15, 3]), SHAPES)]


def run(make):
    params = [torch.nn.Parameter(t) for t in tensors(lambda i: value(600, i))]
    optimizer = make(params)
    kept = []
    for step in range(1, STEPS + 1):
        for param, grad in zip(params, tensors(lambda i: gradient(step, i))):
            param.grad = grad
        optimizer.step()
        if step in KEPT:
            kept += [x for param in params for x in param.detach().flatten().tolist()]
    return kept


def write_numbers(numbers):
    line = "\t\t"
    for x in numbers:
        if len(line) + len(repr(x)) > 80:
            print(line.rstrip())
            line = "\t\t"
        line += repr(x) + ", "
    print(line.rstrip())


print(f"""/* SPDX-License-Identifier: MIT
 *
 * torch_solvers.h - what the optimizers of PyTorch ({torch.__version__}) make of given gradients
 *
 * Written by tests/oracle/torch_solvers.py, which says how; do not edit.  First weights are
 * value(600, i), gradients of step t = 1, 2, ... value(600 + t, i) * (1, .01, 10)[i mod 3], and
 * zero for i = 7.
 */
#ifndef AQ_TESTS_TORCH_SOLVERS_H
#define AQ_TESTS_TORCH_SOLVERS_H

enum {{ TORCH_STEPS = {STEPS}, TORCH_COUNT = {COUNT} }};
static const int torch_kept[] = {{ {", ".join(map(str, KEPT))} }};

/* Weights after each of the steps of torch_kept. */
static const struct {{
	const char *solver;
	double lr, momentum, rho, beta1, beta2, eps, l2;
	double weights[{len(KEPT) * COUNT}];
}} torch_solvers[] = {{""")
for name, make, settings in CASES:
    print("\t{ \"%s\", %s, {" % (name, ", ".join(repr(settings.get(s, 0)) for s in SETTINGS)))
    write_numbers(run(make))
    print("\t} },")
print("};\n\n#endif")
