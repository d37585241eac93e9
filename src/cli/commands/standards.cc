#include "app/standards.h"

#include <memory>

#include "cli/command.h"

namespace assay::cli {
namespace {

std::function<Result<int>(Context&)> declare(Options& options) {
  struct State {
    std::string verb, id, to, edition, texts;
  };
  auto s = std::make_shared<State>();
  options.argument("show|diff", s->verb, "`show ID`, to see one; `diff 2.1.1 3.1.3`, what changed", false)
      .argument("ID", s->id, "a standard, clause, provision, case, unit, IXIT table or requirement", false)
      .argument("TO", s->to, "with diff: the other edition", false)
      .text("--edition", "EDITION", s->edition, "of EN 303 645, with the TS 103 701 that belongs to it")
      .text("--texts", "DIR", s->texts, "your own copies of the texts, shown beside and nowhere else")
      .formats(false);
  return [s](Context& context) -> Result<int> {
    app::StandardsOptions o;
    o.edition = s->edition;
    o.texts = s->texts;
    o.json = context.format == Format::json;
    o.terminal.colour = context.colour;
    o.terminal.unicode = context.unicode;
    const auto usage = [](std::string what, std::string hint) {
      return fail(Error{Errc::invalid, std::move(what), "usage", {}, std::move(hint)});
    };
    std::string out;
    if (s->verb.empty()) {
      out = ASSAY_TRY(app::standards_list(o));
    } else if (s->verb == "diff") {
      if (s->id.empty() || s->to.empty())
        return usage("diff wants two editions of EN 303 645", "Try: assay standards diff 2.1.1 3.1.3");
      out = ASSAY_TRY(app::standards_diff(s->id, s->to, o));
    } else {
      if (s->verb == "show" && s->id.empty()) return usage("show wants an id", "Try: assay standards show 5.3-2");
      // "show IXIT 7" and "show TG 5.3-2" come as two words.
      std::string id = s->verb == "show" ? s->id : s->verb;
      const std::string& more = s->verb == "show" ? s->to : s->id;
      if (!more.empty()) id += " " + more;
      out = ASSAY_TRY(app::standards_show(id, o));
    }
    ASSAY_TRY(print(out));
    return kDone;
  };
}

}  // namespace

extern const Command standards{
    .name = "standards",
    .title = "standards, codes and laws: provisions, cases, units, requirements, and what changed",
    .about =
        "Identifiers, statuses and conditions are the standards'; every text is our own short wording and no "
        "substitute. "
        "--texts DIR lays your own copy beside it (5.1-1.txt, or texts.yaml with `5.1-1: text`).",
    .examples =
        "assay standards\nassay standards show 5.3-2\nassay standards show ts103701:1.1.1:5.1-1-2.a\nassay standards "
        "show IXIT 7\nassay standards show uk-psti:S1P2.timeline\nassay standards show uk-cop:3\nassay standards diff "
        "2.1.1 3.1.3\nassay standards show 5.1-1 --texts ~/etsi",
    .declare = declare,
};

}  // namespace assay::cli
