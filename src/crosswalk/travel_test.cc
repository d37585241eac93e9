// Every answer is held against sets: a requirement is a set of demands, and a relation says what is true of them.
#include "crosswalk/travel.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

namespace assay::crosswalk {
namespace {

using Demands = unsigned;  // one bit a demand

struct World {
  std::vector<Demands> asks;  // of requirement "x:N"
  Crosswalk walk;
};
std::string id_of(std::size_t n) { return "x:" + std::to_string(n); }
std::size_t number(const std::string& id) { return static_cast<std::size_t>(std::stoi(id.substr(2))); }

// Requirements with random demands, and links that say something true of them, sometimes less than all.
World make_world(std::mt19937& random, std::size_t requirements, std::size_t links) {
  World w;
  const auto pick = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  for (std::size_t i = 0; i < requirements; ++i) {
    Demands d = 0;
    while (d == 0) d = static_cast<Demands>(random()) & static_cast<Demands>(random()) & 0xffu;
    if (i > 0 && pick(4) == 0) d = w.asks[pick(i)];  // so that equal ones exist
    if (i > 0 && pick(4) == 0) d |= w.asks[pick(i)];
    w.asks.push_back(d);
  }
  for (std::size_t i = 0; i < links; ++i) {
    std::set<std::size_t> from;
    for (std::size_t k = 0, n = 1 + (pick(3) == 0 ? 1 + pick(2) : 0); k < n; ++k) from.insert(pick(requirements));
    const std::size_t to = pick(requirements);
    if (from.contains(to)) continue;
    Demands all = 0;
    for (const std::size_t f : from) all |= w.asks[f];
    const Demands target = w.asks[to];
    if ((all & target) == 0) continue;
    std::vector<Relation> truth = {Relation::overlaps};
    if ((all & target) == target) truth.push_back(Relation::covers);
    if ((all & target) == all) truth.push_back(Relation::covered_by);
    if (all == target) truth.push_back(Relation::equal);
    Link link;
    for (const std::size_t f : from) link.from.push_back(id_of(f));
    link.to = id_of(to);
    link.relation = pick(3) == 0 ? truth[pick(truth.size())] : truth.back();
    link.backing = {static_cast<Confidence>(1 + pick(3)), {"s" + std::to_string(i)}};
    w.walk.links.push_back(std::move(link));
  }
  return w;
}

std::vector<std::string> some(std::mt19937& random, std::size_t requirements) {
  std::set<std::string> held;
  const std::size_t n = std::min(requirements, std::size_t{random() % 2 == 0 ? 1 : 1 + random() % 4});
  while (held.size() < n) held.insert(id_of(random() % requirements));
  return {held.begin(), held.end()};
}

void check_truth(const World& w, const std::vector<std::string>& held, const Reach& reach) {
  Demands have = 0;
  for (const std::string& h : held) have |= w.asks[number(h)];
  for (const Way& way : reach.ways) {
    const Demands target = w.asks[number(way.to)];
    ASSERT_NE(have & target, 0u) << way.to;
    if (way.pass) {
      ASSERT_EQ(have & target, target) << way.to;
    }
    if (way.fail) {
      ASSERT_EQ(held.size(), 1u);
      ASSERT_EQ(have & target, have) << way.to;
    }
    ASSERT_EQ(way.pass, way.relation == Relation::equal || way.relation == Relation::covers);
    ASSERT_EQ(way.fail, way.relation == Relation::equal || way.relation == Relation::covered_by);
  }
}

// Each step builds on what stands before it and reads its link rightly; nothing of it is surer than its weakest step.
void check_steps(const std::vector<std::string>& held, const Reach& reach) {
  for (const Way& way : reach.ways) {
    std::set<std::string> reached(held.begin(), held.end()), sources;
    Confidence lowest = Confidence::high;
    std::size_t overlaps = 0;
    ASSERT_FALSE(way.steps.empty());
    for (const Step& s : way.steps) {
      for (const std::string& f : s.from) ASSERT_TRUE(reached.contains(f)) << f;
      reached.insert(s.to);
      lowest = std::min(lowest, s.link->backing.confidence);
      sources.insert(s.link->backing.source.begin(), s.link->backing.source.end());
      overlaps += s.relation == Relation::overlaps;
      if (way.pass) {
        ASSERT_TRUE(s.relation == Relation::equal || s.relation == Relation::covers) << name(s.relation);
      }
      if (s.backwards) {
        ASSERT_EQ(s.from, std::vector<std::string>{s.link->to});
        ASSERT_NE(std::find(s.link->from.begin(), s.link->from.end(), s.to), s.link->from.end());
      } else {
        ASSERT_EQ(s.to, s.link->to);
      }
    }
    ASSERT_EQ(way.steps.back().to, way.to);
    ASSERT_LE(overlaps, 1u) << "two overlaps were chained to " << way.to;
    ASSERT_EQ(way.confidence, lowest) << way.to;
    ASSERT_EQ(way.source, std::vector<std::string>(sources.begin(), sources.end()));
  }
}

TEST(Travel, SaysNothingThatSetsOfDemandsContradict) {
  std::mt19937 random(1);
  std::size_t passes = 0, evidence = 0, unions = 0;
  for (int round = 0; round < 3000; ++round) {
    const std::size_t n = 3 + random() % 14;
    const World w = make_world(random, n, random() % 60);
    const auto held = some(random, n);
    const Reach reach = travel(w.walk, held);
    check_truth(w, held, reach);
    check_steps(held, reach);
    if (testing::Test::HasFatalFailure()) return;
    for (const Way& way : reach.ways) {
      (way.pass ? passes : evidence) += 1;
      unions +=
          way.pass && std::any_of(way.steps.begin(), way.steps.end(), [](const Step& s) { return s.from.size() > 1; });
    }
  }
  EXPECT_GT(passes, 2000u);
  EXPECT_GT(evidence, 2000u);
  EXPECT_GT(unions, 100u);
}

// A second way to the answer: the rules of travel.h as they stand there, until nothing new follows.
TEST(Travel, FindsAllThatItsRulesGive) {
  std::mt19937 random(2);
  for (int round = 0; round < 1000; ++round) {
    const std::size_t n = 3 + random() % 10;
    const World w = make_world(random, n, random() % 40);
    const auto held = some(random, n);
    std::set<std::string> pass(held.begin(), held.end()), less, touch;
    if (held.size() == 1) less.insert(held.front());
    for (bool grew = true; grew;) {
      const std::size_t before = pass.size() + less.size() + touch.size();
      for (const Link& l : w.walk.links) {
        const bool equal = l.relation == Relation::equal, covers = equal || l.relation == Relation::covers,
                   covered = equal || l.relation == Relation::covered_by, one = l.from.size() == 1;
        const bool every =
            std::all_of(l.from.begin(), l.from.end(), [&](const std::string& f) { return pass.contains(f); });
        const auto near = [&](const std::string& f) { return pass.contains(f) || touch.contains(f); };
        if (every && covers) pass.insert(l.to);
        if (every && l.relation == Relation::overlaps) touch.insert(l.to);
        for (const std::string& f : l.from) {
          if (covered && near(f)) touch.insert(l.to);
          if (covered && less.contains(f)) less.insert(l.to);
          if (covered && pass.contains(l.to)) pass.insert(f);
          if (one && l.relation == Relation::overlaps && pass.contains(l.to)) touch.insert(f);
          if (one && covers && near(l.to)) touch.insert(f);
          if (one && covers && less.contains(l.to)) less.insert(f);
        }
      }
      grew = pass.size() + less.size() + touch.size() != before;
    }
    const Reach reach = travel(w.walk, held);
    for (std::size_t i = 0; i < n; ++i) {
      const std::string id = id_of(i);
      if (std::find(held.begin(), held.end(), id) != held.end()) continue;
      const Way* way = reach.to(id);
      ASSERT_EQ(way != nullptr && way->pass, pass.contains(id)) << id;
      ASSERT_EQ(way != nullptr, pass.contains(id) || less.contains(id) || touch.contains(id)) << id;
    }
  }
}

TEST(Travel, MoreLinksAndMorePassesNeverTakeAnythingAway) {
  std::mt19937 random(3);
  for (int round = 0; round < 1000; ++round) {
    const std::size_t n = 3 + random() % 10;
    World w = make_world(random, n, 1 + random() % 40);
    if (w.walk.links.empty()) continue;
    auto held = some(random, n);
    const auto passes = [&](const Reach& r) {
      std::map<std::string, Confidence> out;
      for (const Way& way : r.ways)
        if (way.pass) out[way.to] = way.confidence;
      for (const std::string& h : held) out[h] = Confidence::high;
      return out;
    };
    const auto all = passes(travel(w.walk, held));
    World fewer = w;
    fewer.walk.links.erase(fewer.walk.links.begin() + static_cast<long>(random() % fewer.walk.links.size()));
    for (const auto& [id, confidence] : passes(travel(fewer.walk, held))) {
      ASSERT_TRUE(all.contains(id)) << id;
      ASSERT_GE(all.at(id), confidence) << id;
    }
    held.push_back(id_of(random() % n));
    const auto more = passes(travel(w.walk, held));
    for (const auto& [id, confidence] : all) {
      ASSERT_TRUE(more.contains(id)) << id;
      ASSERT_GE(more.at(id), confidence) << id;
    }
  }
}

Link link(std::vector<std::string> from, std::string to, Relation relation, Confidence confidence = Confidence::high) {
  Link l;
  l.from = std::move(from);
  l.to = std::move(to);
  l.relation = relation;
  l.backing = {confidence, {"s"}};
  return l;
}

TEST(Travel, TwoOverlapsAreNotChained) {
  Crosswalk w;
  w.links = {link({"x:1"}, "x:2", Relation::overlaps), link({"x:2"}, "x:3", Relation::overlaps),
             link({"x:2"}, "x:4", Relation::covered_by), link({"x:3"}, "x:5", Relation::equal)};
  const Reach r = travel(w, {"x:1"});
  ASSERT_NE(r.to("x:2"), nullptr);
  EXPECT_FALSE(r.to("x:2")->pass);
  EXPECT_EQ(r.to("x:3"), nullptr);
  EXPECT_EQ(r.to("x:5"), nullptr);
  ASSERT_NE(r.to("x:4"), nullptr);  // what asks more than x:2 shares what x:2 shares
  EXPECT_EQ(r.to("x:4")->relation, Relation::overlaps);
}

TEST(Travel, SeveralCoverOnlyTogether) {
  Crosswalk w;
  w.links = {link({"x:1", "x:2"}, "x:3", Relation::covers, Confidence::medium), link({"x:3"}, "x:4", Relation::equal)};
  const Reach one = travel(w, {"x:1"});
  EXPECT_TRUE(one.ways.empty());
  ASSERT_EQ(one.shares.size(), 1u);
  EXPECT_EQ(one.shares[0].missing, std::vector<std::string>{"x:2"});
  const Reach both = travel(w, {"x:1", "x:2"});
  ASSERT_NE(both.to("x:4"), nullptr);
  EXPECT_TRUE(both.to("x:4")->pass);
  EXPECT_EQ(both.to("x:4")->confidence, Confidence::medium);
  EXPECT_EQ(both.to("x:4")->steps.size(), 2u);
  EXPECT_TRUE(both.shares.empty());
}

TEST(Travel, AWholeIsCoveredWhereEachPartIs) {
  Crosswalk w;
  w.links = {link({"x:a"}, "x:1.a", Relation::equal), link({"x:b"}, "x:1.b", Relation::covers),
             link({"x:c"}, "x:1.c", Relation::covered_by)};
  w.links.push_back(link({"x:1.a", "x:1.b"}, "x:1", Relation::equal));
  w.links.back().whole = true;
  EXPECT_TRUE(travel(w, {"x:a", "x:b"}).to("x:1")->pass);
  EXPECT_FALSE(travel(w, {"x:a"}).to("x:1")->pass);
  w.links.back().from.push_back("x:1.c");  // one part of which the source asks less
  EXPECT_FALSE(travel(w, {"x:a", "x:b", "x:c"}).to("x:1")->pass);
}

// What the real data gives.
TEST(Travel, CarriesAnAssessmentOfTheBaselineWhereTheFactsAllowIt) {
  const Crosswalk& all = **load();
  const Reach one = travel(all, {"en303645:2.1.1:5.2-1"});
  EXPECT_TRUE(one.to("uk-psti:S1P2.contact")->pass);
  EXPECT_FALSE(one.to("uk-psti:S1P2.access")->pass);
  EXPECT_TRUE(one.to("jp-jcstar:S1.1-05")->pass);
  EXPECT_EQ(one.to("jp-jcstar:S1.1-05")->relation, Relation::equal);
  EXPECT_TRUE(one.to("uk-cop:2.a")->pass);
  EXPECT_FALSE(one.to("nistir8425:IQR.1")->pass);
  const Reach support = travel(all, {"en303645:2.1.1:5.3-13"});
  EXPECT_FALSE(support.to("uk-psti:S1P3.2")->pass);
  EXPECT_TRUE(support.to("uk-psti:S1P3.2")->fail);
  EXPECT_EQ(support.to("uk-psti:S1P3.2")->residual,
            std::vector<std::string>{"a calendar end date; no minimum length is asked"});
  // UK law to the Australian rules: five requirements together equal one.
  const Reach passwords =
      travel(all, {"uk-psti:S1P1.2", "uk-psti:S1P1.3a", "uk-psti:S1P1.3b", "uk-psti:S1P1.3c", "uk-psti:S1P1.3d"});
  EXPECT_TRUE(passwords.to("au-smart:S1C2")->pass);
  // The whole of an edition meets guideline 9 of the Code, whose three parts it equals, and not guideline 8.
  std::vector<std::string> edition;
  for (const Item& i : all.standard("en303645:2.1.1")->items) edition.push_back(i.id);
  const Reach whole = travel(all, edition);
  EXPECT_TRUE(whole.to("uk-cop:9")->pass);
  EXPECT_FALSE(whole.to("uk-cop:8")->pass);
  for (const Way& way : whole.ways)
    if (standard_of(way.to) == "nistir8425") {
      EXPECT_FALSE(way.pass) << way.to;
    }
}

}  // namespace
}  // namespace assay::crosswalk
