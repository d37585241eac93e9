#include "app/plan.h"

#include <gtest/gtest.h>

#include <numeric>
#include <random>

#include "catalogue/catalogue.h"
#include "plan/search.h"
#include "scheme/decide.h"

namespace assay::app {
namespace {

PlanGround nothing_done(const std::string& category) {
  PlanGround out;
  out.product.id = "x";
  out.product.category = category;
  out.en_edition = "2.1.1";
  out.ts_edition = "1.1.1";
  const catalogue::Edition& e = **catalogue::edition("2.1.1");
  for (const catalogue::Provision& p : e.provisions) out.provisions["en303645:2.1.1:" + p.id] = Verdict::not_assessed;
  for (const catalogue::Unit& u : e.units) out.units["ts103701:1.1.1:" + u.short_id] = Verdict::not_assessed;
  return out;
}
PlanWanted wanting(std::vector<std::string> marks, std::string_view at = "2026-11-22") {
  PlanWanted out;
  out.marks = std::move(marks);
  out.at = *Date::parse(at);
  return out;
}
struct Solved {
  PlanProblem problem;
  plan::Certificate certificate;
  std::vector<int> ways;  // of the whole problem
  plan::Money cost() const { return certificate.best.cost; }
};
Solved solved(const PlanGround& ground, const PlanWanted& wanted) {
  Solved out;
  const Costs costs = *read_costs({});
  auto problem = plan_problem(ground, wanted, costs);
  EXPECT_TRUE(problem) << problem.error().text();
  out.problem = std::move(*problem);
  std::vector<int> goals;
  for (const Wish& w : out.problem.wishes)
    if (w.goal >= 0) goals.push_back(w.goal);
  const plan::Part part =
      plan::part_of(out.problem.problem, goals, std::vector<bool>(out.problem.problem.ways.size(), false));
  auto c = plan::solve(part.problem);
  EXPECT_TRUE(c) << c.error().text();
  out.certificate = std::move(*c);
  EXPECT_TRUE(out.certificate.proved());
  EXPECT_TRUE(plan::check(out.certificate));
  for (const int w : out.certificate.best.ways) out.ways.push_back(part.ways[static_cast<std::size_t>(w)]);
  return out;
}
const Wish& wish(const Solved& s, std::string_view scheme, std::string_view level) {
  for (const Wish& w : s.problem.wishes)
    if (w.scheme == scheme && w.level == level) return w;
  ADD_FAILURE() << scheme << " " << level << " is not among the wishes";
  static const Wish none;
  return none;
}

// Deciding is the judge of planning: with all that the plan says done, every mark of it conforms, but for what the
// level asks beyond and no verdict can say. Returns how many marks were held against it.
int held_against_decide(const PlanGround& ground, const Solved& s) {
  scheme::DecideInput in;
  in.product = "x";
  in.category = ground.product.category;
  in.at = *Date::parse("2026-11-22");
  in.verdicts = ground.provisions;
  // What is mended does not fail any more, whether it is assessed again or not.
  for (const int i : s.certificate.best.items)
    if (const std::string& id = s.certificate.problem.items[static_cast<std::size_t>(i)].name; id.starts_with("mend:"))
      in.verdicts[id.substr(5)] = Verdict::not_assessed;
  const std::vector<bool> reached = plan::reached(s.problem.problem, s.ways);
  for (std::size_t g = 0; g < reached.size(); ++g) {
    const std::string& id = s.problem.problem.goals[g].name;
    if (!reached[g] || id.starts_with("mark:") || id.starts_with("choice:")) continue;
    if (Verdict& v = in.verdicts[id]; v != Verdict::not_applicable) v = Verdict::pass;
  }
  const auto decision = scheme::decide(in);
  EXPECT_TRUE(decision);
  int out = 0;
  for (const int w : s.ways) {
    const Route& route = s.problem.routes[static_cast<std::size_t>(w)];
    if (route.kind != Route::Kind::own && route.kind != Route::Kind::simplified) continue;
    const auto [scheme, level] = s.problem.marks.at(s.problem.problem.ways[static_cast<std::size_t>(w)].goal);
    for (const Conformity& c : decision->conformity) {
      if (c.scheme != scheme->id || c.level != level->id) continue;
      EXPECT_TRUE(c.failed.empty()) << c.scheme << " " << c.level << ": " << c.failed.front();
      EXPECT_TRUE(c.open.empty()) << c.scheme << " " << c.level << ": " << c.open.front();
      for (const std::string& id : c.residual)
        EXPECT_NE(id.find(' '), std::string::npos) << c.scheme << " " << c.level << " still lacks " << id;
      EXPECT_NE(c.result, "does_not_conform");
      EXPECT_NE(c.result, "undetermined") << c.scheme << " " << c.level;
      ++out;
    }
  }
  return out;
}

TEST(PlanProblem, WhatThePlanSaysIsEnoughForDecide) {
  for (const char* category : {"doorbell", "router"}) {
    PlanGround ground = nothing_done(category);
    ground.provisions["en303645:2.1.1:5.1-1"] = Verdict::fail;
    ground.provisions["en303645:2.1.1:5.3-13"] = Verdict::fail;
    ground.provisions["en303645:2.1.1:5.2-1"] = Verdict::pass;
    ground.provisions["en303645:2.1.1:5.5-1"] = Verdict::inconclusive;
    ground.provisions["en303645:2.1.1:5.1-4"] = Verdict::not_claimed;
    const Solved all = solved(ground, wanting({"all"}));
    EXPECT_GT(held_against_decide(ground, all), 4) << category;
    // Each by itself, where nothing that another needs can help out.
    int alone = 0;
    for (const Wish& w : all.problem.wishes)
      if (w.goal >= 0) alone += held_against_decide(ground, solved(ground, wanting({w.scheme + ":" + w.level})));
    EXPECT_GT(alone, 4) << category;
  }
}

TEST(PlanProblem, MorePassesNeverCostMore) {
  std::mt19937 random(3);
  PlanGround ground = nothing_done("camera");
  plan::Money before = solved(ground, wanting({"sg-cls:L2", "uk-psti", "jp-jcstar:STAR-1", "de-itsik"})).cost();
  std::vector<std::string> ids;
  for (const auto& [id, value] : ground.provisions) ids.push_back(id);
  std::shuffle(ids.begin(), ids.end(), random);
  for (std::size_t i = 0; i < ids.size(); i += 6) {
    for (std::size_t k = i; k < i + 6 && k < ids.size(); ++k) ground.provisions[ids[k]] = Verdict::pass;
    const plan::Money now = solved(ground, wanting({"sg-cls:L2", "uk-psti", "jp-jcstar:STAR-1", "de-itsik"})).cost();
    EXPECT_LE(now, before) << ids[i];
    before = now;
  }
  EXPECT_GT(before, 0);  // applications and what the laws ask beside the standard remain
}

TEST(PlanProblem, AMarkThatIsHeldCostsNothingAndOnlyWhileItIsLive) {
  PlanGround ground = nothing_done("camera");
  const plan::Money without = solved(ground, wanting({"uk-psti"})).cost();
  EXPECT_GT(without, 0);
  ground.product.held = {{"sg-cls", "L1", "2026-01-10", "2029-01-09", "CCC SP-151-2 v1.4", "application"}};
  EXPECT_EQ(solved(ground, wanting({"uk-psti"})).cost(), 0);
  EXPECT_EQ(solved(ground, wanting({"sg-cls:L1"})).cost(), 0);
  ground.product.held.front().edition = "CCC SP-151-2 v1.3";  // the text names v1.4
  EXPECT_EQ(solved(ground, wanting({"uk-psti"})).cost(), without);
  ground.product.held.front().edition = "CCC SP-151-2 v1.4";
  ground.product.held.front().until = "2026-11-21";
  EXPECT_EQ(solved(ground, wanting({"uk-psti"})).cost(), without);
  ground.product.held.front() = {"sg-cls", "L1", "2027-01-10", "2029-01-09", "CCC SP-151-2 v1.4", "application"};
  EXPECT_EQ(solved(ground, wanting({"uk-psti"})).cost(), without);
}

TEST(PlanProblem, WhatCannotBeHadIsExplained) {
  const PlanGround ground = nothing_done("doorbell");
  const Solved s =
      solved(ground, wanting({"fi-label", "kr-cic:basic", "sg-cls:L9", "nosuch", "eu-cra", "us-ctm", "sg-cls:L1"}));
  const auto says = [&](std::string_view scheme, std::string_view level, std::string_view words) {
    const Wish& w = wish(s, scheme, level);
    EXPECT_EQ(w.goal, -1) << scheme;
    std::string all;
    for (const std::string& why : w.why_not) all += why + "\n";
    EXPECT_NE(all.find(words), std::string::npos) << scheme << ": " << all;
  };
  says("fi-label", "single", "closed");
  says("kr-cic", "basic", "product group doorbell is not covered");
  says("sg-cls:L9", "", "no level 'L9'");
  says("nosuch", "", "no such scheme");
  says("eu-cra", "default", "2027-12-11");
  EXPECT_GE(wish(s, "sg-cls", "L1").goal, 0);
  // A hub is covered: the certificate of Korea comes by the label of Singapore, which is issued first.
  const Solved hub = solved(nothing_done("hub"), wanting({"kr-cic:basic"}));
  EXPECT_GE(wish(hub, "kr-cic", "basic").goal, 0);
  bool recognised = false, applied = false;
  for (const int w : hub.ways) {
    const std::string& way = hub.problem.problem.ways[static_cast<std::size_t>(w)].name;
    recognised |= way.starts_with("recognised:kr-cic:basic:from:sg-cls:L3");
    applied |= way == "apply:sg-cls:L3";
  }
  EXPECT_TRUE(recognised && applied);
}

TEST(PlanProblem, RoutesHoldByTheirDates) {
  const PlanGround ground = nothing_done("camera");
  const auto deemed = [&](std::string_view at) {
    const auto built = plan_problem(ground, wanting({"uk-psti"}, at), *read_costs({}));
    for (const plan::Way& way : built->problem.ways)
      if (way.name.starts_with("deemed:uk-psti:from:sg-cls")) return true;
    return false;
  };
  EXPECT_FALSE(deemed("2025-06-01"));
  EXPECT_TRUE(deemed("2026-11-22"));
}

TEST(PlanProblem, ADoubtfulArrangementIsLeftOutUnlessAllowed) {
  const PlanGround ground = nothing_done("camera");
  const auto routes = [&](Confidence least) {
    PlanWanted wanted = wanting({"jp-jcstar:STAR-1"});
    wanted.least = least;
    int out = 0;
    const auto built = plan_problem(ground, wanted, *read_costs({}));
    for (const plan::Way& way : built->problem.ways)
      out += way.name.starts_with("recognised:jp-jcstar:STAR-1:from:sg-cls");
    return out;
  };
  EXPECT_EQ(routes(Confidence::medium), 0);
  EXPECT_EQ(routes(Confidence::low), 4);
}

}  // namespace
}  // namespace assay::app
