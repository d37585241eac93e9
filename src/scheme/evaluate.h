// What the verdicts say about one clause of a level: the fold from verdicts to requirements to levels.
#pragma once

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/verdict.h"
#include "scheme/scheme.h"

namespace assay::scheme {

// From best to worst. `residual`: evidence or nothing, beyond the baseline; `open`: a baseline verdict is wanting.
enum class State : unsigned char { met, residual, open, failed };
std::string_view name(State state);

// Written tables: all parts are wanted, or any one way will do.
State fold_all(State a, State b);
State fold_any(State a, State b);

// What stands for a target when a source in this state stands in this relation to it; docs/schemes.md has the table.
enum class Stands : unsigned char { pass, fail, evidence, wanting, against };
Stands stands(Relation relation, State source);

struct Outcome {
  State state = State::met;
  std::vector<std::string> failed, open, residual;  // ids
  std::vector<std::string> why;
  std::set<std::string> carried;  // provisions that another edition's verdict stands for: "en303645:3.1.3:5.2-1"
  bool passed = false;            // at least one pass among what was met
  Confidence confidence = Confidence::high;
};

class Evaluator {
 public:
  // Both outlive the evaluator; remarks go to `notes`.
  Evaluator(const Register& all, const std::map<std::string, Verdict>& verdicts, std::set<std::string>& notes)
      : all_(all), verdicts_(verdicts), notes_(notes) {}

  // Levels may be asked one after the other: a requirement that several of them ask is worked out once.
  Outcome level(const Scheme& scheme, const Level& level);

 private:
  Outcome clause(const Scheme& scheme, const Clause& clause);
  bool unclaimed(const Scheme& scheme, const Clause& way) const;
  Outcome any(const Scheme& scheme, const Clause& clause);
  Outcome leaf(const Scheme& scheme, const std::string& id);
  Outcome given(const std::string& id, std::string_view title, Verdict verdict, bool may_not_apply) const;
  Outcome provision(const std::string& id);
  void note_contradictions(const std::string& id, Verdict v, const Edition& edition, std::string_view number) const;
  Outcome other_edition(const std::string& id, const Edition& edition, std::string_view provision);
  const Outcome& requirement(const Requirement& requirement);
  Outcome work_out(const Requirement& requirement);
  Outcome source(const std::string& id);
  Outcome foreign(const std::string& id);
  const Verdict* verdict(const std::string& id) const;  // null: none, or not assessed, which is the same
  std::string failing_requirement(const Scheme& scheme, const std::string& provision) const;

  const Register& all_;
  const std::map<std::string, Verdict>& verdicts_;
  std::set<std::string>& notes_;
  std::unordered_map<const Requirement*, Outcome> worked_out_;
};

}  // namespace assay::scheme
