#include "app/guide.h"

#include <memory>

#include "cli/command.h"

namespace assay::cli {
namespace {

std::function<Result<int>(Context&)> declare(Options& options) {
  struct State {
    std::string what, edition;
  };
  auto s = std::make_shared<State>();
  options.argument("PROVISION", s->what, "a clause (5.3) or a provision (5.3-2); none: all clauses", false)
      .text("--edition", "EDITION", s->edition, "of EN 303 645; default: the newest that has it", {"2.1.1", "3.1.3"})
      .formats(false);
  return [s](Context& context) -> Result<int> {
    report::Terminal terminal;
    terminal.colour = context.colour;
    terminal.unicode = context.unicode;
    ASSAY_TRY(print(ASSAY_TRY(app::guide_about(s->what, s->edition, context.format == Format::json, terminal))));
    return kDone;
  };
}

}  // namespace

extern const Command guide{
    .name = "guide",
    .title = "what a provision wants, what goes wrong, how to do it, how it is tested: one screen each",
    .about =
        "Advice for makers of small devices, in our own words and no part of the standard. Titles, status, tests and "
        "tables "
        "come from the catalogue, and what assay can see from its rules.",
    .examples =
        "assay guide\nassay guide 5.3\nassay guide 5.1-1\nassay guide 5.3-4 --edition 2.1.1\nassay guide 5.3-10 "
        "--format "
        "json",
    .declare = declare,
};

}  // namespace assay::cli
