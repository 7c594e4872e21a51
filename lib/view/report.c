/* SPDX-License-Identifier: MIT
 *
 * report.c - a run as one page: gathering what there is, and filling in the template
 */
#include "view/report_private.h"

#include "io/file.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- parts that are short -------------------------------------------------------------------- */

static int title(struct aq_report *r, struct aq_str *to)
{
	aq_html_text(to, r->name);
	return AQ_OK;
}

static int generator(struct aq_report *r, struct aq_str *to)
{
	(void)r;
	aq_str_add(to, "aquatint %s", AQ_VERSION);
	return AQ_OK;
}

static int style(struct aq_report *r, struct aq_str *to)
{
	(void)r;
	aq_str_add(to, "%s", aq_html_part("style.css"));
	return AQ_OK;
}

static int script(struct aq_report *r, struct aq_str *to)
{
	(void)r;
	aq_str_add(to, "%s", aq_html_part("report.js"));
	return AQ_OK;
}

static void put_colour(struct aq_str *to, const char *name, struct aq_rgb colour)
{
	aq_str_add(to, "--%s:", name);
	aq_html_colour(to, colour);
	aq_str_add(to, ";");
}

/* The colours of all pictures; hues are lighter on a dark page. */
static int colours(struct aq_report *r, struct aq_str *to)
{
	char name[16];
	(void)r;
	aq_str_add(to, ":root{");
	put_colour(to, "paper", AQ_PAPER);
	put_colour(to, "ink", AQ_INK);
	put_colour(to, "soft", AQ_SOFT);
	put_colour(to, "frame", AQ_FRAME);
	put_colour(to, "rule", AQ_RULE);
	put_colour(to, "wash", AQ_WASH);
	put_colour(to, "accent", AQ_ACCENT);
	put_colour(to, "good", AQ_GOOD);
	put_colour(to, "bad", AQ_BAD);
	for (int dark = 0; dark < 2; dark++) {
		for (int i = 0; i < AQ_HUES; i++) {
			snprintf(name, sizeof name, "hue%d", i);
			put_colour(to, name, dark ? aq_mix(aq_hue(i), AQ_PAPER, 0.4) : aq_hue(i));
		}
		aq_str_add(to, dark ? "}}\n" : "}\n@media screen and (prefers-color-scheme:dark){:root{");
	}
	for (int i = 0; i < AQ_HUES; i++)
		aq_str_add(to, ".hue%d{--hue:var(--hue%d)}", i, i);
	aq_str_add(to, "\n");
	return AQ_OK;
}

static int last_frame(struct aq_report *r, struct aq_str *to)
{
	aq_str_add(to, "%zu", r->album.frames - 1);
	return AQ_OK;
}

/* Classes of the body: what is not there is not shown. */
static int has(struct aq_report *r, struct aq_str *to)
{
	aq_str_add(to, "%s%s", r->album.exhibits ? "has-steps" : "", r->album.onlookers ? " has-examples" : "");
	return AQ_OK;
}

/* ---- the template ---------------------------------------------------------------------------- */

static const struct part {
	const char *name;
	int (*put)(struct aq_report *r, struct aq_str *to);
} parts[] = {
	{ "title", title },
	{ "generator", generator },
	{ "colours", colours },
	{ "style", style },
	{ "script", script },
	{ "last-frame", last_frame },
	{ "has", has },
	{ "summary", aq_report_summary },
	{ "findings", aq_report_findings },
	{ "curves", aq_report_curves },
	{ "flow", aq_report_flow },
	{ "embedding", aq_report_embed },
	{ "embedding-link", aq_report_embed_link },
	{ "examples", aq_report_examples },
	{ "layers", aq_report_layers },
	{ "numbers", aq_report_numbers },
	{ "network", aq_report_network },
	{ "options", aq_report_options },
	{ "history", aq_report_history },
};

static int put_part(struct aq_report *r, struct aq_str *to, const char *name, size_t length)
{
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (strlen(parts[i].name) == length && memcmp(parts[i].name, name, length) == 0)
			return parts[i].put(r, to);
	return aq_fail(AQ_EBUG, "the page asks for '%.*s', which nobody writes", (int)length, name);
}

static int fill(struct aq_report *r, struct aq_str *to)
{
	const char *at = aq_html_part("page.html");
	int rc = AQ_OK;
	for (const char *open; (open = strstr(at, "{{"));) {
		const char *close = strstr(open, "}}");
		if (!close)
			return aq_fail(AQ_EBUG, "the page has braces that do not close");
		aq_str_bytes(to, at, (size_t)(open - at));
		AQ_TRY(put_part(r, to, open + 2, (size_t)(close - open - 2)));
		at = close + 2;
	}
	aq_str_add(to, "%s", at);
	rc = aq_str_check(to);
done:
	return rc;
}

/* ---- the numbers as a table ------------------------------------------------------------------ */

static void put_cell(struct aq_str *to, double value)
{
	if (!isnan(value))
		aq_str_add(to, "%.9g", value);
	aq_str_add(to, ",");
}

void aq_report_line(struct aq_report *r, const char *what, const char *of, unsigned long long first,
		    unsigned long long last, double value, double min, double max)
{
	aq_str_csv(&r->csv, r->name);
	aq_str_add(&r->csv, ",%s,", what);
	aq_str_csv(&r->csv, of);
	aq_str_add(&r->csv, ",%llu,%llu,", first, last);
	put_cell(&r->csv, value);
	put_cell(&r->csv, min);
	put_cell(&r->csv, max);
	aq_str_add(&r->csv, "\n");
}

/* ---- the whole ------------------------------------------------------------------------------- */

enum { WIDTH = 362, WIDE = 1144 };

static int gather(struct aq_report *r, const struct aq_album_args *album)
{
	int rc;
	AQ_TRY(aq_album_fill(&r->album, album));
	r->run = r->album.replay.run;
	snprintf(r->name, sizeof r->name, "%s", aq_path_name(r->args->run));
	char *end = strstr(r->name, ".run.h5");
	if (end)
		*end = '\0';
	AQ_TRY(aq_course_read(&r->course, r->run, 0, false));
	rc = aq_rules_apply(r->args->run, &r->findings);
done:
	return rc;
}

int aq_report_write(const struct aq_report_args *args, const struct aq_drawing *drawing)
{
	const struct aq_album_args album = { .run = args->run,
					   .data = args->data,
					   .examples = args->examples,
					   .frames = args->frames,
					   .log = args->log,
					   .width = WIDTH,
					   .wide = WIDE,
					   .threads = args->threads };
	struct aq_report r = { .args = args, .drawing = drawing };
	struct aq_str page = { 0 };
	int rc;
	AQ_TRY(gather(&r, &album));
	AQ_TRY(fill(&r, &page));
	if (args->csv) {
		AQ_TRY(aq_str_check(&r.csv));
		AQ_TRY(aq_file_write(args->csv, false, r.csv.at, r.csv.length));
	}
	rc = aq_file_write(drawing->out, drawing->keep, page.at, page.length);
done:
	aq_str_free(&page);
	aq_findings_free(&r.findings);
	aq_course_free(&r.course);
	aq_str_free(&r.csv);
	aq_album_free(&r.album);
	return rc < 0 ? aq_while(rc, "cannot write the report %s", drawing->out) : rc;
}
