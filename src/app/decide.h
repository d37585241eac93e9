// assay decide: one JSON object a line in, one a line out, in the same order.
#pragma once

#include <functional>
#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace assay::app {

struct DecideOptions {
  Date at;
  std::vector<std::string> schemes;
  unsigned jobs = 0;  // 0: one a processor
};

// Decides lines in batches on several threads; `put` gets one answer a line with its end, in order. The memory used
// does not grow with the number of lines. True: some line gave an error object. An Error only where our own data cannot
// be read, or `put` gives one.
Result<bool> decide_lines(std::istream& in, const DecideOptions& options,
                          const std::function<Result<void>(std::string_view)>& put);

}  // namespace assay::app
