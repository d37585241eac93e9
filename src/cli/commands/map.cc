#include "app/map.h"

#include <memory>

#include "cli/command.h"

namespace assay::cli {
namespace {

std::function<Result<int>(Context&)> declare(Options& options) {
  auto s = std::make_shared<app::MapOptions>();
  options.argument("FROM", s->from, "what is held: a standard, a requirement, a level, a guideline", false)
      .argument("TO", s->to, "what it is asked about (default: everything)", false)
      .formats(true);
  return [s](Context& context) -> Result<int> {
    s->json = context.format == Format::json;
    s->csv = context.format == Format::csv;
    s->colour = context.colour;
    s->unicode = context.unicode;
    const std::string text = ASSAY_TRY(app::map_about(*s));
    ASSAY_TRY(print(text));
    return kDone;
  };
}

}  // namespace

extern const Command map{
    .name = "map",
    .title = "the crosswalk: how requirements of standards, laws, labels and codes relate, and what carries",
    .about =
        "A pass carries where the source asks the same or at least as much, also where several together do. Where it "
        "asks less or merely overlaps, it is evidence, and what is left over is said. Two overlaps are never chained. "
        "The relations are our own reading of the texts, each with its source and confidence; no authority has "
        "confirmed them. No legal effect follows from them: see assay decide.",
    .examples =
        "assay map\nassay map en303645:2.1.1:5.3-8\nassay map en303645:2.1.1:5.3-13 uk-psti:S1P3\nassay map "
        "en303645:2.1.1 nistir8425\nassay map en303645:3.1.3 sg-cls:L2\nassay map uk-cop:3 --format csv",
    .declare = declare,
};

}  // namespace assay::cli
