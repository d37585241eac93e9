#include <gtest/gtest.h>

#include <random>

#include "plan/certificate.h"
#include "plan/search.h"

namespace assay::plan {
namespace {

using Random = std::mt19937_64;
int below(Random& r, int n) { return static_cast<int>(r() % static_cast<std::uint64_t>(n)); }

// Rings among the goals, shared items, items that come before others.
Problem random_problem(Random& r, int items, int goals, int ways, int dearest) {
  Problem p;
  for (int i = 0; i < items; ++i) {
    p.items.push_back({"i" + std::to_string(i), below(r, dearest), {}});
    if (i > 0 && below(r, 4) == 0) p.items.back().after.push_back(below(r, i));
  }
  for (int g = 0; g < goals; ++g) p.goals.push_back({"g" + std::to_string(g), below(r, 3) == 0});
  for (int w = 0; w < ways; ++w) {
    Way way{"w" + std::to_string(w), w < goals ? w : below(r, goals), {}, {}};
    for (int i = 0; i < items; ++i)
      if (below(r, 3) == 0) way.items.push_back(i);
    for (int g = 0; g < goals; ++g)
      if (g != way.goal && below(r, goals) == 0) way.goals.push_back(g);
    p.ways.push_back(std::move(way));
  }
  return p;
}

// Every subset of the ways; -1 where none reaches all that is wanted.
Money by_force(const Problem& p) {
  Money best = -1;
  for (unsigned set = 0; set < (1u << p.ways.size()); ++set) {
    std::vector<int> ways;
    for (std::size_t w = 0; w < p.ways.size(); ++w)
      if ((set >> w) & 1u) ways.push_back(static_cast<int>(w));
    const std::vector<bool> have = reached(p, ways);
    bool all = true;
    for (std::size_t g = 0; g < p.goals.size(); ++g) all = all && (have[g] || !p.goals[g].wanted);
    if (!all) continue;
    std::vector<bool> paid(p.items.size(), false);
    for (const int w : ways)
      for (const int i : p.ways[static_cast<std::size_t>(w)].items) paid[static_cast<std::size_t>(i)] = true;
    Money cost = 0;
    for (std::size_t i = p.items.size(); i-- > 0;) {  // what comes before has a smaller number here
      if (!paid[i]) continue;
      cost += p.items[i].cost;
      for (const int before : p.items[i].after) paid[static_cast<std::size_t>(before)] = true;
    }
    if (best < 0 || cost < best) best = cost;
  }
  return best;
}

TEST(Plan, TheCheapestOfEverySmallProblemIsFoundAndProved) {
  Random r(1);
  int reachable = 0, shared_rings = 0;
  for (int k = 0; k < 400; ++k) {
    const Problem p = random_problem(r, 8, 5 + k % 3, 11, k % 2 ? 4 : 1000);
    const Money wanted = by_force(p);
    const auto c = solve(p);
    if (wanted < 0) {
      EXPECT_FALSE(c) << k;
      continue;
    }
    ++reachable;
    ASSERT_TRUE(c) << k << ": " << c.error().text();
    shared_rings += !c->rings.empty();
    EXPECT_EQ(c->best.cost, wanted) << k;
    EXPECT_TRUE(c->proved()) << k;
    const auto checked = check(*c);
    ASSERT_TRUE(checked) << k << ": " << checked.error().text();
    EXPECT_EQ(checked->least, wanted) << k;
    // Through the file and back: the same bytes, and still sound.
    const std::string text = write_certificate(*c);
    const auto again = read_certificate(text, "c");
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_EQ(write_certificate(*again), text);
    EXPECT_TRUE(check(*again));
  }
  EXPECT_GT(reachable, 200);
  EXPECT_GT(shared_rings, 50);
}

TEST(Plan, ARingOfGoalsDoesNotHoldItselfUp) {
  // Two labels that recognise one another for nothing; only the first can be had by itself, for 10.
  Problem p;
  p.items = {{"test", 10, {}}, {"dear", 50, {}}};
  p.goals = {{"a", false}, {"b", true}};
  p.ways = {{"a-by-b", 0, {}, {1}}, {"b-by-a", 1, {}, {0}}, {"a-alone", 0, {0}, {}}, {"b-alone", 1, {1}, {}}};
  const auto c = solve(p);
  ASSERT_TRUE(c);
  EXPECT_EQ(c->best.cost, 10);
  EXPECT_TRUE(c->proved());
  EXPECT_TRUE(check(*c));
}

TEST(Plan, ACertificateThatProvesNonsenseOrRepeatsRingsIsRefused) {
  Certificate c;
  c.problem.goals = {{"g", true}};
  c.problem.ways = {{"a", 0, {}, {}}};
  c.best.ways = {0};
  c.weights = {{}};
  c.tree = {{Step::Kind::bound, 0}};
  EXPECT_TRUE(check(c));
  const auto refused = [](const Certificate& bad, std::string_view why) {
    const auto checked = check(bad);
    return !checked && checked.error().text().find(why) != std::string::npos;
  };
  for (const Money proves : {-1, 1}) {
    Certificate bad = c;
    bad.proves = proves;
    EXPECT_TRUE(refused(bad, "not between 0 and the cost")) << proves;
  }
  Certificate bad = c;
  bad.rings = {{0, {0}}};
  EXPECT_TRUE(check(bad));
  bad.rings.push_back({0, {0}});
  EXPECT_TRUE(refused(bad, "twice"));
  bad.rings.back().goals = {0, 0};
  EXPECT_TRUE(refused(bad, "not sorted"));
}

TEST(Plan, CheckingIsBoundedInMemoryAndTime) {
  // Many ways to one goal, and as many rings that each have all of them: a small file, too many entries.
  Certificate c;
  c.best.ways = {0};
  for (int i = 0; i < 20'000; ++i) {
    c.problem.goals.push_back({"g", i == 0});
    c.problem.ways.push_back({"a", 0, {}, {}});
    if (i > 0) c.rings.push_back({0, {0, i}});
  }
  c.weights = {{}};
  c.tree = {{Step::Kind::bound, 0}};
  const auto checked = check(c);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, Errc::limit);
}

TEST(Plan, WhatNoWayReachesIsNamed) {
  Problem p;
  p.goals = {{"moon", true}};
  const auto c = solve(p);
  ASSERT_FALSE(c);
  EXPECT_NE(c.error().text().find("moon"), std::string::npos);
}

TEST(Plan, AShortEffortLeavesAGapAndSaysSo) {
  Random r(5);
  Problem p;  // a cover: each goal by any of a few items, all of one price
  for (int i = 0; i < 60; ++i) p.items.push_back({"i" + std::to_string(i), 1, {}});
  for (int g = 0; g < 60; ++g) {
    p.goals.push_back({"g" + std::to_string(g), true});
    for (int k = 0; k < 5; ++k) p.ways.push_back({"w" + std::to_string(5 * g + k), g, {below(r, 60)}, {}});
  }
  const auto c = solve(p, {.nodes = 5'000, .cases = 3});
  ASSERT_TRUE(c);
  EXPECT_FALSE(c->proved());
  EXPECT_LT(c->proves, c->best.cost);
  EXPECT_GT(c->proves, 0);
  const auto checked = check(*c);
  ASSERT_TRUE(checked) << checked.error().text();
  EXPECT_EQ(checked->least, c->proves);
}

TEST(Plan, ATamperedCertificateIsRefused) {
  Random r(7);
  int refused = 0, tried = 0;
  for (int k = 0; k < 40; ++k) {
    const Problem p = random_problem(r, 10, 7, 14, 500);
    const auto c = solve(p);
    if (!c || c->best.cost == 0) continue;
    ASSERT_TRUE(check(*c));
    const auto no = [&](Certificate bad, const char* what) {
      ++tried;
      EXPECT_FALSE(check(bad)) << what << " in " << k;
      refused += !check(bad);
    };
    Certificate bad = *c;
    bad.best.cost -= 1;
    bad.proves -= 1;
    no(bad, "a cheaper cost");
    bad = *c;
    bad.proves += 1;
    no(bad, "a better bound");
    bad = *c;
    bad.best.ways.pop_back();
    no(bad, "a way less");
    bad = *c;
    bad.tree.pop_back();
    no(bad, "a case less");
    bad = *c;
    bad.tree.push_back(bad.tree.back());
    no(bad, "a case more");
    bad = *c;
    for (Weights& w : bad.weights)
      if (!w.rows.empty()) w.rows.front().second = -w.rows.front().second;
    no(bad, "weights below 0");
    bad = *c;
    for (Weights& w : bad.weights) w.rows.clear();
    no(bad, "no weights");
    bad = *c;
    bad.weights.front().rows.emplace_back(100'000, 1);
    no(bad, "a row that does not exist");
    // A ring that is none would prove too much: its row is built from the goals named, so it proves nothing false.
    bad = *c;
    for (Item& item : bad.problem.items) item.cost = 0;
    no(bad, "items for nothing");
  }
  EXPECT_GT(tried, 100);
  EXPECT_EQ(refused, tried);
}

// Whatever somebody does to the bytes: either it does not pass, or what it proves is true of the problem it holds.
TEST(Plan, NoChangeOfBytesProvesWhatIsFalse) {
  Random r(11);
  int passed = 0, refused = 0;
  for (int k = 0; k < 30; ++k) {
    const Problem p = random_problem(r, 6, 5, 9, 50);
    const auto c = solve(p);
    if (!c) continue;
    const std::string text = write_certificate(*c);
    for (int m = 0; m < 150; ++m) {
      std::string changed = text;
      const std::size_t at = r() % changed.size();
      switch (below(r, 3)) {
        case 0:
          changed[at] = static_cast<char>('0' + below(r, 10));
          break;
        case 1:
          changed.erase(at, 1 + r() % 3);
          break;
        default:
          changed.insert(at, 1, static_cast<char>('0' + below(r, 10)));
      }
      const auto read = read_certificate(changed, "c");
      if (!read || !check(*read)) {
        ++refused;
        continue;
      }
      ++passed;
      if (read->problem.ways.size() <= 12) {
        EXPECT_LE(read->proves, by_force(read->problem));
        EXPECT_GE(read->best.cost, by_force(read->problem));
      }
    }
  }
  EXPECT_GT(refused, 1000);
  EXPECT_GT(passed, 10);
}

TEST(Plan, EveryTruncationOfACertificateIsAnError) {
  Random r(13);
  auto c = solve(random_problem(r, 6, 5, 9, 50));
  while (!c) c = solve(random_problem(r, 6, 5, 9, 50));
  const std::string text = write_certificate(*c);
  for (std::size_t n = 0; n < text.size(); ++n) EXPECT_FALSE(read_certificate(text.substr(0, n), "c")) << n;
}

TEST(Plan, TheSameProblemGivesTheSameBytes) {
  Random r(17);
  for (int k = 0; k < 10; ++k) {
    const Problem p = random_problem(r, 20, 10, 30, 300);
    const auto a = solve(p), b = solve(p);
    ASSERT_EQ(a.has_value(), b.has_value());
    if (!a) continue;
    EXPECT_EQ(write_certificate(*a), write_certificate(*b));
  }
}

}  // namespace
}  // namespace assay::plan
