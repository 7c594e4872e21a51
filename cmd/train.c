/* SPDX-License-Identifier: MIT
 *
 * aquatint-train - train a network and keep what every step did
 */
#include "aquatint.h"

#include <stdio.h>

static void began(const struct aq_trainer *t)
{
	aq_say("%d layers, %zu parameters; %lld training examples; %lld steps of %lld examples on "
	       "%d threads",
	       t->net->layers, t->net->count, (long long)t->data->split[AQ_TRAIN].count,
	       (long long)t->steps, (long long)t->args->batch, aq_pool_threads(t->pool));
}

static void scored(const struct aq_trainer *t, enum aq_split split, struct aq_score score)
{
	aq_say_begin("eval");
	aq_say_int("step", t->step);
	aq_say_text("split", aq_split_name(split));
	aq_say_real("loss", score.loss);
	aq_say_real("error", score.error);
	aq_say_real("top5", score.top5);
	aq_say_real("train_loss", t->loss);
	aq_say_end();
}

static void ended(const struct aq_trainer *t, double seconds, int64_t steps)
{
	const double examples = (double)steps * (double)t->args->batch;
	aq_say_begin("done");
	aq_say_int("steps", t->step);
	aq_say_real("seconds", seconds);
	aq_say_real("examples_per_s", seconds > 0 ? examples / seconds : 0);
	aq_say_text("file", t->args->out);
	aq_say_end();
}

/* us, GFLOP/s and GB/s of one direction of a row; blank where there is nothing to tell. */
static void pass_text(char text[64], const struct aq_profile_pass *pass)
{
	char flop[16] = "", bytes[16] = "";
	if (pass->seconds > 0 && pass->flop > 0)
		snprintf(flop, sizeof flop, "%.1f", 1e-9 * pass->flop / pass->seconds);
	if (pass->seconds > 0 && pass->bytes > 0)
		snprintf(bytes, sizeof bytes, "%.1f", 1e-9 * pass->bytes / pass->seconds);
	snprintf(text, 64, "%9.1f %7s %6s", 1e6 * pass->seconds, flop, bytes);
	if (pass->seconds == 0)
		snprintf(text, 64, "%24s", "");
}

static void say_pass(const char *const names[3], const struct aq_profile_pass *pass)
{
	const double seconds = pass->seconds;
	aq_say_real(names[0], 1e6 * seconds);
	aq_say_real(names[1], seconds > 0 ? 1e-9 * pass->flop / seconds : 0);
	aq_say_real(names[2], seconds > 0 ? 1e-9 * pass->bytes / seconds : 0);
}

static void say_row(const struct aq_profile_row *row)
{
	static const char *const forward[] = { "forward_us", "forward_gflops", "forward_gbs" };
	static const char *const backward[] = { "backward_us", "backward_gflops", "backward_gbs" };
	aq_say_begin("profile");
	aq_say_text("name", row->name);
	aq_say_text("what", row->what);
	say_pass(forward, &row->forward);
	say_pass(backward, &row->backward);
	aq_say_real("share", row->share);
	aq_say_end();
}

static void profiled(const struct aq_profile *p)
{
	char forward[64], backward[64];
	aq_say_aside("where the time went: %lld steps of %.4g examples on %d threads, %s; %.4g us a step; times "
		     "are those of all threads", (long long)p->steps, p->examples, p->threads, aq_engine_isa(),
		     1e6 * p->seconds);
	aq_say_aside("%-12s %9s %7s %6s %9s %7s %6s %7s", "", "forward", "GFLOP/s", "GB/s", "backward", "GFLOP/s",
		     "GB/s", "share");
	for (int i = 0; i < p->rows; i++) {
		const struct aq_profile_row *row = &p->row[i];
		pass_text(forward, &row->forward);
		pass_text(backward, &row->backward);
		aq_say_aside("%-12.12s %s %s %5.1f %%  %s", row->name, forward, backward, 100 * row->share,
			     row->what);
		if (aq_say_is_json())
			say_row(row);
	}
}

static void show_row(const struct aq_gradcheck_row *row)
{
	aq_say_begin("gradcheck");
	aq_say_text("tensor", row->what);
	aq_say_text("when", row->when);
	aq_say_int("checked", row->checked);
	aq_say_int("kinks", row->kinks);
	aq_say_real("worst_error", row->worst);
	aq_say_text("result", row->passed ? "passed" : "FAILED");
	aq_say_end();
}

static int train(const void *args)
{
	static const struct aq_session_ear ear = { began, scored, ended, profiled };
	if (((const struct aq_train_args *)args)->gradcheck)
		return aq_session_gradcheck(args, show_row);
	return aq_session_train(args, aq_cmd_program(), aq_cmd_arguments(), &ear);
}

int main(int argc, char **argv)
{
	const struct aq_cmd cmd = {
		.name = "train",
		.brief = "train a network and keep what every step did to every weight",
		.size = sizeof(struct aq_train_args),
		.opts = aq_train_opts(),
		.run = train,
	};
	return aq_cmd_main(&cmd, argc, argv);
}
