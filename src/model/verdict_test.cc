#include "model/verdict.h"

#include <gtest/gtest.h>

#include <string>

namespace assay {
namespace {

using enum Verdict;

// design.md section 3, written a second time as an order, and held against the table for every pair.
TEST(Fold, EveryPair) {
  const auto rank = [](Verdict v) { return static_cast<int>(v); };
  for (const Verdict a : kVerdicts)
    for (const Verdict b : kVerdicts) {
      const Verdict expected = rank(a) < rank(b) ? a : b;  // the enum is written in the fold's order
      EXPECT_EQ(fold(a, b), expected) << name(a) << " + " << name(b);
      EXPECT_EQ(fold(a, b), fold(b, a));
    }
}

TEST(Fold, PassOnlyWhereNothingIsOpen) {
  for (const Verdict a : kVerdicts)
    for (const Verdict b : kVerdicts)
      if (fold(a, b) == pass) {
        EXPECT_TRUE(a == pass || b == pass);
        for (const Verdict v : {a, b}) EXPECT_TRUE(v == pass || v == not_applicable || v == not_claimed) << name(v);
      }
}

TEST(Fold, Members) {
  EXPECT_EQ(fold(std::span<const Verdict>{}), not_assessed);
  const Verdict na[] = {not_applicable, not_applicable};
  EXPECT_EQ(fold(na), not_applicable);
  const Verdict mixed[] = {pass, not_applicable, not_assessed};
  EXPECT_EQ(fold(mixed), not_assessed);
}

TEST(Verdict, NamesRoundTrip) {
  for (const Verdict v : kVerdicts) EXPECT_EQ(verdict_named(name(v)), v);
  EXPECT_FALSE(verdict_named("passed").has_value());
}

}  // namespace
}  // namespace assay
