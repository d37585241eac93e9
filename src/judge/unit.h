// One unit judged: what judge.cc folds further.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "judge/coverage.h"
#include "judge/judge.h"
#include "judge/lines.h"
#include "judge/persons.h"
#include "judge/queries.h"

namespace assay::judge {

struct JudgedUnit {
  UnitVerdict out;
  const Rule* rule = nullptr;
  bool every_one = false;
  std::optional<Persons::Said> whole;  // a person on the whole unit
  std::vector<bool> whole_entry;       // parallel to out.entries: the person's verdict there is the whole unit's
};

class UnitJudge {
 public:
  static Result<UnitJudge> open(const evidence::Evidence& evidence, const catalogue::Edition& edition,
                                const RuleSet& rules, const JudgeOptions& options);

  const JudgedUnit& judge(const catalogue::Unit& unit);

  // Of an ICS row's condition or feature, by the claims; rows of facts that say it is met.
  struct ConditionState {
    Met met = Met::open;
    std::vector<Finding> contrary;
    bool looked = true;  // what could contradict was looked at to the end, or there is nothing to look at
    std::string why;     // one clause
  };
  const ConditionState& condition(const std::string& ref);
  bool given(const std::string& view, std::vector<std::string>* missing = nullptr);

 private:
  struct Entries {
    std::vector<std::pair<std::string, std::string>> list;  // entry, title; sorted
    bool failed = false;
  };
  struct Rows;

  UnitJudge(const evidence::Evidence& evidence, const catalogue::Edition& edition, const RuleSet& rules,
            const JudgeOptions& options, QueryRunner runner);

  void judge_by_rule(JudgedUnit& unit, const catalogue::Unit& about, const Rule& rule);
  void judge_delegated(JudgedUnit& unit, const catalogue::Unit& about, const Rule& rule);
  void judge_by_nobody(JudgedUnit& unit, const catalogue::Unit& about);
  Entries entries(const Rule& rule, RuleQueries& queries, std::vector<std::string>& errors);
  Rows rows(const Rule& rule, RuleQueries& queries, const Entries& list, JudgedUnit& unit, bool claims_given);
  bool row_exists(std::string_view table, const std::string& id);
  bool declared(const Rule& rule, const std::string& entry);
  Verdict without_entry(const Rule& rule, const catalogue::Unit& about, const Situation& s, std::string& reason) const;
  void settle(JudgedUnit& unit, const catalogue::Unit& about, const std::vector<std::vector<std::string>>& against,
              std::optional<Verdict> no_entry);
  std::string shown(const JudgedUnit& unit, const catalogue::Unit& about, const Rule* rule, RuleQueries* queries);

  const evidence::Evidence& evidence_;
  const catalogue::Edition& edition_;
  const RuleSet& rules_;
  JudgeOptions options_;
  QueryRunner runner_;
  CoverageMap coverage_;
  Persons persons_;
  std::map<std::string, std::unique_ptr<JudgedUnit>, std::less<>> judged_;  // by short id
  std::map<std::string, ConditionState, std::less<>> conditions_;
  std::map<std::string, std::pair<bool, std::vector<std::string>>, std::less<>> given_;
  std::map<std::string, std::unordered_set<std::string>, std::less<>> ids_;
  std::map<std::string, std::unordered_set<std::string>, std::less<>> declared_;  // entries by view
};

// Text of a cell; empty for NULL.
std::string text_of(const Value& value);

}  // namespace assay::judge
