// Writing the pack of data files; for tools/pack_data.cc.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace assay::data {

inline constexpr std::string_view kPackMagic = "ASSAYDT1";

// All *.yaml below `directory`, parsed and checked, as one pack.
Result<std::string> pack(const std::filesystem::path& directory);

}  // namespace assay::data
