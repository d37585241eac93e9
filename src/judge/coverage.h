// Coverage: how far somebody looked (rules.md, "silence counts only where somebody looked"). Read from artefact,
// examined, unexamined and the persons' rows that set one of them aside.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/node.h"
#include "evidence/evidence.h"
#include "judge/rule.h"
#include "model/assessment.h"

namespace assay::judge {

class CoverageMap {
 public:
  CoverageMap(const evidence::Evidence& evidence, std::string_view ts_edition);

  // Without an entry a need's :entry is left open.
  Coverage of(const Need& need, std::optional<std::string_view> entry) const;
  // The lowest over the rule's needs that concern the unit; complete where there is none.
  Coverage of(const Rule& rule, std::string_view unit, std::optional<std::string_view> entry) const;
  bool has_artefact(std::string_view source) const;
  // Looks and unexamined parts that a person set aside and that this rule's needs touch: "unexamined-…: reason (who)".
  std::vector<std::string> set_aside(const Rule& rule, std::string_view unit) const;

 private:
  struct Look {
    std::string source, table;
    Node scope;
    bool complete = false;
  };
  struct Gap {
    std::string source, table;  // table empty: every table
  };
  struct Aside {
    std::string source, table, says;
  };
  std::string edition_;
  std::vector<Look> looks_;  // rows of examined
  std::vector<Gap> gaps_;    // planned looks missing or incomplete, and open unexamined rows
  std::vector<Aside> asides_;
  std::set<std::string, std::less<>> sources_;
};

}  // namespace assay::judge
