#include "catalogue/guidance.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "catalogue/catalogue.h"

namespace assay::catalogue {
namespace {

const Guidance& all() {
  const Result<const Guidance*> g = guidance();
  if (!g) ADD_FAILURE() << g.error().text();
  return **g;
}

std::vector<std::string> found(std::string_view words) {
  std::vector<std::string> out;
  const auto hits = search_guidance(all(), words);
  if (!hits) ADD_FAILURE() << hits.error().text();
  for (const GuidanceHit& hit : *hits) out.push_back(hit.document->id);
  return out;
}

TEST(Guidance, HoldsEveryDocumentAndReference) {
  const Guidance& g = all();
  EXPECT_EQ(g.documents.size(), 68u);
  EXPECT_EQ(g.guidelines.size(), 13u);
  std::set<std::string> organisations;
  std::map<int, std::size_t> documents;  // by guideline
  std::size_t references = 0, without_section = 0;
  for (const GuidanceDocument& d : g.documents) {
    organisations.insert(d.organisation);
    EXPECT_FALSE(d.links.empty()) << d.id;
    references += d.references.size();
    std::set<int> of_document;
    for (const GuidanceReference& r : d.references) {
      of_document.insert(r.guideline);
      if (r.section.empty()) ++without_section;
    }
    for (const int n : of_document) ++documents[n];
  }
  EXPECT_EQ(references, 1097u);
  EXPECT_EQ(without_section, 82u);
  EXPECT_EQ(organisations.size(), 49u);
  const std::vector<std::size_t> wanted = {33, 24, 45, 32, 46, 40, 26, 36, 23, 28, 19, 14, 12};
  for (int n = 1; n <= 13; ++n) EXPECT_EQ(documents[n], wanted[static_cast<std::size_t>(n) - 1]) << "guideline " << n;
  EXPECT_EQ(g.as_of.text, "2020-07");
  EXPECT_EQ(g.mapping.confidence, Confidence::medium);
  EXPECT_EQ(g.limits.size(), 3u);
  EXPECT_EQ(g.source_rows, 1155u);
  EXPECT_EQ(g.repeats_dropped, 58u);
}

TEST(Guidance, EveryProvisionButReportingHasAGuideline) {
  const Guidance& g = all();
  for (const Edition* e : editions())
    for (const Provision& p : e->provisions) {
      const auto ways = g.guidelines_of(p.id, p.clause);
      EXPECT_EQ(ways.empty(), p.clause == "4" || p.clause == "5.0") << p.id;
    }
  EXPECT_EQ(g.not_in_code.size(), 20u);
  EXPECT_FALSE(g.code_speaks_of("5.3-2"));
  EXPECT_TRUE(g.code_speaks_of("5.3-1"));
}

TEST(Guidance, SupportingTextComesBeforeTheClause) {
  const auto ways = all().guidelines_of("6-4", "6");
  ASSERT_EQ(ways.size(), 2u);
  EXPECT_EQ(ways[0].guideline->number, 10);
  EXPECT_FALSE(ways[0].by_clause);
  EXPECT_EQ(ways[1].guideline->number, 8);
  EXPECT_TRUE(ways[1].by_clause);
}

TEST(Guidance, SearchPutsWordsThatStandTogetherFirst) {
  const auto hits = search_guidance(all(), "secure boot");
  ASSERT_TRUE(hits);
  ASSERT_FALSE(hits->empty());
  const GuidanceHit& first = hits->front();
  ASSERT_FALSE(first.references.empty());
  for (const std::size_t i : first.references)
    EXPECT_NE(first.document->references[i].section.find("Boot"), std::string::npos)
        << first.document->references[i].section;
}

TEST(Guidance, SearchTakesNamesPluralsAndOurWords) {
  const std::vector<std::string> nist = found("NIST");
  EXPECT_EQ(nist.size(), 3u);
  EXPECT_EQ(found("updates"), found("Update"));
  // "withdraw" stands in no title and no section, only in our words for 6-3, of guideline 8.
  EXPECT_TRUE(found("xyzzy").empty());
  EXPECT_TRUE(found("").empty());
  EXPECT_TRUE(found("- . /").empty());
  const std::vector<std::string> withdraw = found("withdraw");
  EXPECT_EQ(withdraw.size(), 36u);
  for (const std::string& id : withdraw) {
    const GuidanceDocument* d = all().document(id);
    ASSERT_NE(d, nullptr);
    EXPECT_TRUE(std::any_of(d->references.begin(), d->references.end(), [](const GuidanceReference& r) {
      return r.guideline == 8;
    })) << id;
  }
}

}  // namespace
}  // namespace assay::catalogue
