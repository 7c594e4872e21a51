/* SPDX-License-Identifier: MIT
 *
 * plane.c - points in a plane as files
 */
#include "view/plane.h"

#include "io/file.h"
#include "io/provenance.h"

static const char *class_of(const struct aq_plane *p, int32_t label)
{
	return label >= 0 && label < p->n_classes ? p->classes[label] : "";
}

int aq_plane_csv(const struct aq_plane *p, const char *path)
{
	struct aq_str text = { 0 };
	aq_str_add(&text, p->label ? "point,split,index,label,class,x,y\n" : "point,x,y\n");
	for (int i = 0; i < p->count; i++) {
		aq_str_add(&text, "%d,", i);
		if (p->label)
			aq_str_add(&text, "%s,%llu,%d,%s,", p->split,
				   (unsigned long long)p->index[i], p->label[i],
				   class_of(p, p->label[i]));
		aq_str_add(&text, "%.9g,%.9g\n", (double)p->y[2 * i], (double)p->y[2 * i + 1]);
	}
	int rc = aq_str_check(&text);
	if (rc == AQ_OK)
		rc = aq_file_write(path, false, text.at, text.length);
	aq_str_free(&text);
	return rc;
}

static int write_history(const struct aq_plane *p, struct aq_h5 *file,
			 const struct aq_drawing *drawing)
{
	uint32_t digest;
	int rc;
	AQ_TRY(aq_history_copy(p->gallery->file, file));
	AQ_TRY(aq_history_add(file, drawing->program, drawing->arguments));
	AQ_TRY(aq_h5_digest(p->gallery->file, &digest));
	rc = aq_history_input(file, "snap", digest);
done:
	return rc;
}

static int write_head(const struct aq_plane *p, struct aq_h5 *file)
{
	int rc;
	AQ_TRY(aq_h5_set_int(file, "/", "step", p->gallery->step));
	AQ_TRY(aq_h5_set_text(file, "/", "layer", p->layer));
	AQ_TRY(aq_h5_set_text(file, "/", "of", p->of));
	AQ_TRY(aq_h5_set_real(file, "/", "perplexity", p->perplexity));
	AQ_TRY(aq_h5_set_real(file, "/", "theta", p->theta));
	AQ_TRY(aq_h5_set_int(file, "/", "iterations", p->iterations));
	AQ_TRY(aq_h5_set_int(file, "/", "seed", (int64_t)p->seed));
	AQ_TRY(aq_h5_set_real(file, "/", "divergence", p->divergence));
	rc = aq_h5_put_text(file, "/net", p->gallery->net_text);
done:
	return rc;
}

int aq_plane_write(const struct aq_plane *p, const char *path, const struct aq_drawing *drawing)
{
	const uint64_t n = (uint64_t)p->count;
	struct aq_h5 *file = NULL;
	int rc;
	AQ_TRY(aq_h5_create(&file, path, "aquatint-embed", drawing->keep));
	AQ_TRY(write_history(p, file, drawing));
	AQ_TRY(write_head(p, file));
	AQ_TRY(aq_h5_put(file, "/plane", AQ_SHAPE2(AQ_F32, n, 2), p->y));
	AQ_TRY(aq_h5_set_text(file, "/plane", "axes", "point,x-y"));
	if (p->label) {
		AQ_TRY(aq_h5_put(file, "/example/index", AQ_SHAPE1(AQ_U64, n), p->index));
		AQ_TRY(aq_h5_put(file, "/example/label", AQ_SHAPE1(AQ_I32, n), p->label));
		AQ_TRY(aq_h5_set_text(file, "/example", "split", p->split));
		AQ_TRY(aq_h5_put_texts(file, "/classes", p->classes, p->n_classes));
	}
	struct aq_h5 *whole = file;
	file = NULL;
	rc = aq_h5_publish(whole);
done:
	aq_h5_close(file);
	return rc < 0 ? aq_while(rc, "cannot write the coordinates %s", path) : rc;
}
