// The guide: what each provision wants, what goes wrong, and how a small device gets there; our own advice, from
// data/guide/. What the standards say of a provision is in catalogue.h. Everything lives as long as the process.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalogue/catalogue.h"

namespace assay::catalogue {

struct GuideEntry {
  std::string provision;  // of either edition
  std::string wants, wrong, lab, first;
  std::vector<std::string> how;
};

struct GuideClause {
  std::vector<std::string> clauses;  // "5.3"; "4" and "5.0" are one
  std::string line, about;
  std::vector<GuideEntry> entries;  // in natural order
};

struct Guide {
  std::vector<GuideClause> clauses;  // in natural order

  const GuideEntry* entry(std::string_view provision) const;
  const GuideClause* clause(std::string_view clause) const;
};

// Checked: every provision of both editions has one entry, in its own clause, every text has its size, and names
// nothing that does not exist.
Result<const Guide*> guide();

// Names in a text that mean nothing to somebody who works with `edition`: cases, units and IXIT tables that it does not
// have, and provisions that no edition has.
std::vector<std::string> unknown_names(std::string_view text, const Edition& edition);

}  // namespace assay::catalogue
