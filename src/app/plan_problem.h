// From register, assessment and costs to the planner's problem: which marks are wanted, by which ways each can be had,
// and what each way needs. docs/plan.md says what is taken into account and what is assumed.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "app/plan_costs.h"
#include "base/clock.h"
#include "model/assessment.h"
#include "plan/problem.h"
#include "scheme/scheme.h"

namespace assay::app {

// What a plan stands on: the verdicts of an assessment, and what the product holds.
struct PlanGround {
  Product product;
  std::string en_edition, ts_edition, assessed_at;
  std::map<std::string, Verdict> provisions;  // "en303645:2.1.1:5.1-1"
  std::map<std::string, Verdict> units;       // "ts103701:1.1.1:5.1-1-1.a"
};

// A piece of work, paper, test, fee: beside each item of the problem.
struct Task {
  enum class Kind : unsigned char { mend, unit, settle, check, beyond, paper, laboratory, application };
  Kind kind = Kind::unit;
  std::string title;                                                         // what a person does
  std::string provision;                                                     // "5.1-1", of mend, unit and settle
  std::string scheme;                                                        // of those that belong to one
  std::int64_t minutes = 0, laboratory_days = 0, waiting_days = 0, fee = 0;  // fee in cents
  std::string basis;  // where the numbers come from, where it is not data/costs.yaml alone
};
std::string_view name(Task::Kind kind);

// What a way to a mark is, beside each way of the problem.
struct Route {
  enum class Kind : unsigned char { inner, held, own, simplified, recognition, deemed };
  Kind kind = Kind::inner;                  // inner: not of a mark but of a provision or requirement
  std::string from_scheme, from_level, by;  // the mark it rests on, and the arrangement
  std::string confidence;
  std::vector<std::string> conditions;
};
std::string_view name(Route::Kind kind);

struct Wish {
  std::string scheme, level;         // as given, where the register does not know them
  std::string market, title;         // "SG", "CLS Level 1"
  bool asked = false;                // by --marks; else it follows from a market
  bool misnamed = false;             // no such scheme or level
  int goal = -1;                     // of the problem; -1: refused
  std::vector<std::string> why_not;  // of refused ones: why, and what else was looked at
};

struct PlanProblem {
  plan::Problem problem;
  std::vector<Task> tasks;    // by item
  std::vector<Route> routes;  // by way
  std::vector<Wish> wishes;
  std::map<int, std::pair<const scheme::Scheme*, const scheme::Level*>> marks;  // goals that are marks
  std::vector<std::string> notes;
};

struct PlanWanted {
  std::vector<std::string> markets, marks;  // both empty: the product's markets; "all" as a mark: every level
  Confidence least = Confidence::medium;    // of the facts a recognition route rests on
  Date at;
};

Result<PlanProblem> plan_problem(const PlanGround& ground, const PlanWanted& wanted, const Costs& costs);

}  // namespace assay::app
