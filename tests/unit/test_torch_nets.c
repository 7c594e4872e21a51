/* SPDX-License-Identifier: MIT
 *
 * The gradients of the networks of pipelines/nets against PyTorch in float64 (tests/oracle/torch_nets.py).
 */
#include "../oracle/hash.h"

#include "nn/engine.h"
#include "nn/net.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { BATCH = 7 };
/* Relative norm of the difference: what single precision allows, and a bug would not. */
static const double allowed = 1e-5;

/* A file of the source tree, from wherever below it the test runs. */
static FILE *open_source(const char *name)
{
	for (const char *up = "../../../../../../";; up += 3) {
		char path[256];
		snprintf(path, sizeof path, "%s%s", up, name);
		FILE *file = fopen(path, "rb");
		if (file)
			return file;
		if (!*up)
			fail_msg("there is no %s", name);
	}
}

static struct aq_net *read_net(const char *name)
{
	static char text[1 << 14], path[128];
	struct aq_net *net;
	snprintf(path, sizeof path, "pipelines/nets/%s.net", name);
	FILE *file = open_source(path);
	text[fread(text, 1, sizeof text - 1, file)] = '\0';
	fclose(file);
	assert_int_equal(aq_net_parse(&net, text, path), AQ_OK);
	return net;
}

static void fill(void *self, int first, int n, aq_real *x, int32_t *label)
{
	const struct aq_net *net = self;
	const uint32_t width = (uint32_t)aq_shape_count(net->input);
	for (int k = 0; k < n; k++) {
		label[k] = (first + k) * 3 % 10;
		for (uint32_t i = 0; i < width; i++)
			x[i * (uint32_t)n + (uint32_t)k] =
				(float)(oracle_value(2000, (uint32_t)(first + k) * width + i) * 0.5);
	}
}

static void set_weights(const struct aq_net *net, aq_real *weights)
{
	for (int p = 0; p < net->params; p++) {
		const struct aq_param *param = net->param[p];
		const double inputs = (double)param->count / param->dim[0];
		const double scale = param->rank > 1 ? sqrt(3.0 / inputs) : 0.1;
		for (uint32_t i = 0; i < param->count; i++)
			weights[param->offset + i] = (float)(oracle_value(1000 + (uint32_t)p, i) * scale);
	}
}

static double read_double(FILE *file)
{
	double value;
	assert_int_equal(fread(&value, sizeof value, 1, file), 1);
	return value;
}

static double norm(const aq_real *v, size_t count)
{
	double sum = 0;
	for (size_t i = 0; i < count; i++)
		sum += (double)v[i] * (double)v[i];
	return sqrt(sum);
}

static void close_to(double have, double want)
{
	if (!(fabs(have - want) <= allowed * fabs(want)))
		fail_msg("%.9g instead of %.9g", have, want);
}

static void check_maps(const struct aq_net *net, struct aq_engine *engine, FILE *file)
{
	for (int l = 0; l < net->layers; l++) {
		const size_t count = aq_shape_count(net->layer[l].out);
		close_to(norm(aq_engine_out(engine, l), count), read_double(file));
		close_to(norm(aq_engine_delta(engine, l), count), read_double(file));
	}
}

/* The relative norm of the difference over the elements that are stored; the norm over all of them. */
static void check_gradient(const struct aq_net *net, int p, const aq_real *grad, size_t stride, FILE *file)
{
	const struct aq_param *param = net->param[p];
	double error = 0, size = 0;
	close_to(norm(grad, param->count), read_double(file));
	for (size_t i = 0; i < param->count; i += stride) {
		float want;
		assert_int_equal(fread(&want, sizeof want, 1, file), 1);
		error += ((double)grad[i] - (double)want) * ((double)grad[i] - (double)want);
		size += (double)want * (double)want;
	}
	const double relative = sqrt(error / size);
	printf("%s/%s: relative error %.1e\n", net->owner[p]->name, param->name, relative);
	assert_true(size > 0 && relative <= allowed);
}

static void check_net(const char *name, size_t stride)
{
	struct aq_net *net = read_net(name);
	struct aq_pool *pool;
	struct aq_engine *engine;
	double loss[BATCH], mean = 0;
	char path[128];
	assert_int_equal(aq_pool_new(&pool, 2), AQ_OK);
	assert_int_equal(aq_engine_new(&engine, net, BATCH, pool), AQ_OK);
	aq_real *grad = calloc(net->count, sizeof *grad);
	set_weights(net, aq_engine_weights(engine));
	aq_engine_pack(engine);
	const struct aq_batch batch = { .count = BATCH, .fill = fill, .self = net, .loss = loss };
	aq_engine_backward(engine, &batch, grad);
	for (int k = 0; k < BATCH; k++)
		mean += loss[k] / BATCH;
	aq_engine_open(engine, &batch, 0);

	snprintf(path, sizeof path, "tests/oracle/torch_%s.bin", name);
	FILE *file = open_source(path);
	close_to(mean, read_double(file));
	check_maps(net, engine, file);
	for (int p = 0; p < net->params; p++)
		check_gradient(net, p, grad + net->param[p]->offset, stride, file);
	assert_int_equal(fgetc(file), EOF);
	fclose(file);
	free(grad);
	aq_engine_free(engine);
	aq_pool_free(pool);
	aq_net_free(net);
}

static void convnetjs_cifar(void **state)
{
	(void)state;
	check_net("convnetjs-cifar", 1);
}

static void matconvnet_cifar(void **state)
{
	(void)state;
	check_net("matconvnet-cifar", 1);
}

static void convnetjs_mnist(void **state)
{
	(void)state;
	check_net("convnetjs-mnist", 1);
}

static void matconvnet_mnist(void **state)
{
	(void)state;
	check_net("matconvnet-mnist", 97);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(convnetjs_cifar),
		cmocka_unit_test(matconvnet_cifar),
		cmocka_unit_test(convnetjs_mnist),
		cmocka_unit_test(matconvnet_mnist),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
