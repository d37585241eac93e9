// assay map: how requirements of standards, laws, labels and codes relate, and what carries from one to the other.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace assay::app {

struct MapOptions {
  std::string from, to;  // either may be empty
  bool json = false, csv = false;
  bool colour = false, unicode = true;
};

// What `from` says of `to`, or of everything where `to` is empty; without both what there is.
Result<std::string> map_about(const MapOptions& options);

}  // namespace assay::app
