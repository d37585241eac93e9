#include "app/scan.h"

#include <fmt/format.h>

#include "report/scan_report.h"

namespace assay::app {

Scanned scan(const ScanOptions& options) {
  Scanned out;
  for (std::size_t i = 0; i < options.images.size(); ++i) {
    ExamineOptions examine = options.examine;
    // Several images: a folder each, or their trees would mix.
    if (examine.extract && options.images.size() > 1)
      examine.extract = *examine.extract / fmt::format("{:02}-{}", i, options.images[i].filename().string());
    auto done = examine_firmware(options.images[i], examine, out.evidence);
    if (!done) {
      Error error = std::move(done).error();
      if (error.where.empty()) error.where = options.images[i].string();
      out.errors.push_back(std::move(error));
      continue;
    }
    Examined& one = *done;
    for (const std::string& r : one.remarks) out.remarks.push_back(r);
    if (!one.reproducible)
      out.remarks.push_back(options.images[i].filename().string() +
                            ": a limit of time cut the run; another run may find more or less");
    out.images.push_back(std::move(one));
  }
  out.evidence.finish();
  return out;
}

std::string scan_json(const Scanned& scanned, std::string_view assay_version) {
  return report::scan_json(scanned.evidence, assay_version);
}
std::string scan_text(const Scanned& scanned, bool colour, bool unicode) {
  return report::scan_text(scanned.evidence, {colour, unicode});
}
Result<std::string> scan_csv(const Scanned& scanned, std::string_view table) {
  return report::table_csv(scanned.evidence, table);
}

}  // namespace assay::app
