#include "catalogue/catalogue.h"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <set>

namespace assay::catalogue {
namespace {

const Edition& of(std::string_view en) {
  const Result<const Edition*> e = edition(en);
  if (!e) ADD_FAILURE() << e.error().text();
  return **e;
}

std::size_t mandatory(const Edition& e) {
  return static_cast<std::size_t>(
      std::count_if(e.provisions.begin(), e.provisions.end(), [](const Provision& p) { return p.mandatory; }));
}
std::size_t decided(const Edition& e, std::string_view how) {
  return static_cast<std::size_t>(
      std::count_if(e.units.begin(), e.units.end(), [&](const Unit& u) { return u.decide == how; }));
}

// First in the file, so that nothing has been read yet when it runs alone.
TEST(Catalogue, OneEditionIsReadFast) {
  const auto start = std::chrono::steady_clock::now();
  const Edition& e = of("2.1.1");
  const auto took = std::chrono::steady_clock::now() - start;
  EXPECT_FALSE(e.units.empty());
  // 15 ms is the aim; the limit is wider because test machines are busy.
  EXPECT_LT(std::chrono::duration_cast<std::chrono::milliseconds>(took).count(), 150);
}

TEST(Catalogue, CountsOfTheFirstPair) {
  const Edition& e = of("2.1.1");
  EXPECT_EQ(e.ts, "1.1.1");
  EXPECT_EQ(e.provisions.size(), 68u);
  EXPECT_EQ(mandatory(e), 33u);
  EXPECT_EQ(std::count_if(e.provisions.begin(), e.provisions.end(), [](const Provision& p) { return p.conditional(); }),
            23);
  EXPECT_EQ(e.cases.size(), 109u);
  EXPECT_EQ(e.units.size(), 226u);
  EXPECT_EQ(e.conditions.size(), 13u);
  EXPECT_TRUE(e.features.empty());
  EXPECT_EQ(decided(e, "automatic"), 34u);
  EXPECT_EQ(decided(e, "disproves_only"), 53u);
  EXPECT_EQ(decided(e, "assisted"), 76u);
  EXPECT_EQ(decided(e, "by_hand"), 63u);
}

TEST(Catalogue, CountsOfTheSecondPair) {
  const Edition& e = of("3.1.3");
  EXPECT_EQ(e.ts, "2.1.1");
  EXPECT_EQ(e.provisions.size(), 78u);
  EXPECT_EQ(mandatory(e), 36u);
  EXPECT_EQ(std::count_if(e.provisions.begin(), e.provisions.end(), [](const Provision& p) { return p.conditional(); }),
            46);
  EXPECT_EQ(e.cases.size(), 131u);
  EXPECT_EQ(e.units.size(), 258u);
  EXPECT_EQ(e.conditions.size(), 5u);
  EXPECT_EQ(e.features.size(), 27u);
  EXPECT_EQ(decided(e, "automatic"), 35u);
  EXPECT_EQ(decided(e, "disproves_only"), 58u);
  EXPECT_EQ(decided(e, "assisted"), 85u);
  EXPECT_EQ(decided(e, "by_hand"), 80u);
}

TEST(Catalogue, EveryPartHasItsPlace) {
  const std::set<std::string> kinds = {"conceptual", "functional", "conceptual/functional"};
  const std::set<std::string> verbs = {"check", "assess", "act", "delegate"};
  const std::set<std::string> decides = {"automatic", "disproves_only", "assisted", "by_hand"};
  const std::set<std::string> confidences = {"high", "medium", "low"};
  for (const Edition* e : editions()) {
    SCOPED_TRACE(e->en);
    std::set<std::string> clauses, provisions, cases;
    for (const Reference& c : e->clauses) EXPECT_TRUE(clauses.insert(c.ref).second) << c.ref;
    for (const Provision& p : e->provisions) {
      SCOPED_TRACE(p.id);
      EXPECT_TRUE(provisions.insert(p.id).second);
      EXPECT_TRUE(clauses.count(p.clause));
      EXPECT_EQ(p.id.substr(0, p.id.find('-')), p.clause);
      EXPECT_FALSE(p.title.empty());
      EXPECT_FALSE(p.asks.empty());
      EXPECT_EQ(p.condition.empty(), !p.conditional());
      EXPECT_TRUE(confidences.count(p.confidence));
      EXPECT_FALSE(p.source.empty());
    }
    std::set<std::string> tested;
    for (const Case& c : e->cases) {
      SCOPED_TRACE(c.id);
      EXPECT_TRUE(cases.insert(c.id).second);
      EXPECT_TRUE(provisions.count(c.provision));
      EXPECT_EQ(c.id.find('@'), std::string::npos);
      EXPECT_TRUE(kinds.count(c.kind));
      EXPECT_FALSE(c.title.empty());
      ASSERT_FALSE(c.units.empty());
      char letter = 'a';
      for (const std::string& u : c.units) EXPECT_EQ(u, c.id + "." + letter++);
      tested.insert(c.provision);
    }
    EXPECT_EQ(tested, provisions) << "every provision has a test group";
    std::set<std::string> ids;
    for (const Unit& u : e->units) {
      SCOPED_TRACE(u.id);
      EXPECT_TRUE(ids.insert(u.short_id).second);
      EXPECT_TRUE(cases.count(u.case_id));
      EXPECT_TRUE(u.id == u.short_id || u.id == u.short_id + "@V" + e->ts);
      EXPECT_TRUE(u.kind == "conceptual" || u.kind == "functional");
      EXPECT_TRUE(verbs.count(u.verb));
      EXPECT_TRUE(decides.count(u.decide));
      EXPECT_FALSE(u.asks.empty());
      EXPECT_FALSE(u.pass_when.empty());
      EXPECT_TRUE(confidences.count(u.confidence));
      EXPECT_FALSE(u.source.empty());
      EXPECT_EQ(u.verb == "delegate", !u.delegates_to.empty());
      EXPECT_TRUE(u.decide != "by_hand" || !u.by_hand.empty());
    }
    for (const Unit& u : e->units)
      for (const std::string& to : u.delegates_to) EXPECT_TRUE(ids.count(to)) << u.id << " to " << to;
  }
}

TEST(Catalogue, StatusesAsPrinted) {
  const Edition& v2 = of("2.1.1");
  const Edition& v3 = of("en303645:3.1.3");
  const Provision& plain = *v2.provision("5.2-1");
  EXPECT_TRUE(plain.mandatory);
  EXPECT_FALSE(plain.conditional());
  EXPECT_FALSE(v2.provision("5.2-2")->mandatory);
  const Provision& two = *v2.provision("5.3-14");
  EXPECT_FALSE(two.mandatory);
  EXPECT_EQ(two.conditions, (std::vector<std::string>{"3", "4"}));
  EXPECT_EQ(two.condition, "software components cannot be updated; and the device is constrained");
  // Printed "M (11, 12)", without the C.
  EXPECT_EQ(v2.provision("5.3-10")->conditions, (std::vector<std::string>{"11", "12"}));
  EXPECT_TRUE(v2.provision("5.3-10")->mandatory);
  const Provision& feature = *v3.provision("5.1-1");
  EXPECT_TRUE(feature.mandatory);
  EXPECT_EQ(feature.features, std::vector<std::string>{"a"});
  EXPECT_TRUE(feature.conditions.empty());
  const Provision& both = *v3.provision("5.1-5");
  EXPECT_EQ(both.conditions, std::vector<std::string>{"14"});
  EXPECT_EQ(both.features, std::vector<std::string>{"e"});
  EXPECT_EQ(v2.provision("5.1-2A"), nullptr);
  EXPECT_NE(v3.provision("5.1-2A"), nullptr);
  EXPECT_EQ(v3.provision("5.3-15"), nullptr);
}

TEST(Catalogue, TheReportingProvisionHasNoRowInTheFirstIcs) {
  EXPECT_FALSE(of("2.1.1").provision("4-1")->ics_row);
  EXPECT_TRUE(of("3.1.3").provision("5.0-1")->ics_row);
  for (const Edition* e : editions())
    for (const Provision& p : e->provisions) EXPECT_EQ(p.ics_row, p.id != "4-1") << p.id;
}

TEST(Catalogue, UnitsOfTwoEditionsUnderOneLetter) {
  const Unit& first = *of("2.1.1").unit("5.1-1-1.a");
  EXPECT_EQ(first.id, "5.1-1-1.a@V1.1.1");
  EXPECT_EQ(of("2.1.1").unit("5.1-1-1.a@V1.1.1"), &first);
  EXPECT_EQ(of("2.1.1").unit("5.1-1-1.a@V2.1.1"), nullptr);
  EXPECT_EQ(of("3.1.3").unit("5.1-1-1.a")->id, "5.1-1-1.a@V2.1.1");
  EXPECT_EQ(of("2.1.1").test_case("5.12-3-1")->kind, "functional");
  EXPECT_EQ(of("3.1.3").test_case("5.12-3-1")->kind, "conceptual");
  EXPECT_TRUE(of("2.1.1").test_case("5.3-2-1")->one_suffices);
  EXPECT_FALSE(of("2.1.1").test_case("5.3-1-1")->one_suffices);
  EXPECT_EQ(of("2.1.1").unit("5.5-1-1.a")->reads.front(), "11-ComMech.Description");
  EXPECT_EQ(of("3.1.3").unit("5.5-1-1.a")->reads.front(), "11-SecComMech.Description");
  EXPECT_EQ(of("2.1.1").unit("5.3-1-2.a")->delegates_to, (std::vector<std::string>{"5.3-2-2.a", "5.3-2-2.b"}));
}

TEST(Catalogue, UnknownEditionSaysWhatThereIs) {
  const Result<const Edition*> e = edition("en303645:9.9.9");
  ASSERT_FALSE(e);
  EXPECT_EQ(e.error().code, Errc::not_found);
  EXPECT_NE(e.error().hint.find("en303645:3.1.3"), std::string::npos);
}

}  // namespace
}  // namespace assay::catalogue
