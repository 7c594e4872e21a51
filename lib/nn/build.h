/* SPDX-License-Identifier: MIT
 *
 * build.h - how a network grows, layer by layer; between netfile.c and net.c
 */
#ifndef AQ_NN_BUILD_H
#define AQ_NN_BUILD_H

#include "nn/net.h"

/* Limits that keep every size below what an int or a file can say. */
enum { AQ_MOST_LAYERS = 1000, AQ_LONGEST_NAME = 63 };
#define AQ_MOST_WEIGHTS ((size_t)1 << 31)
#define AQ_MOST_CELLS   ((size_t)1 << 28)

/* An empty network with a copy of its text. */
int aq_net_begin(struct aq_net **net, const char *text) AQ_CHECKED;

/* Append a layer whose type, name, args, line and inputs are set: gives it its shapes and
 * parameters. */
int aq_net_append(struct aq_net *net, const struct aq_layer *layer) AQ_CHECKED;

/* No more layers: list the parameters, check that the loss can read what the last layer gives. */
int aq_net_end(struct aq_net *net, const struct aq_loss *loss) AQ_CHECKED;

#endif
