// The options that assess, judge and verdict share.
#pragma once

#include <string>

#include "app/assess.h"
#include "cli/command.h"

namespace assay::cli {

struct AssessArguments {
  std::string directory, out, firmware, edition = "2.1.1", markets, at, budget;
  unsigned jobs = 0;
  bool no_sandbox = false;
};

// "2.1.1", "en303645:2.1.1" → "2.1.1"; markets split at commas; the day of --at, or today.
Result<app::AssessOptions> assess_options(const AssessArguments& arguments, Context& context);

// Usage errors end with status 2.
tl::unexpected<Error> usage(std::string what, std::string hint = {});

}  // namespace assay::cli
