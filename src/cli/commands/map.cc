#include "app/map.h"

#include <memory>

#include "base/file.h"
#include "cli/assess_options.h"
#include "cli/command.h"

namespace assay::cli {
namespace {

std::function<Result<int>(Context&)> declare(Options& options) {
  struct State {
    app::MapOptions map;
    std::string format, file, out, svg, html;
  };
  auto s = std::make_shared<State>();
  options.argument("FROM", s->map.from, "what is held: a standard, a requirement, a level, a guideline", false)
      .argument("TO", s->map.to, "what it is asked about (default: everything)", false)
      .text("--html", "FILE", s->html, "writes the crosswalk as a matrix, one page")
      .text("--svg", "FILE", s->svg, "writes the matrix as a picture")
      .text("--export", "FORMAT", s->format, "writes the crosswalk in another format",
            {"oscal-catalog", "oscal-mapping", "cyclonedx", "csv"})
      .text("--import", "FILE", s->file, "compares a third party's OSCAL mapping or OLIR-style CSV with ours")
      .text("--out", "FILE", s->out, "writes there instead of to standard output")
      .formats(true);
  return [s](Context& context) -> Result<int> {
    app::MapOptions& o = s->map;
    o.json = context.format == Format::json;
    o.csv = context.format == Format::csv;
    o.colour = context.colour && s->out.empty();
    o.unicode = context.unicode;
    if (!s->format.empty() && !s->file.empty()) return usage("--export and --import do not go together");
    if (!s->html.empty() || !s->svg.empty()) {
      for (const bool html : {true, false}) {
        const std::string& file = html ? s->html : s->svg;
        if (file.empty()) continue;
        ASSAY_TRY(write_file(file, ASSAY_TRY(app::map_picture(o, html))));
        context.note("Wrote " + file + ".");
      }
      if (s->format.empty() && s->file.empty()) return kDone;
    }
    std::string text;
    if (!s->format.empty()) {
      text = ASSAY_TRY(app::map_export(o, s->format));
    } else if (!s->file.empty()) {
      const std::string content = ASSAY_TRY(read_file(s->file, 16u << 20));
      text = ASSAY_TRY(app::map_import(o, content, s->file));
    } else {
      text = ASSAY_TRY(app::map_about(o));
    }
    if (s->out.empty())
      ASSAY_TRY(print(text));
    else
      ASSAY_TRY(write_file(s->out, text));
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
        "en303645:2.1.1 nistir8425\nassay map en303645:3.1.3 sg-cls:L2\nassay map en303645:3.1.3 nistir8425 "
        "--export oscal-mapping --out mapping.json\nassay map --html crosswalk.html --svg crosswalk.svg\nassay map "
        "--import theirs.csv en303645:2.1.1 nistir8425",
    .declare = declare,
};

}  // namespace assay::cli
