#include "cli/assess_options.h"

#include <thread>

#include "app/markets.h"
#include "base/text.h"

namespace assay::cli {

tl::unexpected<Error> usage(std::string what, std::string hint) {
  return fail(Error{Errc::invalid, std::move(what), "usage", {}, std::move(hint)});
}

Result<app::AssessOptions> assess_options(const AssessArguments& a, Context& context) {
  app::AssessOptions o;
  o.dossier = a.directory;
  o.out = a.out;
  o.firmware = a.firmware;
  std::string_view edition = a.edition;
  if (edition.starts_with("en303645:")) edition.remove_prefix(9);
  o.edition = std::string(edition);
  for (const std::string_view market : split(a.markets, ','))
    if (!trim(market).empty()) o.markets.emplace_back(trim(market));
  ASSAY_TRY(app::check_markets(o.markets));
  o.at = Date::today();
  if (!a.at.empty()) {
    const auto at = Date::parse(a.at);
    if (!at) return usage("--at: " + at.error().what, at.error().hint);
    o.at = *at;
  }
  if (!a.budget.empty()) {
    const auto limits = Limits::parse(a.budget);
    if (!limits) return usage("--budget: " + limits.error().what);
    o.examine.limits = *limits;
  }
  if (a.jobs > 256) return usage("--jobs: 1 to 256");
  o.examine.jobs = a.jobs == 0 ? std::max(1u, std::thread::hardware_concurrency()) : a.jobs;
  o.examine.sandbox = !a.no_sandbox;
  o.examine.progress = [&context](const std::string& line) { context.progress(line); };
  o.command = context.command_line;
  o.assay_version = ASSAY_VERSION;
  return o;
}

}  // namespace assay::cli
