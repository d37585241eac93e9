// assay rules: what the rules are, and whether they are sound.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace assay::app {

// All rules (one line each), or one by its name or test unit. `edition` of EN 303 645; empty: both.
Result<std::string> rules_about(std::string_view id, std::string_view edition, bool json);
// One line a mistake; empty: sound.
Result<std::vector<std::string>> check_rules();

}  // namespace assay::app
