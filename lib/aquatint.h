/* SPDX-License-Identifier: MIT
 *
 * aquatint.h - all of the library, floor by floor; the only header that commands include
 */
#ifndef AQ_AQUATINT_H
#define AQ_AQUATINT_H

#include "base/err.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/opt.h"
#include "base/rng.h"
#include "base/signals.h"
#include "base/str.h"
#include "base/threads.h"

#include "io/file.h"
#include "io/gz.h"
#include "io/h5.h"
#include "io/provenance.h"
#include "io/schema.h"

#include "nn/engine.h"
#include "nn/gradcheck.h"
#include "nn/net.h"
#include "nn/solver.h"

#include "data/dataset.h"
#include "data/feed.h"
#include "data/ingest.h"

#include "run/describe.h"
#include "run/diff.h"
#include "run/options.h"
#include "run/parts.h"
#include "run/replay.h"
#include "run/rules.h"
#include "run/run.h"
#include "run/session.h"
#include "run/snap.h"
#include "run/trainer.h"
#include "run/verify.h"

#include "view/curves.h"
#include "view/diagnose.h"
#include "view/embed.h"
#include "view/examples.h"
#include "view/film.h"
#include "view/flow.h"
#include "view/panel.h"
#include "view/report.h"
#include "view/sharing.h"
#include "view/smoothness.h"
#include "view/snap_tiles.h"
#include "view/tiles.h"
#include "view/views.h"

#include "cli/cmd.h"

#endif
