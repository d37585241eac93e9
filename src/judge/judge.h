// Judging: rules over one evidence, to verdicts of units, test cases and provisions of one edition. Queries only return
// rows; the tables of lines.h turn rows into verdicts. The same evidence, edition, rules and day give the same
// judgement.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "catalogue/catalogue.h"
#include "evidence/evidence.h"
#include "judge/rule.h"
#include "model/assessment.h"

namespace assay::judge {

struct JudgeOptions {
  Date at;
  bool reverse = false;  // rows without an order come the other way round: the result must not change (tests)
};

struct Judgement {
  std::vector<UnitVerdict> units;  // every unit of the edition, in the catalogue's order
  std::vector<CaseVerdict> cases;
  std::vector<ProvisionVerdict> provisions;
  std::vector<Contradiction> contradictions;  // a person against a rule first
  std::vector<Fix> fixes;  // rows that fail, then doubts, by what mends them; `turns` is for whoever decides
  std::string rules_digest;
};

// `evidence` is finished (Evidence::finish). Fails only where the database cannot be made: a rule that does not work is
// an `error` verdict.
Result<Judgement> judge(const evidence::Evidence& evidence, const catalogue::Edition& edition, const RuleSet& rules,
                        const JudgeOptions& options);

}  // namespace assay::judge
