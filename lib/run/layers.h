/* SPDX-License-Identifier: MIT
 *
 * layers.h - the table of a network's layers (look/layers.h) in words, as JSON, as CSV
 */
#ifndef AQ_RUN_LAYERS_H
#define AQ_RUN_LAYERS_H

#include "base/str.h"
#include "nn/net.h"

void aq_layers_text(const struct aq_net *net, struct aq_str *to); /* with its sums */
void aq_layers_json(const struct aq_net *net, struct aq_str *to); /* a list of objects */
void aq_layers_csv(const struct aq_net *net, struct aq_str *to);  /* a head, then a line a layer */

#endif
