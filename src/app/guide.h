// assay guide: one screen a provision: what it wants, what goes wrong, how to do it, how it is tested, what assay sees.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "report/terminal.h"

namespace assay::app {

// `what`: empty (all clauses), a clause, or a provision, also with its edition ("en303645:2.1.1:5.3-4"). `edition` of
// EN 303 645; empty: the newest that has it. The error says what is near.
Result<std::string> guide_about(std::string_view what, std::string_view edition, bool json,
                                const report::Terminal& terminal);

}  // namespace assay::app
