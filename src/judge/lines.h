// The written tables of judging: ten lines for one entry, person against machine, entries to unit, the ICS row. No SQL,
// no evidence.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "judge/rule.h"
#include "model/assessment.h"
#include "model/verdict.h"

namespace assay::judge {

// What is known of one entry, or, for `lines_without_entry`, of the whole unit.
struct Situation {
  bool fail_row = false;      // that counts: where a claim is not given, only of a query that reads no claim
  bool query_failed = false;  // or a row was not what a row must be
  bool claims_given = true;
  bool missing_row = false;
  bool doubt_row = false;
  Coverage coverage = Coverage::complete;
  Pass pass = Pass::never;
  bool for_a_person = false;  // the unit is assisted or by hand
  bool confirm_row = false;
};
struct Line {
  int number = 0;  // 1 to 10: the first that applies
  Verdict verdict = Verdict::not_assessed;
};
Line verdict_of(const Situation& s);
// Lines 1 to 5 alone: where there is no entry. Empty: none applies.
std::optional<Line> verdict_without_entry(const Situation& s);

// The effective verdict. `person`: none, pass, inconclusive or fail (anything else counts as inconclusive).
// `overruled`: they name every row that made it fail, with a reason.
Verdict effective(Verdict machine, std::optional<Verdict> person, bool overruled);

// every: one. Pass if an entry passes; fail if all fail; else the worst that is not fail.
Verdict best(std::span<const Verdict> entries);

enum class Met : unsigned char { met, unmet, open };

struct IcsRow {
  bool mandatory = false;
  bool conditional = false;   // it has a condition or feature
  Met condition = Met::open;  // by the claims; of conditional rows
  bool fact_against = false;  // a fact says that the condition is met
  std::string_view support;   // Y, N, N/A; empty: not answered
  bool reason = false;        // a detail is written
};
// The ICS row comes before the cases: empty where it leaves the verdict to them (Y).
std::optional<Verdict> ics_verdict(const IcsRow& row);

}  // namespace assay::judge
