// Reads tests/cases/judge/*/*.yaml (README there) into evidence. For the tests.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/node.h"
#include "catalogue/catalogue.h"
#include "evidence/evidence.h"
#include "judge/judge.h"

namespace assay::judge {

struct RuleCase {
  std::string rule, name;  // folder and file name without .yaml
  std::string what;
  const catalogue::Edition* edition = nullptr;
  Date at;
  evidence::Evidence evidence;  // persons' verdicts not yet in it
  std::vector<Node> persons;    // their records
  Node expect;
  std::vector<std::string> errors;  // the case itself is wrong
};

RuleCase read_case(const Node& node, const std::string& rule, const std::string& name);
// All of them, in order.
std::vector<RuleCase> read_cases(const std::filesystem::path& directory);

// A rule alone, with what it delegates to.
RuleSet alone(const RuleSet& all, const Rule& rule);

// Judges with the persons' verdicts: what they were shown is what the rules say without them.
Result<Judgement> judge_case(const RuleCase& c, const RuleSet& rules, bool reverse = false);

}  // namespace assay::judge
