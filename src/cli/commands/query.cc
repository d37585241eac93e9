#include "app/about.h"
#include "cli/command.h"
#include "evidence/evidence.h"

namespace assay::cli {
namespace {

std::function<Result<int>(Context&)> declare(Options& options) {
  struct State {
    std::string file, sql, edition = "2.1.1";
  };
  auto s = std::make_shared<State>();
  options.argument("EVIDENCE.db", s->file, "an evidence database")
      .argument("SQL", s->sql, "one SELECT")
      .text("--edition", "EDITION", s->edition, "of EN 303 645: which claim views are laid over the tables",
            {"2.1.1", "3.1.3"})
      .formats(true);
  return [s](Context& context) -> Result<int> {
    const std::string ts = s->edition == "3.1.3" ? "2.1.1" : "1.1.1";
    const evidence::QueryResult result = ASSAY_TRY(evidence::query(s->file, s->sql, ts));
    ASSAY_TRY(print(app::query_text(result, context.format == Format::json, context.format == Format::csv)));
    if (result.cut) context.note("The result was cut: a limit of rows or bytes was met.");
    return kDone;
  };
}

}  // namespace

extern const Command query{
    .name = "query",
    .title = "your own SQL on stored evidence, read-only",
    .about = "One SELECT over the tables that `assay tables` lists. Nothing is written, limits end what runs away.",
    .examples =
        "assay query out/evidence.db \"SELECT user, state, password_class FROM account\"\n"
        "assay query out/evidence.db \"SELECT proto, port, service FROM firmware_listener\" --format csv",
    .declare = declare,
};

}  // namespace assay::cli
