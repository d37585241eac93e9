#include "crosswalk/crosswalk.h"

#include <map>
#include <set>

#include <gtest/gtest.h>

#include "base/data.h"
#include "base/file.h"

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

// Reads the data with one text in one file replaced; what the reader says of it.
std::string mistake(const std::string& file, const std::string& old, const std::string& now) {
  std::string text = *read_file(std::string(ASSAY_SOURCE_DIR) + "/data/" + file, 1 << 20);
  const std::size_t at = text.find(old);
  if (at == std::string::npos) return "the test's text is not in the file";
  text.replace(at, old.size(), now);
  const auto edited = parse_yaml(text, file);
  if (!edited) return edited.error().text();
  const auto read = read_crosswalk([&](const std::string& name) -> Result<const Node*> {
    return name == file ? Result<const Node*>(&*edited) : data::file(name);
  });
  return read ? "no mistake" : read.error().text();
}

TEST(Crosswalk, RefusesDataThatContradictsItself) {
  const std::string nist = "crosswalk/nistir8425.yaml";
  const std::string first = "{from: ['5.0-1'], to: 'DOC.1', relation: overlaps, strength: 3, confidence: low}";
  EXPECT_EQ(mistake(nist, first, first), "no mistake");
  const auto says = [&](const std::string& now, const std::string& wanted) {
    const std::string what = mistake(nist, first, now);
    EXPECT_NE(what.find(wanted), std::string::npos) << what;
    EXPECT_NE(what.find("data/crosswalk/nistir8425.yaml:"), std::string::npos) << what;
  };
  says("{from: ['5.0-9'], to: 'DOC.1', relation: overlaps, confidence: low}", "no requirement 'en303645:3.1.3:5.0-9'");
  says("{from: ['5.0-1'], to: 'DOC.7', relation: overlaps, confidence: low}", "no requirement 'nistir8425:DOC.7'");
  says("{from: ['5.0-1'], to: 'DOC.1', relation: near, confidence: low}", "'near' is no word for 'relation'");
  says("{from: ['5.0-1'], to: 'DOC.1', relation: overlaps, strength: 11, confidence: low}", "from 1 to 10");
  says("{from: ['5.0-1'], to: 'DOC.1', relation: overlaps}", "'confidence'");
  says("{from: ['5.0-1'], to: 'DOC.1', relation: overlaps, confidence: low, source: []}", "a source is wanted");
  says("{from: ['5.0-1'], to: 'DOC.1', relation: overlaps, confidence: low, source: [nobody]}", "no source 'nobody'");
  says("{from: ['5.0-1'], to: 'DOC.1', relation: equal, residual: 'more', confidence: low}", "leaves no residual");
  says("{from: ['5.0-1'], to: 'DOC.1', relation: overlaps, weight: 3, confidence: low}", "unknown key 'weight'");
  says("{from: ['5.0-1', '5.0-1'], to: 'DOC.1', relation: overlaps, confidence: low}", "twice in 'from'");
  says(first + "\n- " + first, "stands already in data/crosswalk/nistir8425.yaml:");
}

// Two editions that ask the same cannot stand differently to a law, and a chain cannot make more of two requirements
// than what is said of them.
TEST(Crosswalk, RefusesRelationsThatContradictEachOther) {
  const std::string said = mistake("crosswalk/eu-cra.yaml", "{from: ['5.2-2'], to: 'I.2(2)', relation: covered_by",
                                   "{from: ['5.2-2'], to: 'I.2(2)', relation: overlaps");
  EXPECT_NE(said.find("other relations"), std::string::npos) << said;
  const std::string chain = mistake("schemes/jp-jcstar.yaml", "{baseline: ['5.1-5'], relation: overlaps",
                                    "{baseline: ['5.1-5'], relation: equal");
  EXPECT_NE(chain.find("en303645:3.1.3:5.1-5 overlaps en303645:2.1.1:5.1-5"), std::string::npos) << chain;
}

}  // namespace
}  // namespace assay::crosswalk
