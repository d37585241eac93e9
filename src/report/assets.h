// What is built into the pages: sheets as they are written to the file.
#pragma once

#include <string_view>

namespace assay::report {

extern const std::string_view kReportCss;  // "@FOOTER@" stands where the printed footer's text goes

}  // namespace assay::report
