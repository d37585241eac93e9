#include "app/guidance.h"

#include <memory>

#include "cli/command.h"

namespace assay::cli {
namespace {

std::function<Result<int>(Context&)> declare(Options& options) {
  auto q = std::make_shared<app::GuidanceQuery>();
  options.text("--guideline", "NUMBER", q->guideline, "documents on one of the 13 guidelines")
      .text("--provision", "ID", q->provision, "documents on a provision of EN 303 645, through its guideline: 5.3-2")
      .text("--edition", "EDITION", q->edition, "of EN 303 645, for --provision", {"2.1.1", "3.1.3"})
      .text("--organisation", "NAME", q->organisation, "documents of an organisation (a part of its name is enough)")
      .text("--document", "ID", q->document, "one document, with its links and every section cited")
      .text("--search", "WORDS", q->search, "words in titles, organisations, sections and our words; best first")
      .formats(true);
  return [q](Context& context) -> Result<int> {
    const app::GuidanceForm form = context.format == Format::json  ? app::GuidanceForm::json
                                   : context.format == Format::csv ? app::GuidanceForm::csv
                                                                   : app::GuidanceForm::text;
    report::Terminal terminal;
    terminal.colour = context.colour;
    terminal.unicode = context.unicode;
    ASSAY_TRY(print(ASSAY_TRY(app::guidance_about(*q, form, terminal))));
    return kDone;
  };
}

}  // namespace

extern const Command guidance{
    .name = "guidance",
    .title = "the world's guidance documents, by guideline, provision, organisation or word",
    .about =
        "68 documents with 1,097 references, placed against the 13 guidelines of the UK Code of Practice, which lead "
        "on to "
        "the clauses of EN 303 645. What is asked for has to hold at once.",
    .examples =
        "assay guidance\nassay guidance --guideline 3\nassay guidance --provision 5.3-2 --organisation NIST\nassay "
        "guidance "
        "--document nist-nistir-8259a-device\nassay guidance --search \"secure boot\"\nassay guidance --format csv",
    .declare = declare,
};

}  // namespace assay::cli
