// The certificate: a problem, a choice of ways, and why nothing costs less, in lines that anybody can check with whole
// numbers alone. docs/plan.md has the format and why it proves what it says.
//
// Variables are 0 or 1: the items (0 …), then the goals, then the ways. Every row says "sum ≥ 0":
//   for each goal      the sum of its ways − goal
//   for each way       item − way, for each of its items; goal − way, for each of its goals
//   for each item      earlier item − item, for each that comes before it
//   for each ring      the sum of the ways to goals of the ring that need no goal of the ring − goal
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plan/problem.h"

namespace assay::plan {

struct Ring {
  int goal = 0;            // one of `goals`
  std::vector<int> goals;  // sorted: none of them is reached unless one is reached from outside
};

// A weight for some rows, in units of 1/scale.
struct Weights {
  std::vector<std::pair<int, std::int64_t>> rows;  // row and weight > 0, by row
};

// The tree of cases, in the order "no" before "yes".
struct Step {
  enum class Kind : unsigned char { split, bound, never };
  Kind kind = Kind::split;
  int number = 0;  // split: the variable; bound, never: which weights
};

struct Certificate {
  Problem problem;
  Choice best;
  Money proves = 0;        // no choice costs less; best.cost where the choice is the cheapest
  std::int64_t scale = 1;  // of the weights
  std::vector<Ring> rings;
  std::vector<Weights> weights;
  std::vector<Step> tree;

  bool proved() const { return proves == best.cost; }
};

std::string write_certificate(const Certificate& certificate);
// Bounded: at most kMost of anything in a list, 64 MiB. Errors point at name:line.
Result<Certificate> read_certificate(std::string_view text, std::string_view name);

// What the checker found to be so.
struct Checked {
  Money cost = 0;   // of the choice, counted anew
  Money least = 0;  // no choice costs less than this
  std::size_t leaves = 0;
};
// Verifies everything, with whole numbers of 128 bits and checks against overflow; needs no solver and shares no code
// with the search. An Error where one thing is not as the certificate says.
Result<Checked> check(const Certificate& certificate);

}  // namespace assay::plan
