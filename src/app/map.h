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

// As a matrix: one page, or one SVG picture. Without FROM of EN 303 645 V3.1.3, without TO against all that relate.
Result<std::string> map_picture(const MapOptions& options, bool html);
// The crosswalk in others' formats: oscal-catalog (of one standard), oscal-mapping, cyclonedx, csv.
Result<std::string> map_export(const MapOptions& options, std::string_view format);
// What a third party's mapping (OSCAL mapping collection or OLIR-style CSV) says, beside what ours says. `name` of the
// file, for messages. FROM and TO name the standards that bare numbers belong to.
Result<std::string> map_import(const MapOptions& options, std::string_view content, std::string_view name);

}  // namespace assay::app
