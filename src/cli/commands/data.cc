#include <memory>

#include "app/data_check.h"
#include "base/data.h"
#include "cli/command.h"

namespace assay::cli {
namespace {

std::function<Result<int>(Context&)> declare(Options& options) {
  struct State {
    std::string verb, directory;
  };
  auto s = std::make_shared<State>();
  options.argument("check", s->verb, "`check`, to read everything and name every mistake")
      .argument("DIR", s->directory, "a copy of data/ with your changes; without it: what is built in", false)
      .formats(false);
  return [s](Context& context) -> Result<int> {
    if (s->verb != "check")
      return fail(
          Error{Errc::invalid, "data can be checked, nothing else", "usage", {}, "Try: assay data check mydata"});
    if (!s->directory.empty()) ASSAY_TRY(data::use_directory(s->directory));
    const app::DataCheck check = app::check_data(s->directory.empty() ? "data" : s->directory);
    ASSAY_TRY(print(app::data_check_text(check, context.format == Format::json)));
    return check.mistakes.empty() ? kDone : kRefused;
  };
}

}  // namespace

extern const Command data{
    .name = "data",
    .title = "checks laws, schemes, rules and standards: every mistake with file, line and column",
    .about =
        "For people who bring their own (--data DIR). Keys, words, dates, ids that do not exist, missing sources and "
        "confidence, validities that overlap, circles; and files that nothing reads. Ends with status 1 where there is "
        "a mistake.",
    .examples = "assay data check\nassay data check mydata\nassay data check mydata --format json",
    .declare = declare,
};

}  // namespace assay::cli
