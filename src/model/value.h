// Value: one cell of an evidence table. std::monostate is SQL's NULL.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

namespace assay {

using Value = std::variant<std::monostate, std::int64_t, double, std::string>;

}  // namespace assay
