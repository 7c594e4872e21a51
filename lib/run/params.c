/* SPDX-License-Identifier: MIT
 *
 * params.c - flat arrays like the parameters of a network, in files
 */
#include "run/params.h"

#include <stdio.h>
#include <string.h>

enum { LONGEST = 512 };

static struct aq_h5_shape shape_of(const struct aq_param *param)
{
	struct aq_h5_shape shape = { .type = AQ_F32, .rank = param->rank };
	for (int d = 0; d < param->rank; d++)
		shape.dim[d] = (uint64_t)param->dim[d];
	return shape;
}

int aq_params_write(struct aq_h5 *file, const char *prefix, const struct aq_net *net, const aq_real *flat)
{
	static const char *const axes[] = { "", "out", "out,in", "out,in,y", "out,in,y,x" };
	int rc = AQ_OK;
	for (int i = 0; i < net->params; i++) {
		const struct aq_param *param = net->param[i];
		char name[LONGEST];
		snprintf(name, sizeof name, "%s/%s/%s", prefix, net->owner[i]->name, param->name);
		AQ_TRY(aq_h5_put(file, name, shape_of(param), flat + param->offset));
		AQ_TRY(aq_h5_axes(file, name, axes[param->rank]));
	}
done:
	return rc;
}

int aq_params_read(struct aq_h5 *file, const char *prefix, const struct aq_net *net, aq_real *flat)
{
	int rc = AQ_OK;
	for (int i = 0; i < net->params; i++) {
		const struct aq_param *param = net->param[i];
		char name[LONGEST];
		snprintf(name, sizeof name, "%s/%s/%s", prefix, net->owner[i]->name, param->name);
		AQ_TRY(aq_h5_get_into(file, name, shape_of(param), flat + param->offset));
	}
done:
	return rc;
}

int aq_state_write(struct aq_h5 *file, const char *prefix, struct aq_trainer *trainer, const aq_real *previous)
{
	char name[LONGEST];
	int rc;
	snprintf(name, sizeof name, "%s/weights", prefix);
	AQ_TRY(aq_params_write(file, name, trainer->net, trainer->weights));
	for (int slot = 0; slot < aq_solver_slots(trainer->solver); slot++) {
		snprintf(name, sizeof name, "%s/solver/%s", prefix, aq_solver_slot_name(trainer->solver, slot));
		AQ_TRY(aq_params_write(file, name, trainer->net, aq_solver_slot(trainer->solver, slot)));
	}
	if (previous) {
		snprintf(name, sizeof name, "%s/previous_grad", prefix);
		AQ_TRY(aq_params_write(file, name, trainer->net, previous));
	}
done:
	return rc;
}

int aq_state_read(struct aq_h5 *file, const char *prefix, struct aq_trainer *trainer, aq_real *previous)
{
	char name[LONGEST];
	int rc;
	snprintf(name, sizeof name, "%s/weights", prefix);
	AQ_TRY(aq_params_read(file, name, trainer->net, trainer->weights));
	for (int slot = 0; slot < aq_solver_slots(trainer->solver); slot++) {
		snprintf(name, sizeof name, "%s/solver/%s", prefix, aq_solver_slot_name(trainer->solver, slot));
		AQ_TRY(aq_params_read(file, name, trainer->net, aq_solver_slot(trainer->solver, slot)));
	}
	snprintf(name, sizeof name, "%s/previous_grad", prefix);
	if (previous && aq_h5_has(file, name))
		AQ_TRY(aq_params_read(file, name, trainer->net, previous));
	aq_trainer_ready(trainer);
done:
	return rc;
}
