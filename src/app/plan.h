// assay plan: the least further work for the wanted marks, in order, with what it costs and why nothing costs less.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/plan_problem.h"
#include "plan/certificate.h"
#include "report/report.h"

namespace assay::app {

struct PlanOptions {
  std::filesystem::path dossier, from;  // from empty: dossier/out
  std::filesystem::path costs;          // empty: ours
  PlanWanted wanted;
};

// A mark of the plan, wanted or because another rests on it.
struct PlannedMark {
  std::string scheme, level, market, title;
  bool wanted = false;
  int way = -1;            // of PlanProblem::problem: held, own, simplified, recognition or deemed
  std::vector<int> items;  // what it needs, shared or not
  plan::Money alone = 0;   // the cost of these items
  plan::Money own = 0;     // of those that no other mark of the plan needs
  std::size_t units = 0, shared_units = 0;
  std::vector<std::string> unknown;  // what is not in the plan because nobody knows it
  // Days from the start: work of the maker's people, laboratory, waiting; equal ends mean none.
  std::int64_t work_from = 0, work_until = 0, laboratory_until = 0, issued = 0;
  std::string rests_on;  // "sg-cls:L2"
};

struct Plan {
  PlanGround ground;
  PlanProblem problem;
  Costs costs;
  Date at;
  plan::Certificate certificate;   // of the part that matters
  std::vector<int> items;          // of `problem`, chosen
  std::vector<PlannedMark> marks;  // in the order in which they are worked on
  // Every wanted mark by itself, by its own way where it has one, nothing shared.
  plan::Money alone = 0;
  std::size_t units = 0, units_alone = 0;
  std::int64_t days = 0;

  plan::Money cost() const { return certificate.best.cost; }
};

Result<Plan> make_plan(PlanGround ground, const PlanWanted& wanted, Costs costs);
Result<Plan> make_plan(const PlanOptions& options);  // from assessment.json and the dossier
report::PlanView plan_view(const Plan& plan);        // as the report shows it
std::string plan_text(const Plan& plan, bool colour, bool unicode, const std::string& next);
std::string plan_json(const Plan& plan);
std::string plan_svg(const Plan& plan);
std::string plan_certificate(const Plan& plan);

// `--check`: reads a certificate, verifies it and says what it shows. With `plan`: and whether it is of that problem.
// `refused` where it is one, and does not hold or is of another problem.
struct CheckedPlan {
  std::string said;
  std::optional<Error> refused;
};
Result<CheckedPlan> check_plan(const std::filesystem::path& certificate, const Plan* plan, bool json);

}  // namespace assay::app
