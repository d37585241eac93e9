// Deciding: verdicts and held marks to conformity and recognition (interfaces "decide"; design section 3). No evidence
// is read here.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/assessment.h"
#include "model/verdict.h"

namespace assay::scheme {

struct DecideInput {
  std::string product;
  std::string category;  // a word of categories.yaml or a synonym; empty: not given
  Date at;
  std::vector<std::string> markets;         // ISO 3166-1, EU, UK; empty: all
  std::vector<std::string> schemes;         // only these; empty: all
  std::map<std::string, Verdict> verdicts;  // "en303645:2.1.1:5.1-1", "uk-psti:S1P2.timeline"
  std::vector<HeldMark> held;
};

struct Decision {
  std::vector<Conformity> conformity;    // by scheme, level
  std::vector<Recognition> recognition;  // by from, to
  std::vector<std::string> notes;
};

// Fails only where data/ cannot be read: what the input says wrongly becomes a note.
Result<Decision> decide(const DecideInput& input);
// By another register than the one at hand: an edited copy, say.
struct Register;
Decision decide(const Register& all, const DecideInput& input);

// ISO codes as the register has them ("uk" is GB), and EU beside each of its member states; sorted, each once.
std::vector<std::string> market_codes(const std::vector<std::string>& given);

// One line of `assay decide`. `line` counts from 1 and `at` stands in for a line without its own. The error's offset is
// the byte in the line. Unknown keys, wrong types, doubled keys and oversized lines are errors.
Result<DecideInput> read_decide_line(std::string_view json, std::uint64_t line, Date at);
// One JSON object without a line end.
std::string write_decision(const DecideInput& input, const Decision& decision);
std::string write_decide_error(std::uint64_t line, const Error& error);

// Decided again with every failing provision that a fix of the list names set to pass.
Result<Decision> after_fixes(const DecideInput& input, const std::vector<Fix>& fixes);
// Fills Fix::turns ("uk-psti", "sg-cls:L1"): the levels that fail today, no longer fail once all fixes are made, and
// that this fix is needed for; private marks and what is not in effect are left out. Orders the fixes by markets
// turned, then levels turned, then provisions, then text; those that mend doubts alone come last.
Result<void> order_fixes(const DecideInput& input, std::vector<Fix>& fixes);

}  // namespace assay::scheme
