/* SPDX-License-Identifier: MIT
 *
 * solve.h - the arithmetic of the solvers on a run of weights (kernels solve_*)
 *
 *	sgd         u = -lr g
 *	momentum    v = mu v - lr g                      u = v
 *	nesterov    v' = mu v - lr g                     u = -mu v + (1 + mu) v'
 *	adagrad     s += g^2                             u = -lr g / (sqrt(s) + eps)
 *	windowgrad  s = rho s + (1 - rho) g^2            u = -lr g / sqrt(s + eps)
 *	rmsprop     s = rho s + (1 - rho) g^2            u = -lr g / (sqrt(s) + eps)
 *	adadelta    s = rho s + (1 - rho) g^2, d = -sqrt((x + eps) / (s + eps)) g,
 *	            x = rho x + (1 - rho) d^2            u = lr d (Zeiler, arXiv 1212.5701: lr = 1)
 *	adam (Kingma, Ba, arXiv 1412.6980)
 *	            m = b1 m + (1 - b1) g, s = b2 s + (1 - b2) g^2,
 *	            u = -lr (m / (1 - b1^t)) / (sqrt(s / (1 - b2^t)) + eps)
 */
#ifndef AQ_NUM_SOLVE_H
#define AQ_NUM_SOLVE_H

#include "num/real.h"

enum aq_rule {
	AQ_SGD,
	AQ_MOMENTUM,
	AQ_NESTEROV,
	AQ_ADAGRAD,
	AQ_WINDOWGRAD,
	AQ_RMSPROP,
	AQ_ADADELTA,
	AQ_ADAM,
};

enum { AQ_SOLVE_PIECE = 1024 }; /* most weights at a time; then AQ_SLACK of room */

struct aq_solve {
	aq_real lr, momentum, rho, new_rho, beta1, new1, beta2, new2; /* new: 1 - the other */
	aq_real mean_scale, square_scale, eps;                       /* 1 / (1 - beta^t) */
	aq_real *slot0, *slot1;
};

#endif
