// Market codes of an option: one that no law, label or scheme is known of is a mistake, not a market without duties.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace assay::app {

// An Error of usage that names the known codes.
Result<void> check_markets(const std::vector<std::string>& given);

}  // namespace assay::app
