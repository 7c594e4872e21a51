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

struct aq_state aq_state_of(struct aq_trainer *trainer, aq_real *previous)
{
	struct aq_state state = { .net = trainer->net, .slots = aq_solver_slots(trainer->solver),
				  .weights = trainer->weights, .previous = previous };
	for (int i = 0; i < state.slots; i++) {
		state.slot_name[i] = aq_solver_slot_name(trainer->solver, i);
		state.slot[i] = aq_solver_slot(trainer->solver, i);
	}
	return state;
}

/* Call move() for every array of the state that there is. */
static int each_array(const struct aq_state *state, struct aq_h5 *file, const char *prefix,
		      int (*move)(struct aq_h5 *file, const char *name, const struct aq_net *net, aq_real *flat))
{
	char name[LONGEST];
	int rc;
	snprintf(name, sizeof name, "%s/weights", prefix);
	AQ_TRY(move(file, name, state->net, state->weights));
	for (int i = 0; i < state->slots; i++) {
		snprintf(name, sizeof name, "%s/solver/%s", prefix, state->slot_name[i]);
		AQ_TRY(move(file, name, state->net, state->slot[i]));
	}
	snprintf(name, sizeof name, "%s/previous_grad", prefix);
	if (state->previous)
		AQ_TRY(move(file, name, state->net, state->previous));
done:
	return rc;
}

static int write_array(struct aq_h5 *file, const char *name, const struct aq_net *net, aq_real *flat)
{
	return aq_params_write(file, name, net, flat);
}

/* A previous gradient that is not there stays as it is. */
static int read_array(struct aq_h5 *file, const char *name, const struct aq_net *net, aq_real *flat)
{
	bool there = true;
	const int rc = strstr(name, "/previous_grad") ? aq_h5_find(file, name, &there) : AQ_OK;
	return rc < 0 || !there ? rc : aq_params_read(file, name, net, flat);
}

int aq_state_write(struct aq_h5 *file, const char *prefix, const struct aq_state *state)
{
	return each_array(state, file, prefix, write_array);
}

int aq_state_read(struct aq_h5 *file, const char *prefix, const struct aq_state *state)
{
	return each_array(state, file, prefix, read_array);
}
