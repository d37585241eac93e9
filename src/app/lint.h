// assay lint.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "intake/problem.h"

namespace assay::app {

struct Linted {
  std::vector<intake::Problem> problems;
  std::size_t gaps = 0, unconfirmed = 0;  // fields still to be said; entries and rows that nobody has confirmed
  std::size_t errors = 0, warnings = 0;
};

Result<Linted> lint(const std::filesystem::path& directory);
std::string lint_text(const Linted& linted, std::string_view directory, bool only_errors);
std::string lint_json(const Linted& linted);

}  // namespace assay::app
