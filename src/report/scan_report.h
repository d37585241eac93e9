// What `assay scan` prints: JSON as the contract has it, and the terminal's view.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "evidence/evidence.h"
#include "report/terminal.h"

namespace assay::report {

// {"assay", "artefacts", "tables", "unexamined", "ledger"}: one document, sorted, byte-identical for the same inputs.
std::string scan_json(const evidence::Evidence& evidence, std::string_view assay_version);
std::string scan_text(const evidence::Evidence& evidence, const Terminal& terminal);
// One table as CSV (RFC 4180), header first; an Error names the tables that have rows.
Result<std::string> table_csv(const evidence::Evidence& evidence, std::string_view table);

}  // namespace assay::report
