#include "judge/lines.h"

#include <algorithm>
#include <array>

namespace assay::judge {

using enum Verdict;

std::optional<Line> verdict_without_entry(const Situation& s) {
  if (s.fail_row) return Line{1, Verdict::fail};
  if (s.query_failed) return Line{2, error};
  if (!s.claims_given) return Line{3, not_assessed};
  if (s.missing_row) return Line{4, s.coverage == Coverage::complete ? Verdict::fail : inconclusive};
  if (s.doubt_row) return Line{5, inconclusive};
  return std::nullopt;
}

Line verdict_of(const Situation& s) {
  if (const auto early = verdict_without_entry(s)) return *early;
  if (s.coverage == Coverage::absent) return {6, not_assessed};
  if (s.coverage == Coverage::partial) return {7, inconclusive};
  switch (s.pass) {
    case Pass::never:
      return {8, s.for_a_person ? not_assessed : inconclusive};
    case Pass::exercised:
      return {9, pass};
    case Pass::confirmed:
      return {10, s.confirm_row ? pass : inconclusive};
  }
  return {8, inconclusive};
}

namespace {

constexpr Verdict F = Verdict::fail;
// Row: machine, in the order of Verdict; column: nobody, pass, inconclusive, fail.
constexpr Verdict kEffective[7][4] = {
    //                   none            pass          inconclusive  fail
    /* fail */ {F, inconclusive, F, F},
    /* error */ {error, pass, inconclusive, F},
    /* inconclusive */ {inconclusive, pass, inconclusive, F},
    /* not_assessed */ {not_assessed, pass, inconclusive, F},
    /* pass */ {pass, pass, inconclusive, F},
    /* not_applicable */ {not_applicable, pass, inconclusive, F},
    /* not_claimed */ {not_claimed, pass, inconclusive, F},
};

}  // namespace

Verdict effective(Verdict machine, std::optional<Verdict> person, bool overruled) {
  const std::size_t column = !person ? 0 : *person == pass ? 1 : *person == Verdict::fail ? 3 : 2;
  if (machine == Verdict::fail && column == 1 && overruled) return pass;
  return kEffective[static_cast<std::size_t>(machine)][column];
}

Verdict best(std::span<const Verdict> entries) {
  std::vector<Verdict> rest;
  for (const Verdict v : entries) {
    if (v == pass) return pass;
    if (v != Verdict::fail) rest.push_back(v);
  }
  if (rest.empty()) return entries.empty() ? not_assessed : Verdict::fail;
  return fold(rest);
}

std::optional<Verdict> ics_verdict(const IcsRow& row) {
  const bool applies = !row.conditional || row.condition == Met::met;
  if (row.support == "Y") return std::nullopt;
  if (row.support == "N") {
    if (!row.mandatory) return row.reason ? not_claimed : inconclusive;
    return applies ? Verdict::fail : inconclusive;
  }
  if (row.support == "N/A") {
    if (row.conditional && row.condition == Met::unmet && !row.fact_against) return not_applicable;
    return inconclusive;
  }
  return not_assessed;
}

}  // namespace assay::judge
