#include "catalogue/guide.h"

#include <gtest/gtest.h>

#include <set>

namespace assay::catalogue {
namespace {

const Guide& all() {
  const Result<const Guide*> g = guide();
  if (!g) ADD_FAILURE() << g.error().text();
  return **g;
}

std::vector<std::string> texts_of(const GuideEntry& e) {
  std::vector<std::string> out = {e.wants, e.wrong, e.lab, e.first};
  out.insert(out.end(), e.how.begin(), e.how.end());
  return out;
}

TEST(Guide, EveryProvisionOfBothEditionsHasAnEntry) {
  std::set<std::string> ids;
  for (const Edition* e : editions())
    for (const Provision& p : e->provisions) {
      ids.insert(p.id);
      const GuideEntry* entry = all().entry(p.id);
      ASSERT_NE(entry, nullptr) << p.id;
      EXPECT_GE(entry->how.size(), 3u) << p.id;
    }
  std::size_t entries = 0;
  for (const GuideClause& c : all().clauses) entries += c.entries.size();
  EXPECT_EQ(entries, ids.size());
  EXPECT_EQ(entries, 85u);  // 78, and seven that V3.1.3 dropped
}

TEST(Guide, EveryTextHasItsSizeAndStandsOnce) {
  std::set<std::string> seen;
  for (const GuideClause& c : all().clauses) {
    EXPECT_GE(c.about.size(), 40u);
    for (const GuideEntry& e : c.entries) {
      std::size_t how = 0;
      for (const std::string& step : e.how) how += step.size();
      for (const std::size_t size : {e.wants.size(), e.wrong.size(), how, e.lab.size(), e.first.size()}) {
        EXPECT_GE(size, 40u) << e.provision;
        EXPECT_LE(size, 900u) << e.provision;
      }
      for (const std::string& text : texts_of(e)) {
        EXPECT_TRUE(seen.insert(text).second) << e.provision << " repeats: " << text;
        for (const char ch : text)  // it has to be right on every terminal
          EXPECT_TRUE(ch >= ' ' && ch <= '~') << e.provision << ": " << text;
      }
    }
  }
}

TEST(Guide, NamesOnlyWhatTheEditionHas) {
  for (const Edition* e : editions())
    for (const Provision& p : e->provisions)
      for (const std::string& text : texts_of(*all().entry(p.id)))
        for (const std::string& name : unknown_names(text, *e))
          ADD_FAILURE() << p.id << " of V" << e->en << " names " << name << ": " << text;
}

TEST(Guide, UnknownNamesAreFound) {
  const Result<const Edition*> v2 = edition("2.1.1"), v3 = edition("3.1.3");
  ASSERT_TRUE(v2 && v3);
  using Names = std::vector<std::string>;
  EXPECT_EQ(unknown_names("see 5.3-2, 5.3-2-2.a, 6-3B and 7-UpdMech. Then 5.1-1-2.c.", **v3), Names());
  EXPECT_EQ(unknown_names("5.3-99, 5.3-2-2.z and 7-UpdMesh", **v3), Names({"5.3-99", "5.3-2-2.z", "7-UpdMesh"}));
  EXPECT_EQ(unknown_names("28-LogIntf", **v3), Names());
  EXPECT_EQ(unknown_names("28-LogIntf", **v2), Names({"28-LogIntf"}));
  EXPECT_EQ(unknown_names("5.3-4A", **v2), Names());  // a pointer to the other edition
  EXPECT_EQ(unknown_names("TR-02102, 62443-4-1, SHA-256, 24-hour, 2-3 weeks, -1, 50-60 %", **v3), Names());
}

}  // namespace
}  // namespace assay::catalogue
