// The queries of one rule or condition, compiled and held against what the rule says it needs.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "judge/rule.h"
#include "judge/sql.h"
#include "model/assessment.h"

namespace assay::judge {

struct CompiledQuery {
  std::optional<Query> query;  // neither query nor error: the rule has none
  std::optional<Error> error;
  bool per_entry = false;  // it mentions :entry, and is run for each
};

struct RuleQueries {
  CompiledQuery over, show;            // over: of the rule or of its delegation
  std::array<CompiledQuery, 4> roles;  // by Finding::Role
  CompiledQuery& role(Finding::Role r) { return roles[static_cast<std::size_t>(r)]; }
  const CompiledQuery& role(Finding::Role r) const { return roles[static_cast<std::size_t>(r)]; }
  std::vector<Error> errors() const;
};

struct ConditionQueries {
  CompiledQuery met, open, contrary;
  std::vector<Error> errors() const;
};

RuleQueries prepare_rule(QueryRunner& runner, const Rule& rule, std::string_view unit);
ConditionQueries prepare_condition(QueryRunner& runner, const Condition& condition);

// A runner over tables without rows.
Result<QueryRunner> empty_runner(std::string_view ts_edition);

}  // namespace assay::judge
