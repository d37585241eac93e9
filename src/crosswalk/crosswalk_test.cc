#include "crosswalk/crosswalk.h"

#include <map>
#include <set>

#include <gtest/gtest.h>

namespace assay::crosswalk {
namespace {

const Crosswalk& all() {
  static const Crosswalk* read = [] {
    auto loaded = load();
    EXPECT_TRUE(loaded) << loaded.error().text();
    return *loaded;
  }();
  return *read;
}

// How many links lead from one standard to another.
std::size_t count(std::string_view from, std::string_view to) {
  std::size_t n = 0;
  for (const Link& l : all().links)
    if (standard_of(l.from.front()) == from && standard_of(l.to) == to) ++n;
  return n;
}

// The counts of the sources: a row lost on the way would be a relation lost.
TEST(Crosswalk, HoldsEveryRowOfItsSources) {
  EXPECT_EQ(count("en303645:3.1.3", "nistir8425"), 84u);
  EXPECT_EQ(count("en303645:3.1.3", "en18031"), 73u);
  EXPECT_EQ(count("en303645:3.1.3", "eu-cra"), 104u);
  EXPECT_EQ(count("en303645:3.1.3", "jp-jcstar"), 35u);
  EXPECT_EQ(count("en303645:3.1.3", "uk-psti"), 5u);
  EXPECT_EQ(count("en303645:3.1.3", "au-smart"), 4u);
  EXPECT_EQ(count("en303645:2.1.1", "uk-cop"), 43u);
  EXPECT_EQ(count("en303645:2.1.1", "au-cop"), 13u);
  EXPECT_EQ(count("en303645:2.1.1", "uk-psti"), 15u);  // from the scheme's `carry`
  EXPECT_EQ(count("uk-psti", "au-smart"), 3u);
  EXPECT_EQ(count("uk-cop", "uk-cop"), 13u);  // guidelines and their parts
}

// Requirements of a standard that no provision relates to, and provisions that have no counterpart there: as the
// research found them.
TEST(Crosswalk, LeavesUnmatchedWhatHasNoCounterpart) {
  const auto unmatched = [](std::string_view from, std::string_view to) {
    std::set<std::string> provisions, items;
    for (const Item& i : all().standard(from)->items) provisions.insert(std::string(number_of(i.id)));
    for (const Item& i : all().standard(to)->items) items.insert(std::string(number_of(i.id)));
    for (const Link& l : all().links)
      if (standard_of(l.from.front()) == from && standard_of(l.to) == to) {
        for (const std::string& f : l.from) provisions.erase(std::string(number_of(f)));
        items.erase(std::string(number_of(l.to)));
      }
    return std::pair(provisions, items);
  };
  using Set = std::set<std::string>;
  const auto [no_nist, nist] = unmatched("en303645:3.1.3", "nistir8425");
  EXPECT_EQ(nist, (Set{"AI.2", "PC.3"}));
  EXPECT_EQ(no_nist, (Set{"5.3-15A", "5.3-15B", "5.6-6", "5.6-8", "6-2", "6-3A", "6-3B", "6-7", "6-8"}));
  const auto [no_en, en] = unmatched("en303645:3.1.3", "en18031");
  EXPECT_EQ(en, (Set{"ACM-3", "ACM-4", "ACM-5", "ACM-6", "AUM-1-2", "SCM-4", "TCM-1", "LGM-2", "LGM-3", "LGM-4",
                     "UNM-2", "GEC-4"}));
  const auto [no_cra, cra] = unmatched("en303645:3.1.3", "eu-cra");
  EXPECT_EQ(cra, (Set{"I.2(1)", "II.1", "II.5", "II.6", "II.8(b)", "II.8(f)", "II.9", "Art13(9)", "Art14"}));
  EXPECT_EQ(no_cra, (Set{"5.3-14", "5.3-15B", "6-2", "6-3A", "6-3B", "6-5"}));
  const auto [no_star, star] = unmatched("en303645:3.1.3", "jp-jcstar");
  EXPECT_EQ(star, Set{});
  const auto [no_code, code] = unmatched("en303645:2.1.1", "uk-cop");
  EXPECT_EQ(no_code,
            (Set{"4-1",   "5.1-2", "5.3-2", "5.3-4", "5.3-5", "5.3-6", "5.3-16", "5.4-4", "5.5-3",  "5.5-4",
                 "5.5-5", "5.6-2", "5.6-4", "5.6-8", "5.6-9", "5.8-1", "5.8-2",  "5.8-3", "5.11-4", "5.12-3"}));
}

TEST(Crosswalk, TellsWhatStandsOnEitherSideOfARequirement) {
  const auto links = all().about("uk-psti:S1P3.2");
  ASSERT_EQ(links.size(), 3u);  // 5.3-13, the paragraph it is part of, and Australia's rule
  EXPECT_EQ(links[0]->from, std::vector<std::string>{"en303645:2.1.1:5.3-13"});
  EXPECT_EQ(links[0]->relation, Relation::covered_by);
  EXPECT_EQ(links[0]->residual, "a calendar end date; no minimum length is asked");
  EXPECT_EQ(links[0]->backing.confidence, Confidence::high);
  EXPECT_TRUE(links[1]->whole || links[2]->whole);
  EXPECT_TRUE(all().about("uk-psti:nothing").empty());
}

TEST(Crosswalk, EveryLinkHasASourceAndKnownEnds) {
  for (const Link& l : all().links) {
    EXPECT_FALSE(l.backing.source.empty()) << l.where;
    EXPECT_NE(l.backing.confidence, Confidence::none) << l.where;
    EXPECT_FALSE(l.where.empty());
    for (const std::string& f : l.from) EXPECT_TRUE(all().item(f) != nullptr) << f << " in " << l.where;
    EXPECT_TRUE(all().item(l.to) != nullptr) << l.to << " in " << l.where;
  }
}

TEST(Crosswalk, IdsFallIntoStandardAndNumber) {
  EXPECT_EQ(standard_of("en303645:2.1.1:5.3-8"), "en303645:2.1.1");
  EXPECT_EQ(number_of("en303645:2.1.1:5.3-8"), "5.3-8");
  EXPECT_EQ(standard_of("eu-cra:I.1(2)(a)"), "eu-cra");
  EXPECT_EQ(number_of("eu-cra:I.1(2)(a)"), "I.1(2)(a)");
  EXPECT_EQ(standard_of("nistir8425"), "nistir8425");
  EXPECT_EQ(number_of("en303645:2.1.1"), "");
}

}  // namespace
}  // namespace assay::crosswalk
