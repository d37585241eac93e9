// assay standards: what standards, codes and laws ask; and what changed between editions.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"
#include "report/terminal.h"

namespace assay::app {

struct StandardsOptions {
  std::string edition;          // of EN 303 645; empty: all
  std::filesystem::path texts;  // a licensee's own texts, laid beside; empty: none
  bool json = false;
  report::Terminal terminal;
};

Result<std::string> standards_list(const StandardsOptions& options);
// A standard, clause, provision, test group, case, unit, IXIT table, or a requirement of a code or law.
Result<std::string> standards_show(std::string_view id, const StandardsOptions& options);
// Two editions of EN 303 645, with the editions of TS 103 701 that belong to them.
Result<std::string> standards_diff(std::string_view from, std::string_view to, const StandardsOptions& options);

// The text that a licensee laid into `directory` for one of these ids (the first that is there): a file ID.txt, or an
// entry of texts.yaml. Empty where there is none. Files over 64 KiB, and anything that is no regular file, are refused.
Result<std::string> text_beside(const std::filesystem::path& directory, const std::vector<std::string>& ids);

}  // namespace assay::app
