/* SPDX-License-Identifier: MIT
 *
 * aquatint-train - train a network and keep what every step did
 */
#include "aquatint.h"

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
	static const struct aq_session_ear ear = { began, scored, ended };
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
