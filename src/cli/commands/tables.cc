#include "app/about.h"
#include "cli/command.h"

namespace assay::cli {
namespace {

std::function<Result<int>(Context&)> declare(Options& options) {
  struct State {
    std::string name, edition = "2.1.1";
  };
  auto s = std::make_shared<State>();
  options.argument("NAME", s->name, "one table or view", false)
      .text("--edition", "EDITION", s->edition, "of EN 303 645: the views of that edition", {"2.1.1", "3.1.3"})
      .formats(false);
  return [s](Context& context) -> Result<int> {
    ASSAY_TRY(print(ASSAY_TRY(app::tables_about(s->name, s->edition, context.format == Format::json))));
    return kDone;
  };
}

}  // namespace

extern const Command tables{
    .name = "tables",
    .title = "the evidence tables and views, every column with its meaning",
    .about =
        "Rules and `assay query` read these. SOURCE_TABLE views (firmware_listener) hold the facts of one source, "
        "claim_* views what\n"
        "the dossier declares.",
    .examples = "assay tables\nassay tables account\nassay tables claim_auth",
    .declare = declare,
};

}  // namespace assay::cli
