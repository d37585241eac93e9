// What there is, from the code and the data themselves: `assay formats`, `assay tables`, and tables printed for people.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "evidence/evidence.h"

namespace assay::app {

std::string formats_text();
std::string formats_json();
// All tables and views, or one of them. `edition` is EN 303 645's.
Result<std::string> tables_about(std::string_view name, std::string_view edition, bool json);
std::string query_text(const evidence::QueryResult& result, bool json, bool csv);

}  // namespace assay::app
