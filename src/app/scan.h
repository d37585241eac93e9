// assay scan: images in, evidence out.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "app/examine.h"
#include "evidence/evidence.h"

namespace assay::app {

struct ScanOptions {
  std::vector<std::filesystem::path> images;
  ExamineOptions examine;
};

struct Scanned {
  evidence::Evidence evidence;
  std::vector<Examined> images;      // in the order given
  std::vector<std::string> remarks;  // for standard error
  std::vector<Error> errors;         // images that could not be examined; the others were
};

Scanned scan(const ScanOptions& options);

// How it is printed (report/scan_report.h).
std::string scan_json(const Scanned& scanned, std::string_view assay_version);
std::string scan_text(const Scanned& scanned, bool colour, bool unicode);
Result<std::string> scan_csv(const Scanned& scanned, std::string_view table);

}  // namespace assay::app
