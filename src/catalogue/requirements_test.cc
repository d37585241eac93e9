#include "catalogue/requirements.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace assay::catalogue {
namespace {

const Standard& of(std::string_view id) {
  const Result<const Standard*> s = standard(id);
  if (!s) ADD_FAILURE() << s.error().text();
  return **s;
}
std::ptrdiff_t count(const Standard& s, ItemKind kind) {
  return std::count_if(s.requirements.begin(), s.requirements.end(),
                       [&](const Requirement& r) { return r.kind == kind; });
}

TEST(Requirements, TheFilesHaveNoMistakes) {
  for (const Error& e : check_standards()) ADD_FAILURE() << e.text();
  const auto all = standards();
  ASSERT_TRUE(all) << all.error().text();
  std::set<std::string> ids;
  for (const Standard& s : **all) ids.insert(s.id);
  EXPECT_EQ(
      ids, (std::set<std::string>{"agile-nations", "au-cop", "au-smart", "en18031", "en303645", "eu-cra",
                                  "five-country", "gcli", "jp-jcstar", "nistir8425", "ts103701", "uk-cop", "uk-psti"}));
}

TEST(Requirements, Counts) {
  const Standard& cop = of("uk-cop");
  EXPECT_EQ(std::count_if(cop.parts.begin(), cop.parts.end(), [](const Part& p) { return p.guideline; }), 13);
  EXPECT_EQ(cop.requirements.size(), 45u);
  EXPECT_EQ(of("au-cop").requirements.size(), 13u);
  EXPECT_EQ(of("nistir8425").parts.size(), 10u);
  EXPECT_EQ(of("nistir8425").requirements.size(), 17u);
  EXPECT_EQ(of("en18031").requirements.size(), 46u);
  EXPECT_EQ(of("eu-cra").remarks.size(), 42u);
  EXPECT_EQ(of("jp-jcstar").remarks.size(), 16u);
  const Standard& psti = of("uk-psti");
  EXPECT_EQ(psti.remarks.size(), 18u);
  EXPECT_EQ(count(psti, ItemKind::duty), 10);
  EXPECT_EQ(count(psti, ItemKind::exclusion), 1);
  EXPECT_EQ(count(psti, ItemKind::exception), 6);
  EXPECT_EQ(count(psti, ItemKind::role), 3);
  EXPECT_EQ(count(psti, ItemKind::route), 6);
  EXPECT_EQ(count(psti, ItemKind::field), 13);
  EXPECT_EQ(count(of("au-smart"), ItemKind::duty), 2);
  EXPECT_EQ(count(of("ts103701"), ItemKind::step), 8);
}

TEST(Requirements, OnesAsTheLawsHaveThem) {
  const Standard& psti = of("uk-psti");
  const Requirement* vehicles = psti.requirement("uk-psti:EX-VEH");
  ASSERT_NE(vehicles, nullptr);
  ASSERT_TRUE(vehicles->from);
  EXPECT_EQ(vehicles->from->text, "2025-02-25");
  EXPECT_EQ(vehicles->backing.confidence, Confidence::medium);
  const Requirement* route = psti.requirement("uk-psti:DC-PW-A");
  ASSERT_NE(route, nullptr);
  EXPECT_EQ(route->see, std::vector<std::string>{"uk-psti:S1P1"});
  EXPECT_EQ(route->edition, "V2.1.1 (2020-06-19)");
  const Remark* remark = psti.remark("uk-psti:S1P3.noshort");
  ASSERT_NE(remark, nullptr);
  EXPECT_EQ(remark->strength, "shall_not");
  EXPECT_EQ(remark->in, std::vector<std::string>{"uk-psti:S1P3"});
  EXPECT_EQ(of("uk-cop").part("uk-cop:8")->clauses, (std::vector<std::string>{"5.8", "6"}));
  EXPECT_EQ(of("en18031").requirement("en18031:GEC-8")->in, std::vector<std::string>{"en18031:3"});
  EXPECT_EQ(of("au-cop").requirement("au-cop:5")->see, std::vector<std::string>{"uk-cop:8"});
}

TEST(Requirements, AnUnknownStandardNamesTheNearest) {
  const auto s = standard("uk-pstl");
  ASSERT_FALSE(s);
  EXPECT_EQ(s.error().hint, "Did you mean uk-psti?");
}

TEST(Requirements, SourcesHaveTitles) {
  ASSERT_NE(source("COP2018"), nullptr);
  EXPECT_EQ(source("COP2018")->cls, "A");
  ASSERT_NE(source("TCSFW"), nullptr);
  EXPECT_EQ(source("nobody"), nullptr);
}

}  // namespace
}  // namespace assay::catalogue
