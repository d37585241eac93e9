#include <fmt/format.h>

#include "app/about.h"
#include "cli/command.h"

namespace assay::cli {
namespace {

std::function<Result<int>(Context&)> declare(Options& options) {
  options.formats(false);
  return [](Context& context) -> Result<int> {
    ASSAY_TRY(print(context.format == Format::json ? app::formats_json() : app::formats_text()));
    return kDone;
  };
}

}  // namespace

extern const Command formats{
    .name = "formats",
    .title = "the container formats that are read, and their limits",
    .about = "",
    .examples = "assay formats",
    .declare = declare,
};

}  // namespace assay::cli
