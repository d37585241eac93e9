#include "app/rules.h"

#include <memory>

#include "cli/command.h"

namespace assay::cli {
namespace {

std::function<Result<int>(Context&)> declare(Options& options) {
  struct State {
    std::string verb, id, edition;
    bool check = false;
  };
  auto s = std::make_shared<State>();
  options.argument("show", s->verb, "`show`, to see one rule", false)
      .argument("ID", s->id, "a rule or a test unit", false)
      .text("--edition", "EDITION", s->edition, "only rules for this edition of EN 303 645", {"2.1.1", "3.1.3"})
      .flag("--check", s->check, "check all rules: texts, queries, and what they read")
      .formats(false);
  return [s](Context& context) -> Result<int> {
    if (s->check) {
      const std::vector<std::string> mistakes = ASSAY_TRY(app::check_rules());
      for (const std::string& m : mistakes) ASSAY_TRY(print(m + "\n"));
      if (mistakes.empty()) context.note("All rules are sound.");
      return mistakes.empty() ? kDone : kRefused;
    }
    const std::string id = s->verb == "show" ? s->id : s->verb;
    const std::string about = ASSAY_TRY(app::rules_about(id, s->edition, context.format == Format::json));
    ASSAY_TRY(print(about));
    return kDone;
  };
}

}  // namespace

extern const Command rules{
    .name = "rules",
    .title = "the rules: which unit each judges, what it asks, reads and can say",
    .about =
        "Rules are data: SQL over facts and claims. docs/rules.md explains how to write one; --data DIR uses your own.",
    .examples =
        "assay rules\nassay rules show universal-default-password\nassay rules show 5.6-1-2.c\nassay rules --check "
        "--data mydata",
    .declare = declare,
};

}  // namespace assay::cli
