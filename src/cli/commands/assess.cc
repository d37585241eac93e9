#include "app/assess.h"

#include "cli/assess_options.h"
#include "cli/command.h"

namespace assay::cli {
namespace {

std::function<Result<int>(Context&)> declare(Options& options) {
  struct State {
    AssessArguments a;
    std::string fail_on;
  };
  auto s = std::make_shared<State>();
  options.argument("DIR", s->a.directory, "the dossier: product.yaml, ics.yaml, ixit/")
      .text("--out", "OUT", s->a.out, "where report.html, assessment.json and evidence.db go (default DIR/out)")
      .text("--firmware", "NAME", s->a.firmware, "which firmware of the dossier (default: the newest)")
      .text("--markets", "LIST", s->a.markets, "GB,SG,… (UK is read as GB; default: those of the dossier)")
      .text("--edition", "EDITION", s->a.edition, "of EN 303 645; brings the matching TS 103 701",
            {"2.1.1", "3.1.3", "en303645:2.1.1", "en303645:3.1.3"})
      .text("--at", "DATE", s->a.at, "the day of the assessment (default: today)")
      .text("--fail-on", "WHAT", s->fail_on, "exit 1 where something fails, or is anything but conforming",
            {"fail", "residual"})
      .number("--jobs", "N", s->a.jobs, "threads")
      .text("--budget", "LIST", s->a.budget,
            "limits of the examination: bytes=1G,files=200000,depth=16,ratio=1200,time=0")
      .flag("--no-sandbox", s->a.no_sandbox, "look without a worker process; for debugging only")
      .formats(false);
  return [s](Context& context) -> Result<int> {
    const app::AssessOptions o = ASSAY_TRY(assess_options(s->a, context));
    const app::Assessed done = ASSAY_TRY(app::assess(o));
    for (const std::string& r : done.remarks) context.note(r);
    if (context.format == Format::json)
      ASSAY_TRY(print(app::assessed_json(done)));
    else if (!context.quiet)
      ASSAY_TRY(print(app::assessed_text(done, o, context.colour, context.unicode)));
    return app::fails_on(done.assessment, s->fail_on) ? kRefused : kDone;
  };
}

}  // namespace

extern const Command assess{
    .name = "assess",
    .title = "a dossier to verdicts, markets and a report",
    .about =
        "Examines the firmware, holds it against what the dossier declares, judges every test unit that has a rule, "
        "and says what the\n"
        "verdicts are worth under each law and label. Whatever nobody looked at is not assessed; it is never passed.",
    .examples =
        "assay assess examples/doorbell --firmware v1 --out out/v1\n"
        "assay assess mydevice --markets GB,SG --at 2026-11-22\n"
        "assay assess mydevice --edition 3.1.3 --fail-on fail --quiet",
    .declare = declare,
};

}  // namespace assay::cli
