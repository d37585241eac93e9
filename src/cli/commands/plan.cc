#include "app/plan.h"

#include <algorithm>
#include <filesystem>
#include <memory>

#include "app/markets.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/assess_options.h"
#include "cli/command.h"

namespace assay::cli {
namespace {

std::vector<std::string> listed(const std::string& list) {
  std::vector<std::string> out;
  for (const std::string_view one : split(list, ','))
    if (!trim(one).empty()) out.emplace_back(trim(one));
  return out;
}

std::function<Result<int>(Context&)> declare(Options& options) {
  struct State {
    std::string directory, from, markets, marks, costs, at, confidence = "medium", certificate, svg, check;
  };
  auto s = std::make_shared<State>();
  options.argument("DIR", s->directory, "the dossier", false)
      .text("--from", "OUT", s->from, "where assessment.json lies (default DIR/out)")
      .text("--markets", "LIST", s->markets, "GB,SG,…: their laws and entry labels (default: those of the dossier)")
      .text("--marks", "LIST", s->marks, "sg-cls:L2,… or `all`; a scheme alone: its entry level")
      .text("--costs", "FILE", s->costs, "what work costs with you; keys as in data/costs.yaml")
      .text("--at", "DATE", s->at, "the day on which laws and arrangements are read (default: today)")
      .text("--confidence", "LEVEL", s->confidence, "of the facts a recognition may rest on (default: medium)",
            {"high", "medium", "low"})
      .text("--certificate", "FILE", s->certificate, "write the proof that less will not do")
      .text("--svg", "FILE", s->svg, "draw the order of the work")
      .text("--check", "FILE", s->check, "verify a certificate; with DIR: and that it is of this plan")
      .formats(false);
  return [s](Context& context) -> Result<int> {
    const bool json = context.format == Format::json;
    if (s->directory.empty() && s->check.empty())
      return usage("DIR is missing", "Name the dossier, or a certificate with --check.");
    app::Plan plan;
    if (!s->directory.empty()) {
      app::PlanOptions o;
      o.dossier = s->directory;
      o.from = s->from;
      o.costs = s->costs;
      o.wanted.markets = listed(s->markets);
      ASSAY_TRY(app::check_markets(o.wanted.markets));
      o.wanted.marks = listed(s->marks);
      o.wanted.least = s->confidence == "high"  ? Confidence::high
                       : s->confidence == "low" ? Confidence::low
                                                : Confidence::medium;
      o.wanted.at = Date::today();
      if (!s->at.empty()) {
        const auto at = Date::parse(s->at);
        if (!at) return usage("--at: " + at.error().what, at.error().hint);
        o.wanted.at = *at;
      }
      plan = ASSAY_TRY(app::make_plan(o));
      // Only marks that nobody knows: misspelt, most likely.
      const std::vector<app::Wish>& wishes = plan.problem.wishes;
      if (!wishes.empty() && std::all_of(wishes.begin(), wishes.end(), [](const app::Wish& w) { return w.misnamed; })) {
        std::vector<std::string> why;
        for (const app::Wish& w : wishes) why.push_back(w.title + ": " + w.why_not.front());
        return usage("--marks: " + join(why, "; "), "assay schemes lists all schemes and their levels.");
      }
    }
    if (!s->check.empty()) {
      const app::CheckedPlan checked =
          ASSAY_TRY(app::check_plan(s->check, s->directory.empty() ? nullptr : &plan, json));
      if (checked.refused) {
        show(*checked.refused);
        return kRefused;
      }
      ASSAY_TRY(print(checked.said));
      return kDone;
    }
    if (!s->certificate.empty()) ASSAY_TRY(write_file(s->certificate, app::plan_certificate(plan)));
    if (!s->svg.empty()) ASSAY_TRY(write_file(s->svg, app::plan_svg(plan)));
    const bool planned = !plan.marks.empty();
    const std::string next = !planned                 ? std::string()
                             : s->certificate.empty() ? context.command_line + " --certificate plan.cert --svg plan.svg"
                                                      : "assay plan --check " + s->certificate;
    if (json)
      ASSAY_TRY(print(app::plan_json(plan)));
    else if (!context.quiet)
      ASSAY_TRY(print(app::plan_text(plan, context.colour, context.unicode, next)));
    return kDone;
  };
}

}  // namespace

extern const Command plan{
    .name = "plan",
    .title = "the least further work for the wanted marks, with proof that less will not do",
    .about =
        "From what the assessment holds already: which test units, papers, laboratory days and applications remain for "
        "each law and label,\n"
        "shared ones once. Recognition competes with applying directly. What cannot be had is explained. docs/plan.md "
        "has the assumptions\nand the format of the certificate.",
    .examples =
        "assay plan examples/doorbell --from out/v1 --markets UK,SG,JP,DE\n"
        "assay plan mydevice --marks sg-cls:L2,uk-psti --costs costs.yaml --svg plan.svg\n"
        "assay plan mydevice --marks all --at 2026-11-22\n"
        "assay plan --check plan.cert",
    .declare = declare,
};

}  // namespace assay::cli
