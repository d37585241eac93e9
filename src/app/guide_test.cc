#include "app/guide.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.h"
#include "catalogue/catalogue.h"
#include "judge/rule.h"

namespace assay::app {
namespace {

constexpr std::size_t kLines = 40;

std::string about(std::string_view what, std::string_view edition = {}, bool json = false) {
  const Result<std::string> text = guide_about(what, edition, json, report::Terminal{});
  if (!text) ADD_FAILURE() << what << ": " << text.error().text();
  return text ? *text : std::string();
}

TEST(GuideScreen, EachFitsOneScreen) {
  std::size_t screens = 0;
  for (const catalogue::Edition* e : catalogue::editions())
    for (const catalogue::Provision& p : e->provisions) {
      const std::string text = about(p.id, e->en);
      std::size_t lines = 0;
      each_line(trim(text), [&](std::string_view line, std::size_t) {
        ++lines;
        EXPECT_LE(report::columns(line), report::Terminal::kWidth) << p.id << ": " << line;
      });
      EXPECT_LE(lines, kLines) << p.id << " of V" << e->en;
      EXPECT_GE(lines, 20u) << p.id << " of V" << e->en;
      EXPECT_TRUE(text.starts_with(p.id + "  " + p.title)) << text;
      EXPECT_NE(text.find("V" + e->en), std::string::npos);
      for (const catalogue::Case& c : e->cases) {
        if (c.provision != p.id) continue;
        EXPECT_NE(text.find(c.id), std::string::npos) << p.id << " lacks " << c.id;
        for (const std::string& table : c.ixit) EXPECT_NE(text.find(table), std::string::npos) << p.id << " " << table;
      }
      ++screens;
    }
  EXPECT_EQ(screens, 68u + 78u);
}

// What is said of assay comes from the rules, so that a new rule needs no new text.
TEST(GuideScreen, WhatAssaySeesComesFromTheRules) {
  const Result<judge::RuleSet> rules = judge::load_rules();
  ASSERT_TRUE(rules);
  const catalogue::Edition* e = *catalogue::edition("3.1.3");
  for (const catalogue::Provision& p : e->provisions) {
    std::size_t units = 0, ruled = 0;
    for (const catalogue::Unit& u : e->units) {
      if (u.provision != p.id) continue;
      ++units;
      if (rules->for_unit(u.id) != nullptr) ++ruled;
    }
    const Result<Node> json = parse_json(about(p.id, "3.1.3", true), "guide");
    ASSERT_TRUE(json) << json.error().text();
    EXPECT_EQ((*json)["assay"]["units"].integer(), static_cast<std::int64_t>(units)) << p.id;
    EXPECT_EQ((*json)["assay"]["with_rule"].integer(), static_cast<std::int64_t>(ruled)) << p.id;
    EXPECT_EQ((*json)["assay"]["without_rule"].items().size(), units - ruled) << p.id;
    EXPECT_EQ(about(p.id, "3.1.3").find("No rule yet") == std::string::npos, ruled > 0) << p.id;
  }
}

TEST(GuideScreen, TakesAnIdOfEitherEdition) {
  EXPECT_NE(about("5.3-4").find("V2.1.1"), std::string::npos);  // V3.1.3 has it no more
  EXPECT_NE(about("5.3-2").find("V3.1.3"), std::string::npos);
  EXPECT_EQ(about("en303645:2.1.1:5.3-2"), about("5.3-2", "2.1.1"));
  const Result<std::string> gone = guide_about("5.3-4", "3.1.3", false, {});
  ASSERT_FALSE(gone);
  EXPECT_NE(gone.error().hint.find("2.1.1"), std::string::npos);
  const Result<std::string> wrong = guide_about("5.3-22", "", false, {});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, Errc::not_found);
}

TEST(GuideScreen, ClausesOfBothEditions) {
  EXPECT_NE(about("").find("78 provisions, 36 of them mandatory"), std::string::npos);
  EXPECT_NE(about("", "2.1.1").find("68 provisions, 33 of them mandatory"), std::string::npos);
  EXPECT_NE(about("5.3").find("5.3-15B"), std::string::npos);
  EXPECT_EQ(about("5.3", "2.1.1").find("5.3-15B"), std::string::npos);
  EXPECT_NE(about("4").find("4-1"), std::string::npos);
  EXPECT_NE(about("5.0").find("5.0-1"), std::string::npos);
}

TEST(GuideScreen, WithoutUnicodeItIsPlain) {
  report::Terminal plain;
  plain.unicode = false;
  const Result<std::string> text = guide_about("5.1-1", "", false, plain);
  ASSERT_TRUE(text);
  EXPECT_TRUE(std::all_of(text->begin(), text->end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }));
}

}  // namespace
}  // namespace assay::app
