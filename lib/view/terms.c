/* SPDX-License-Identifier: MIT
 *
 * terms.c - what a snap holds about one weight
 */
#include "view/terms.h"

#include "io/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void aq_terms_free(struct aq_terms *s)
{
	free(s->seen);
	free(s->delta);
	free(s->terms);
	free(s->stored);
	free(s->label);
	free(s->classes);
	aq_gallery_close(&s->gallery);
}

/* ---- reading --------------------------------------------------------------------------------- */

static int find_weight(struct aq_terms *s, const char *weight)
{
	char name[64];
	const char *numbers;
	int rc;
	AQ_TRY(aq_place_name(weight, name, sizeof name, &numbers));
	AQ_TRY(aq_gallery_layer(&s->gallery, name, &s->layer));
	AQ_TRY(aq_place_parse(&s->place, s->layer, numbers));
	s->is_conv = s->layer->param[0].rank == 4;
	s->input = &s->gallery.net->layer[s->layer->input[0]];
	aq_sharing_size(&s->place, &s->height, &s->width);
	if (!s->is_conv)
		s->width = (int)s->gallery.examples;
	s->count = (size_t)s->height * (size_t)s->width;
done:
	return rc;
}

/* One number of each example of a map or a gradient: its place behind the example's number. */
static int read_numbers(struct aq_terms *s, const char *name, int rank, const uint64_t *at,
			float *numbers)
{
	struct aq_h5_shape shape;
	uint64_t extent[5] = { s->gallery.examples, 1, 1, 1, 1 };
	int rc;
	AQ_TRY(aq_h5_shape(s->gallery.file, name, &shape));
	if (shape.rank != rank || shape.dim[0] != s->gallery.examples)
		return aq_fail(AQ_EDATA, "%s of %s has not the shape that its network says", name,
			       s->gallery.path);
	rc = aq_h5_box(s->gallery.file, name, shape, at, extent, numbers);
done:
	return rc;
}

/* What is stored of the weight's gradient: of each example, and the mean over the step's batch. */
static int read_stored(struct aq_terms *s)
{
	const struct aq_param *param = &s->layer->param[0];
	const uint64_t at[5] = { 0, (uint64_t)s->place.out, (uint64_t)s->place.in,
				 (uint64_t)s->place.y, (uint64_t)s->place.x };
	float *grad = malloc(param->count * sizeof *grad);
	struct aq_h5_shape shape = { .type = AQ_F32, .rank = param->rank };
	char name[128];
	int rc = AQ_OK;
	s->stored = malloc(s->gallery.examples * sizeof *s->stored);
	if (!grad || !s->stored)
		rc = aq_fail(AQ_ENOMEM, "out of memory");
	AQ_TRY(rc);
	snprintf(name, sizeof name, "/example_grad/%s/weight", s->layer->name);
	AQ_TRY(read_numbers(s, name, param->rank + 1, at, s->stored));
	snprintf(name, sizeof name, "/grad/%s/weight", s->layer->name);
	for (int d = 0; d < param->rank; d++)
		shape.dim[d] = (uint64_t)param->dim[d];
	AQ_TRY(aq_h5_get_into(s->gallery.file, name, shape, grad));
	s->grad = grad[s->place.index];
done:
	free(grad);
	return rc;
}

/* The terms of one example of a convolution. */
static int read_places(struct aq_terms *s)
{
	struct aq_tensor input = { 0 }, delta = { 0 };
	int rc;
	AQ_TRY(aq_tensor_read(&input, &s->gallery, s->input, AQ_OF_ACTIVATION, NULL, 0,
			      s->example));
	AQ_TRY(aq_tensor_read(&delta, &s->gallery, s->layer, AQ_OF_DELTA, NULL, 0, s->example));
	s->sum = aq_sharing_terms(&s->place, input.at, delta.at, s->seen, s->terms);
	s->slack = aq_sharing_slack(s->terms, s->count);
	memcpy(s->delta, delta.at + (size_t)s->place.out * s->count, s->count * sizeof *s->delta);
done:
	aq_tensor_free(&input);
	aq_tensor_free(&delta);
	return rc;
}

void aq_terms_unit(const struct aq_terms *s, int *c, int *y, int *x)
{
	const struct aq_shape in = s->layer->in[0];
	*c = s->place.in / (in.y * in.x);
	*y = s->place.in / in.x % in.y;
	*x = s->place.in % in.x;
}

/* The terms of all examples of a dense layer. */
static int read_examples(struct aq_terms *s)
{
	char name[128];
	int c, y, x, rc;
	aq_terms_unit(s, &c, &y, &x);
	const uint64_t unit[4] = { 0, (uint64_t)c, (uint64_t)y, (uint64_t)x };
	const uint64_t out[4] = { 0, (uint64_t)s->place.out, 0, 0 };
	snprintf(name, sizeof name, "/activation/%s", s->input->name);
	AQ_TRY(read_numbers(s, name, 4, unit, s->seen));
	snprintf(name, sizeof name, "/delta/%s", s->layer->name);
	AQ_TRY(read_numbers(s, name, 4, out, s->delta));
	for (size_t i = 0; i < s->count; i++) {
		s->terms[i] = s->seen[i] * s->delta[i];
		s->sum += (double)s->terms[i];
	}
	s->slack = aq_sharing_slack(s->terms, s->count);
done:
	return rc;
}

int aq_terms_read(struct aq_terms *s, const char *snap, const char *weight, int64_t example)
{
	int rc;
	*s = (struct aq_terms){ .example = example };
	AQ_TRY(aq_gallery_open(&s->gallery, snap));
	struct aq_h5_shape labels = AQ_SHAPE1(AQ_I32, s->gallery.examples);
	if (!s->gallery.is_snap)
		return aq_fail(AQ_EDATA, "%s is no snap; open a step with aquatint-snapshot cut",
			       snap);
	AQ_TRY(find_weight(s, weight));
	s->seen = malloc(s->count * sizeof *s->seen);
	s->delta = malloc(s->count * sizeof *s->delta);
	s->terms = malloc(s->count * sizeof *s->terms);
	if (!s->seen || !s->delta || !s->terms)
		return aq_fail(AQ_ENOMEM, "out of memory");
	AQ_TRY(read_stored(s));
	AQ_TRY(s->is_conv ? read_places(s) : read_examples(s));
	AQ_TRY(aq_h5_get(s->gallery.file, "/example/label", &labels, (void **)&s->label));
	AQ_TRY(aq_h5_get_texts(s->gallery.file, "/classes", &s->classes, &s->n_classes));
done:
	return rc;
}

const char *aq_terms_class(const struct aq_terms *s, int64_t example)
{
	const int32_t label = s->label[example];
	return label >= 0 && label < s->n_classes ? s->classes[label] : "?";
}

int aq_terms_csv(const struct aq_terms *t, const char *path)
{
	struct aq_str text = { 0 };
	aq_str_add(&text, "what,example,y,x,seen,delta,value\n");
	for (size_t i = 0; i < t->count; i++) {
		if (t->is_conv)
			aq_str_add(&text, "term,%lld,%zu,%zu", (long long)t->example,
				   i / (size_t)t->width, i % (size_t)t->width);
		else
			aq_str_add(&text, "term,%zu,,", i);
		aq_str_add(&text, ",%.9g,%.9g,%.9g\n", (double)t->seen[i], (double)t->delta[i],
			   (double)t->terms[i]);
	}
	for (uint64_t k = 0; k < t->gallery.examples; k++)
		aq_str_add(&text, "example_grad,%llu,,,,,%.9g\n", (unsigned long long)k,
			   (double)t->stored[k]);
	aq_str_add(&text, "grad,,,,,,%.9g\n", (double)t->grad);
	int rc = aq_str_check(&text);
	if (rc == AQ_OK)
		rc = aq_file_write(path, false, text.at, text.length);
	aq_str_free(&text);
	return rc;
}
