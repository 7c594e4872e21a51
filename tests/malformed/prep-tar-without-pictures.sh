# SPDX-License-Identifier: MIT
# An archive of something else.
echo hello > readme.html
tar -czf bad.tar.gz readme.html
refuses 65 'bad.tar.gz is a tar archive without CIFAR batches' x.h5 aquatint-prep bad.tar.gz -o x.h5
