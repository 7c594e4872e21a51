/* SPDX-License-Identifier: MIT
 *
 * report_words.c - the words and tables of a report
 */
#include "view/report_private.h"

#include "draw/text.h"
#include "io/provenance.h"
#include "look/layers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void aq_report_count(struct aq_str *to, long long count)
{
	char digits[32];
	const int n = snprintf(digits, sizeof digits, "%lld", count);
	for (int i = 0; i < n; i++)
		aq_str_add(to, "%s%c", i > 0 && (n - i) % 3 == 0 && digits[i - 1] != '-' ? "," : "",
			   digits[i]);
}

static void put_number(struct aq_str *to, double value, int digits)
{
	char text[AQ_NUMBER_ROOM];
	aq_str_add(to, "%s", aq_number(text, value, digits));
}

/* "1 step", "3 layers" */
static void put_many(struct aq_str *to, long long count, const char *one)
{
	aq_report_count(to, count);
	aq_str_add(to, " %s%s", one, count == 1 ? "" : "s");
}

/* ---- summary --------------------------------------------------------------------------------- */

/* "3 conv, 3 relu and 1 dense" */
static void put_kinds(struct aq_str *to, const struct aq_net *net)
{
	int left = 0;
	for (int t = 0; aq_layer_types[t]; t++)
		for (int i = 1; i < net->layers; i++)
			if (net->layer[i].type == aq_layer_types[t]) {
				left++;
				break;
			}
	for (int t = 0; aq_layer_types[t]; t++) {
		int count = 0;
		for (int i = 1; i < net->layers; i++)
			count += net->layer[i].type == aq_layer_types[t];
		if (count == 0)
			continue;
		left--;
		aq_str_add(to, "%d %s%s", count, aq_layer_types[t]->name,
			   left > 1 ? ", " : left == 1 ? " and " : "");
	}
}

static void put_training(struct aq_str *to, const struct aq_report *r)
{
	const struct aq_run *run = r->run;
	aq_str_add(to, "It was trained for ");
	put_many(to, run->done, "step");
	aq_str_add(to, " of ");
	put_many(to, run->args.batch, "example");
	if (run->epoch_steps > 0) {
		aq_str_add(to, " (");
		put_number(to, (double)run->done / (double)run->epoch_steps, 3);
		aq_str_add(to, " epochs)");
	}
	aq_str_add(to, " with %s, starting at a learning rate of ",
		   aq_solver_names[run->args.solver.solver]);
	put_number(to, (double)r->course.trace.lr[0], 3);
	aq_str_add(to, run->done < run->steps ? "; " : ". ");
	if (run->done < run->steps) {
		aq_report_count(to, run->steps);
		aq_str_add(to, " were planned. ");
	}
}

static void put_outcome(struct aq_str *to, const struct aq_report *r)
{
	const struct aq_trace *t = &r->course.trace;
	const struct aq_evals *e = &r->course.evals;
	aq_str_add(to, "The loss of the training batches went from ");
	put_number(to, (double)r->album.loss[0], 3);
	aq_str_add(to, " to ");
	put_number(to, (double)t->loss.smooth[t->bands - 1], 3);
	aq_str_add(to, " (a running mean; guessing would be ln %d = ", r->run->net->classes);
	put_number(to, log(r->run->net->classes), 3);
	aq_str_add(to, ").");
	if (e->count > 0) {
		const uint64_t last = e->count - 1;
		aq_str_add(to, " After step ");
		aq_report_count(to, (long long)e->step[last]);
		aq_str_add(to, " it got %.1f %% of the %s pictures wrong.", 100 * (double)e->error[last],
			   aq_split_name((enum aq_split)e->split[last]));
	}
}

int aq_report_summary(struct aq_report *r, struct aq_str *to)
{
	const struct aq_net *net = r->run->net;
	aq_str_add(to, "A network of ");
	put_many(to, net->layers - 1, "layer");
	aq_str_add(to, " (");
	put_kinds(to, net);
	aq_str_add(to, ") with ");
	put_many(to, (long long)net->count, "parameter");
	aq_str_add(to, " that tells pictures of %d×%d×%d apart into %d classes. ", net->input.c,
		   net->input.y, net->input.x, net->classes);
	put_training(to, r);
	put_outcome(to, r);
	return AQ_OK;
}

/* ---- findings -------------------------------------------------------------------------------- */

int aq_report_findings(struct aq_report *r, struct aq_str *to)
{
	const struct aq_findings *f = &r->findings;
	if (f->count == 0)
		aq_str_add(to, "<p class=\"sound\">%s</p>\n",
			   f->notes.length ? "What the rules could judge is in order."
					   : "No rule found anything wrong with this training.");
	else
		aq_str_add(to, "<ul class=\"findings\">\n");
	for (int i = 0; i < f->count; i++) {
		const struct aq_finding *one = &f->at[i];
		aq_str_add(to, "<li><b>%s</b> <span>", one->rule);
		aq_html_text(to, one->layer);
		aq_str_add(to, "%sstep ", *one->layer ? ", " : "");
		aq_report_count(to, one->step);
		aq_str_add(to, "</span> ");
		aq_html_text(to, one->words);
		aq_str_add(to, "</li>\n");
	}
	if (f->count)
		aq_str_add(to, "</ul>\n");
	if (f->notes.length) {
		aq_str_add(to, "<p class=\"aside\">");
		aq_html_text(to, aq_str_text(&f->notes));
		aq_str_add(to, "</p>\n");
	}
	return AQ_OK;
}

/* ---- the network ----------------------------------------------------------------------------- */

/* "5×3", or "5" where both are the same. */
static void put_pair(struct aq_str *to, int64_t y, int64_t x)
{
	aq_str_add(to, "<td>%lld", (long long)y);
	if (x != y)
		aq_str_add(to, "×%lld", (long long)x);
	aq_str_add(to, "</td>");
}

static void put_bytes(struct aq_str *to, uint64_t bytes)
{
	char text[AQ_NUMBER_ROOM];
	aq_str_add(to, "<td>%s</td>", bytes ? aq_number_count(text, (double)bytes) : "");
}

static void put_layer(struct aq_str *to, const struct aq_net *net, const struct aq_layer *layer)
{
	const struct aq_layer_row row = aq_layer_row_of(net, layer);
	const struct aq_window *w = &row.window;
	char pad[AQ_LAYER_WORD], offset[2][AQ_NUMBER_ROOM];
	aq_str_add(to, "<tr><th scope=\"row\">");
	aq_html_text(to, layer->name);
	aq_str_add(to, "</th><td>%s</td>", layer->type->name);
	if (row.slides) {
		put_pair(to, w->fy, w->fx);
		put_pair(to, w->sy, w->sx);
		aq_str_add(to, "<td>%s</td>", aq_layer_pad(pad, w));
	} else {
		aq_str_add(to, "<td></td><td></td><td></td>");
	}
	put_pair(to, row.field[0], row.field[1]);
	put_pair(to, row.step[0], row.step[1]);
	aq_str_add(to, "<td>%s%s%s</td><td>%d×%d×%d</td><td>", aq_number(offset[0], row.offset[0], 4),
		   row.offset[0] != row.offset[1] ? "×" : "",
		   row.offset[0] != row.offset[1] ? aq_number(offset[1], row.offset[1], 4) : "",
		   layer->out.c, layer->out.y, layer->out.x);
	if (row.params)
		aq_report_count(to, (long long)row.params);
	aq_str_add(to, "</td>");
	put_bytes(to, row.data_bytes);
	put_bytes(to, row.param_bytes);
	aq_str_add(to, "</tr>\n");
}

int aq_report_network(struct aq_report *r, struct aq_str *to)
{
	static const char *const heads[] = { "layer", "kind",	  "kernel", "stride",	  "padding", "sees",
					     "every", "offset", "puts out", "parameters", "bytes a map",
					     "bytes to keep" };
	const struct aq_net *net = r->run->net;
	const struct aq_layer_row total = aq_layer_row_total(net);
	aq_str_add(to, "<table class=\"network\">\n<thead><tr>");
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		aq_str_add(to, "<th scope=\"col\">%s</th>", heads[i]);
	aq_str_add(to, "</tr></thead>\n<tbody>\n");
	for (int i = 0; i < net->layers; i++)
		put_layer(to, net, &net->layer[i]);
	aq_str_add(to, "</tbody>\n<tfoot><tr><th scope=\"row\">loss</th><td>%s</td><td colspan=\"6\"></td>"
		       "<td>%d classes</td><td>", net->loss->name, net->classes);
	aq_report_count(to, (long long)total.params);
	aq_str_add(to, "</td>");
	put_bytes(to, total.data_bytes);
	put_bytes(to, total.param_bytes);
	aq_str_add(to, "</tr></tfoot>\n</table>\n");
	return AQ_OK;
}

/* ---- where it comes from --------------------------------------------------------------------- */

int aq_report_options(struct aq_report *r, struct aq_str *to)
{
	const struct aq_train_args *args = &r->run->args;
	aq_str_add(to, "<dl class=\"options\">\n");
	for (const struct aq_opt *opt = aq_train_opts(); opt->name; opt++) {
		struct aq_str value = { 0 };
		if (opt->aside || opt->operand)
			continue;
		aq_opt_print(opt, args, &value);
		if (value.length) {
			aq_str_add(to, "<div%s><dt>%s</dt><dd>",
				   aq_opt_given(opt, args) ? " class=\"given\"" : "", opt->name);
			aq_html_text(to, aq_str_text(&value));
			aq_str_add(to, "</dd></div>\n");
		}
		aq_str_free(&value);
	}
	aq_str_add(to, "</dl>\n");
	return AQ_OK;
}

int aq_report_history(struct aq_report *r, struct aq_str *to)
{
	char **records = NULL;
	int count = 0, rc;
	AQ_TRY(aq_history_read(r->run->file, &records, &count));
	aq_str_add(to, "<ol class=\"history\">\n");
	for (int i = 0; i < count; i++) {
		aq_str_add(to, "<li><code>");
		aq_html_text(to, records[i]);
		aq_str_add(to, "</code></li>\n");
	}
	aq_str_add(to, "<li><code>");
	aq_html_text(to, r->drawing->program);
	aq_str_add(to, " %s", AQ_VERSION);
	if (*r->drawing->arguments) {
		aq_str_add(to, ": ");
		aq_html_text(to, r->drawing->arguments);
	}
	aq_str_add(to, "</code></li>\n</ol>\n<pre class=\"net\" tabindex=\"0\" aria-label=\"the network as it "
		       "was written\">");
	aq_html_text(to, r->run->net_text);
	aq_str_add(to, "</pre>\n");
done:
	free(records);
	return rc;
}
