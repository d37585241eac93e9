// assay decide: one JSON object a line in, one a line out, in the same order.
#pragma once

#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace assay::app {

struct DecideOptions {
  Date at;
  std::vector<std::string> schemes;
};

struct DecidedLine {
  std::string text;    // without line end; empty for an empty line
  bool error = false;  // `text` is an error object
};

class LineDecider {
 public:
  explicit LineDecider(DecideOptions options) : options_(std::move(options)) {}
  // An Error only where our own data cannot be read.
  Result<DecidedLine> decide(const std::string& line);

 private:
  DecideOptions options_;
  std::uint64_t line_ = 0;
};

// The next line without its end, at most 4 MiB of it kept (one byte more, so that the reader sees it is too long).
std::optional<std::string> read_line(std::istream& in);

}  // namespace assay::app
