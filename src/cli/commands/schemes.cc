#include "app/schemes.h"

#include <memory>

#include "base/file.h"
#include "cli/assess_options.h"
#include "cli/command.h"

namespace assay::cli {
namespace {

std::function<Result<int>(Context&)> declare(Options& options) {
  struct State {
    std::string verb, id, at, svg;
  };
  auto s = std::make_shared<State>();
  options.argument("WHAT", s->verb, "`show` or `doubts`; nothing: the list", false)
      .argument("ID", s->id, "a scheme or an arrangement", false)
      .text("--at", "DATE", s->at, "the day (default: today)")
      .text("--svg", "FILE", s->svg, "writes the recognition diagram of that day")
      .formats(true);
  return [s](Context& context) -> Result<int> {
    Date at = Date::today();
    if (!s->at.empty()) {
      const auto given = Date::parse(s->at);
      if (!given) return usage("--at: " + given.error().what, given.error().hint);
      at = *given;
    }
    report::Terminal terminal;
    terminal.colour = context.colour;
    terminal.unicode = context.unicode;
    const app::SchemesForm form = context.format == Format::json  ? app::SchemesForm::json
                                  : context.format == Format::csv ? app::SchemesForm::csv
                                                                  : app::SchemesForm::text;
    if (s->verb == "doubts") {
      ASSAY_TRY(print(ASSAY_TRY(app::scheme_doubts(s->id, form, terminal))));
      return kDone;
    }
    // `assay schemes sg-cls` shows it too.
    const std::string id = s->verb == "show" ? s->id : s->verb;
    if (s->verb == "show" && id.empty())
      return usage("which one? assay schemes show ID", "assay schemes lists all of them.");
    if (!id.empty()) {
      if (form == app::SchemesForm::csv) return usage("one scheme is printed as text or json");
      ASSAY_TRY(print(ASSAY_TRY(app::scheme_about(id, at, form == app::SchemesForm::json, terminal))));
      return kDone;
    }
    if (!s->svg.empty()) {
      ASSAY_TRY(write_file(s->svg, ASSAY_TRY(app::schemes_svg(at))));
      context.note("Wrote " + s->svg + ".");
    }
    ASSAY_TRY(print(ASSAY_TRY(app::schemes_on(at, form, terminal))));
    return kDone;
  };
}

}  // namespace

extern const Command schemes{
    .name = "schemes",
    .title = "the laws, labels and arrangements of the world on a day",
    .about =
        "Laws, labels and certificates for connected products, what their levels ask, and who recognises whose mark. "
        "Each "
        "fact has its\n"
        "source and how sure it is; what is doubtful says so. --at asks for another day: schemes open, change and "
        "close.",
    .examples =
        "assay schemes\nassay schemes show sg-cls --at 2025-03-01\nassay schemes show sg-uk\nassay schemes doubts "
        "kr-cic\n"
        "assay schemes --at 2026-11-22 --svg recognition.svg",
    .declare = declare,
};

}  // namespace assay::cli
