#include <fmt/format.h>

#include "app/lint.h"
#include "cli/command.h"

namespace assay::cli {
namespace {

std::function<Result<int>(Context&)> declare(Options& options) {
  auto directory = std::make_shared<std::string>();
  options.argument("DIR", *directory, "the dossier").formats(false);
  return [directory](Context& context) -> Result<int> {
    const app::Linted done = ASSAY_TRY(app::lint(*directory));
    if (context.format == Format::json)
      ASSAY_TRY(print(app::lint_json(done)));
    else
      ASSAY_TRY(print(app::lint_text(done, *directory, context.quiet)));
    return done.errors > 0 ? kRefused : kDone;
  };
}

}  // namespace

extern const Command lint{
    .name = "lint",
    .title = "check a dossier: fields, references, plausibility",
    .about =
        "Every mistake at once, each with its line, what is wrong and what would be right. Exit status 1 where there "
        "is an error.",
    .examples = "assay lint mydevice\nassay lint mydevice --format json",
    .declare = declare,
};

}  // namespace assay::cli
