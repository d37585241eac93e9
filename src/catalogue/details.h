// What is known of a provision, case or unit beside the catalogue: read only when somebody asks for one. From the files
// of data/standards/ with `notes` and `looks` in their name. Everything lives as long as the process.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/requirement.h"

namespace assay::catalogue {

enum class Change : unsigned char { none, wording, status, changed, added, dropped, renumbered };
std::string_view name(Change change);

struct ProvisionNotes {
  std::string id;                       // of either edition
  std::vector<std::string> applies_to;  // device, associated-service, …
  Change change = Change::none;         // what V3.1.3 did to it
  std::string what, note;
  std::vector<std::string> replaces, replaced_by;
};

struct CaseNotes {
  std::string id;  // "5.12-3-1@V1.1.1" where the editions print one id for different cases
  std::string automatable;
  std::vector<std::string> artefacts;
  std::string note, verdict_note, printed_id;
  std::vector<std::string> delegates_to, successors;
};

struct Look {
  std::string effect;  // disproves, confirms, helps
  std::string table, in, what;
};

struct UnitNotes {
  std::string id;  // Unit::id
  std::string other_edition;
  std::vector<Look> looks;
  std::vector<std::string> also_useful;
  std::string after, note;
};

struct TableNotes {
  std::string table;  // "1-AuthMech"
  std::string about;
  Backing backing;
};

struct Details {
  std::vector<ProvisionNotes> provisions;
  std::vector<CaseNotes> cases;
  std::vector<UnitNotes> units;
  std::vector<TableNotes> tables;
  std::vector<std::pair<std::string, std::string>> groups;  // provision, what bounds its test group

  const ProvisionNotes* provision(std::string_view id) const;
  // By the case's id and the edition of TS 103 701.
  const CaseNotes* test_case(std::string_view id, std::string_view ts) const;
  const UnitNotes* unit(std::string_view id) const;
  const TableNotes* table(std::string_view label) const;
  std::string_view group(std::string_view provision) const;
};

Result<const Details*> details();
std::vector<Error> check_details();  // every mistake

}  // namespace assay::catalogue
