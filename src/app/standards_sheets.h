// Sheets of `assay standards show`, shared inside app/ only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/sheet.h"
#include "base/result.h"
#include "catalogue/catalogue.h"
#include "catalogue/requirements.h"

namespace assay::app {

using Editions = std::vector<const catalogue::Edition*>;

std::string status_words(const catalogue::Provision& p);    // "mandatory where (5) the device is not constrained"
std::string status_printed(const catalogue::Provision& p);  // "M C (5)"

// Of EN 303 645 and TS 103 701; nothing where the id names none of theirs. `id` is without "en303645:2.1.1:".
Result<std::vector<Sheet>> etsi_sheets(std::string_view id, const Editions& editions);
// The standard itself: clauses, conditions, IXIT tables.
Result<Sheet> etsi_standard(const catalogue::Standard& standard, const Editions& editions);
// A code or law by its id, a part of it, or a requirement; also a requirement of any scheme of data/schemes/.
Result<std::vector<Sheet>> law_sheets(std::string_view id);

// The levels of data/schemes/ that ask for this id.
Result<std::vector<SheetRow>> needed_by(const std::vector<std::string>& ids);
// The one place where what other stages know is joined: relations to other standards, guidance.
Result<void> join_others(Sheet& sheet, const std::vector<std::string>& ids);

}  // namespace assay::app
