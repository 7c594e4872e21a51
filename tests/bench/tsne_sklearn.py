# SPDX-License-Identifier: MIT
#
# tsne_sklearn.py POINTS WIDTH THREADS ITERATIONS: seconds, of the processor, and divergence of scikit-learn's t-SNE
import os
import sys
import time

os.environ['OMP_NUM_THREADS'] = sys.argv[3]

import numpy
from sklearn.manifold import TSNE

x = numpy.fromfile(sys.argv[1], 'float32').reshape(-1, int(sys.argv[2]))
# the first two components, as small as scikit-learn makes them
start = x[:, :2] / x[:, 0].std() * 1e-4
tsne = TSNE(perplexity=30, angle=0.5, n_iter=int(sys.argv[4]), init=start, learning_rate='auto',
            n_jobs=int(sys.argv[3]), random_state=1)
wall, cpu = time.time(), time.process_time()
tsne.fit(x)
print(time.time() - wall, time.process_time() - cpu, tsne.kl_divergence_)
