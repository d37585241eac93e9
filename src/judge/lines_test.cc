#include "judge/lines.h"

#include <gtest/gtest.h>

#include <string>

namespace assay::judge {
namespace {

using enum Verdict;

constexpr Verdict kPersons[] = {pass, inconclusive, fail};

std::vector<Situation> situations() {
  std::vector<Situation> out;
  for (unsigned bits = 0; bits < 128; ++bits)
    for (const Coverage c : {Coverage::absent, Coverage::partial, Coverage::complete})
      for (const Pass p : {Pass::never, Pass::exercised, Pass::confirmed}) {
        Situation s;
        s.fail_row = (bits & 1) != 0;
        s.query_failed = (bits & 2) != 0;
        s.claims_given = (bits & 4) != 0;
        s.missing_row = (bits & 8) != 0;
        s.doubt_row = (bits & 16) != 0;
        s.for_a_person = (bits & 32) != 0;
        s.confirm_row = (bits & 64) != 0;
        s.coverage = c;
        s.pass = p;
        out.push_back(s);
      }
  return out;
}

TEST(Lines, TheFirstThatApplies) {
  for (const Situation& s : situations()) {
    // The ten lines, written a second time: what must not hold before, then what must.
    Line want;
    if (s.fail_row)
      want = {1, fail};
    else if (s.query_failed)
      want = {2, error};
    else if (!s.claims_given)
      want = {3, not_assessed};
    else if (s.missing_row && s.coverage == Coverage::complete)
      want = {4, fail};
    else if (s.missing_row)
      want = {4, inconclusive};
    else if (s.doubt_row)
      want = {5, inconclusive};
    else if (s.coverage == Coverage::absent)
      want = {6, not_assessed};
    else if (s.coverage == Coverage::partial)
      want = {7, inconclusive};
    else if (s.pass == Pass::never)
      want = {8, s.for_a_person ? not_assessed : inconclusive};
    else if (s.pass == Pass::exercised)
      want = {9, pass};
    else
      want = {10, s.confirm_row ? pass : inconclusive};
    const Line got = verdict_of(s);
    EXPECT_EQ(got.number, want.number);
    EXPECT_EQ(got.verdict, want.verdict);
    const auto early = verdict_without_entry(s);
    EXPECT_EQ(early.has_value(), want.number <= 5);
    if (early) {
      EXPECT_EQ(early->verdict, want.verdict);
    }
  }
}

TEST(Lines, LosingCoverageOrAConfirmationNeverPasses) {
  for (const Situation& s : situations()) {
    if (verdict_of(s).verdict == pass) continue;
    Situation less = s;
    less.confirm_row = false;
    for (const Coverage c : {Coverage::absent, Coverage::partial, Coverage::complete})
      if (c <= s.coverage) {
        less.coverage = c;
        EXPECT_NE(verdict_of(less).verdict, pass);
      }
  }
}

TEST(Effective, EveryPair) {
  for (const Verdict machine : kVerdicts) {
    EXPECT_EQ(effective(machine, std::nullopt, false), machine);
    EXPECT_EQ(effective(machine, std::nullopt, true), machine);
    for (const Verdict person : kPersons)
      for (const bool overruled : {false, true}) {
        Verdict want = person;
        if (machine == fail && person == pass) want = overruled ? pass : inconclusive;
        if (machine == fail && person == inconclusive) want = fail;
        EXPECT_EQ(effective(machine, person, overruled), want) << name(machine) << " / " << name(person);
      }
    // What is no answer of a person is no pass.
    EXPECT_EQ(effective(machine, not_applicable, true), machine == fail ? fail : inconclusive);
  }
}

TEST(Best, EveryPairAndNothing) {
  for (const Verdict a : kVerdicts)
    for (const Verdict b : kVerdicts) {
      const Verdict both[] = {a, b};
      Verdict want = fold(a, b);
      if (a == pass || b == pass)
        want = pass;
      else if (a == fail)
        want = b;
      else if (b == fail)
        want = a;
      EXPECT_EQ(best(both), want) << name(a) << " " << name(b);
    }
  EXPECT_EQ(best({}), not_assessed);
}

TEST(IcsRow, EveryCombination) {
  for (const bool mandatory : {false, true})
    for (const bool conditional : {false, true})
      for (const Met met : {Met::met, Met::unmet, Met::open})
        for (const bool fact : {false, true})
          for (const bool reason : {false, true})
            for (const std::string_view support : {"Y", "N", "N/A", "", "maybe"}) {
              const IcsRow row{mandatory, conditional, met, fact, support, reason};
              const auto got = ics_verdict(row);
              const std::string what = std::string(support) + " mandatory " + std::to_string(mandatory) +
                                       " conditional " + std::to_string(conditional) + " met " +
                                       std::to_string(static_cast<int>(met));
              if (support == "Y") {
                EXPECT_FALSE(got.has_value()) << what;
              } else if (support == "N" && mandatory) {
                EXPECT_EQ(got, !conditional || met == Met::met ? fail : inconclusive) << what;
              } else if (support == "N") {
                EXPECT_EQ(got, reason ? not_claimed : inconclusive) << what;
              } else if (support == "N/A") {
                EXPECT_EQ(got, conditional && met == Met::unmet && !fact ? not_applicable : inconclusive) << what;
              } else {
                EXPECT_EQ(got, not_assessed) << what;
              }
            }
}

}  // namespace
}  // namespace assay::judge
