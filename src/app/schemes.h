// assay schemes: the schemes, levels and arrangements on a day, one of them in full, what is doubtful, and the diagram.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "report/terminal.h"
#include "report/world_diagram.h"

namespace assay::app {

enum class SchemesForm : unsigned char { text, json, csv };

Result<std::string> schemes_on(Date at, SchemesForm form, const report::Terminal& t);
// A scheme or an arrangement. The error names the nearest.
Result<std::string> scheme_about(std::string_view id, Date at, bool json, const report::Terminal& t);
// Every fact below high confidence; only of one scheme, arrangement or scope list where `id` is given.
Result<std::string> scheme_doubts(std::string_view id, SchemesForm form, const report::Terminal& t);
Result<report::WorldDiagram> world_on(Date at);
Result<std::string> schemes_svg(Date at);

}  // namespace assay::app
