// The planner's problem in plain values: goals (a mark, a provision, a requirement), ways to each goal, and items
// (work, papers, fees) that ways need. An item is paid once, however many ways need it. What is wanted: the cheapest
// choice of ways by which every wanted goal is reached.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace assay::plan {

// Whole cents. What is held already costs nothing.
using Money = std::int64_t;
inline constexpr Money kDearest = 1'000'000'000'000;  // of one item
inline constexpr std::size_t kMost = 200'000;         // items, goals or ways

struct Item {
  std::string name;  // one word: "ts103701:1.1.1:5.1-1-1.a"
  Money cost = 0;
  std::vector<int> after;  // items that come with it and before it
};

struct Goal {
  std::string name;
  bool wanted = false;
};

// One way to reach a goal: everything in `items` is paid, and every goal in `goals` is reached before.
struct Way {
  std::string name;
  int goal = 0;
  std::vector<int> items, goals;
};

struct Problem {
  std::vector<Item> items;
  std::vector<Goal> goals;
  std::vector<Way> ways;
};

// What a choice of ways comes to.
struct Choice {
  std::vector<int> ways;   // sorted; at most one a goal, each needed
  std::vector<int> items;  // sorted: what they need, with what comes before
  Money cost = 0;
};

// Indices in range, costs 0 to kDearest, names without space or control characters, no item after itself (also not
// through others).
Result<void> sound(const Problem& problem);

// Goals that `ways` reach from nothing: a ring of goals that only support one another is not reached.
std::vector<bool> reached(const Problem& problem, const std::vector<int>& ways);

// Of `ways`, what the wanted goals need, one way a goal. Empty `ways` and cost -1 where a wanted goal is not reached.
Choice tidied(const Problem& problem, const std::vector<int>& ways);

// What of a problem can matter for some goals, which alone are wanted; ways that `barred` marks are left out.
struct Part {
  Problem problem;
  std::vector<int> items, goals, ways;  // their numbers in the whole
};
Part part_of(const Problem& problem, const std::vector<int>& wanted, const std::vector<bool>& barred);

}  // namespace assay::plan
