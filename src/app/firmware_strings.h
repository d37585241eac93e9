// Strings of a firmware that passwords may have been computed with: constants and alphabets.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/examine.h"

namespace assay::app {

struct FirmwareStrings {
  std::vector<std::string> constants;  // those beside digest functions and words for keys first; each once
  std::vector<std::string> alphabets;  // texts of different letters and digits, ten and more
  std::vector<std::string> remarks;
  bool all = true;  // false: there were more
};

inline constexpr std::size_t kMostConstants = 20'000;

// Takes the image apart in the sandboxed worker into a directory that is removed again, and reads its files.
Result<FirmwareStrings> firmware_strings(const std::filesystem::path& image, const ExamineOptions& options);

}  // namespace assay::app
