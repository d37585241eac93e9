#include "app/assess.h"
#include "cli/assess_options.h"
#include "cli/command.h"

namespace assay::cli {
namespace {

std::function<Result<int>(Context&)> declare(Options& options) {
  auto a = std::make_shared<AssessArguments>();
  options.argument("DIR", a->directory, "the dossier")
      .text("--from", "OUT", a->out, "where evidence.db lies, and the results go (default DIR/out)")
      .text("--markets", "LIST", a->markets, "GB,SG,…")
      .text("--edition", "EDITION", a->edition, "of EN 303 645", {"2.1.1", "3.1.3", "en303645:2.1.1", "en303645:3.1.3"})
      .text("--at", "DATE", a->at, "the day of the assessment (default: today)")
      .formats(false);
  return [a](Context& context) -> Result<int> {
    const app::AssessOptions o = ASSAY_TRY(assess_options(*a, context));
    const app::Assessed done = ASSAY_TRY(app::judge_again(o));
    for (const std::string& r : done.remarks) context.note(r);
    if (context.format == Format::json)
      ASSAY_TRY(print(app::assessed_json(done)));
    else if (!context.quiet)
      ASSAY_TRY(print(app::assessed_text(done, o, context.colour, context.unicode)));
    return kDone;
  };
}

}  // namespace

extern const Command judge{
    .name = "judge",
    .title = "judge stored evidence again, without examining",
    .about =
        "Takes the facts from evidence.db, the claims and persons' records from the dossier as it is now, and the "
        "rules of today: after a\n"
        "person's verdict, a corrected claim, a new rule (--data) or for the other edition.",
    .examples =
        "assay judge mydevice\n"
        "assay judge mydevice --from out/v1 --edition 3.1.3",
    .declare = declare,
};

}  // namespace assay::cli
