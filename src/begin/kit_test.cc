#include "begin/kit.h"

#include <gtest/gtest.h>

#include <set>

#include "begin/draft.h"

namespace assay::begin {
namespace {

TEST(Kit, IsSound) {
  const auto k = kit();
  ASSERT_TRUE(k) << k.error().text();
  EXPECT_EQ((*k)->templates.size(), 11u);
  for (const Template& t : (*k)->templates) EXPECT_FALSE(t.answers.empty()) << t.id;
  // What a feature says about a condition is said once: no two features disagree by their own answers.
  for (const Feature& f : (*k)->features)
    for (const auto& [given, refs] : f.unmet)
      for (const auto& [edition, list] : refs)
        for (const std::string& ref : list) {
          const auto met = f.met.find(given);
          if (met == f.met.end() || !met->second.contains(edition)) continue;
          const auto& other = met->second.at(edition);
          EXPECT_EQ(std::count(other.begin(), other.end(), ref), 0) << f.question.id << " " << given << " " << ref;
        }
}

std::string file_of(const std::vector<DraftFile>& files, std::string_view name) {
  for (const DraftFile& f : files)
    if (f.name == name) return f.text;
  return {};
}

TEST(Draft, EveryFileCanBeReadAndHasNoClaimOfOurs) {
  const auto k = kit();
  ASSERT_TRUE(k) << k.error().text();
  std::vector<const Template*> all = {nullptr};
  for (const Template& t : (*k)->templates) all.push_back(&t);
  for (const Template* t : all) {
    SCOPED_TRACE(t != nullptr ? t->id : "none");
    const auto files = draft(**k, t, {});
    EXPECT_EQ(files.size(),
              31u);  // product, ics, and 29 tables; three of interfaces share a file, 28-ExtAPI has its own
    std::size_t entries = 0;
    for (const DraftFile& f : files) {
      const auto tree = parse_yaml(f.text, f.name);
      ASSERT_TRUE(tree) << tree.error().text() << "\n" << f.text;
      for (const Node& entry : (*tree)["entries"].items()) {
        ++entries;
        EXPECT_EQ(entry["confirmed"].text(), "no") << f.name << " " << entry["id"].text();
      }
      if ((*tree)["entries"].is_sequence() && (*tree)["entries"].items().empty()) {
        EXPECT_EQ((*tree)["confirmed"].text(), "no") << f.name;
      }
    }
    if (t != nullptr) {
      EXPECT_GT(entries, 30u);
    }
    const auto ics = parse_yaml(file_of(files, "ics.yaml"), "ics.yaml");
    for (const Node::Member& row : (*ics)["both"].members()) {
      if (row.value["support"].text() != "TODO") {
        EXPECT_EQ(row.value["confirmed"].text(), "no") << row.key;
      }
    }
  }
}

TEST(Draft, WhatAPersonSaidIsAClaim) {
  const auto k = kit();
  ASSERT_TRUE(k) << k.error().text();
  const Answers given = {{"category", "plug"},
                         {"name", "Plug: one"},
                         {"maker", "Ampère & Söhne"},
                         {"sensors", "none"},
                         {"passwords", "no"},
                         {"constrained", "no"},
                         {"markets", "GB,SG"},
                         {"support_until", "2031-03-31"},
                         {"contact", "security@plug.example"},
                         {"telemetry", "unknown"}};
  const auto files = draft(**k, (*k)->named("plug"), given);
  const auto product = parse_yaml(file_of(files, "product.yaml"), "product.yaml");
  ASSERT_TRUE(product) << product.error().text();
  EXPECT_EQ((*product)["name"].text(), "Plug: one");
  EXPECT_EQ((*product)["maker"].text(), "Ampère & Söhne");
  EXPECT_EQ((*product)["constrained"].text(), "false");
  EXPECT_EQ((*product)["markets"].texts(), (std::vector<std::string>{"GB", "SG"}));
  EXPECT_EQ((*product)["model"].text(), "TODO");
  const auto ics = parse_yaml(file_of(files, "ics.yaml"), "ics.yaml");
  ASSERT_TRUE(ics) << ics.error().text();
  EXPECT_EQ((*ics)["both"]["5.1-1"]["support"].text(), "N/A");
  EXPECT_FALSE((*ics)["both"]["5.1-1"].has("confirmed"));
  // What somebody does not know stays open, whatever the template says.
  EXPECT_EQ((*ics)["both"]["5.10-1"]["support"].text(), "TODO");
  const auto sensors = parse_yaml(file_of(files, "ixit/22-ext-sens.yaml"), "22");
  EXPECT_TRUE((*sensors)["entries"].is_sequence());
  EXPECT_FALSE((*sensors).has("confirmed"));
  const auto users = parse_yaml(file_of(files, "ixit/02-user-info.yaml"), "2");
  EXPECT_EQ((*users)["form"]["policy_contact"].text(), "security@plug.example");
}

// What a person says goes before what is usual: no suggestion contradicts it.
TEST(Draft, NoSuggestionContradictsAnAnswer) {
  const auto k = kit();
  ASSERT_TRUE(k) << k.error().text();
  const auto files = draft(**k, (*k)->named("camera"),
                           {{"personal_data", "yes"}, {"consent", "no"}, {"sensitive", "no"}, {"sensors", "none"}});
  for (const Node& row : parse_yaml(file_of(files, "ixit/21-pers-data.yaml"), "21")->operator[]("entries").items()) {
    EXPECT_EQ(row["consent_basis"].text(), "false") << row["id"].text();
    EXPECT_EQ(row["sensitive"].text(), "false") << row["id"].text();
  }
  EXPECT_NE(file_of(files, "ixit/22-ext-sens.yaml").find("\nentries: []"), std::string::npos);
  const auto none = draft(**k, (*k)->named("tv"), {{"personal_data", "no"}});
  EXPECT_NE(file_of(none, "ixit/21-pers-data.yaml").find("\nentries: []"), std::string::npos);
  const auto router = draft(**k, (*k)->named("router"), {{"passwords", "no"}});
  EXPECT_EQ(file_of(router, "ixit/01-auth-mech.yaml").find("factor: password"), std::string::npos);
}

TEST(Answers, AreReadAsPeopleWriteThem) {
  Question yes_no;
  yes_no.choices = {{"yes", "yes"}, {"no", "no"}};
  for (const char* yes : {"y", "Yes", " yes ", "true", "1"}) EXPECT_EQ(*read_answer(yes_no, yes), "yes") << yes;
  EXPECT_EQ(*read_answer(yes_no, "unknown"), "unknown");
  EXPECT_FALSE(read_answer(yes_no, "perhaps"));
  EXPECT_FALSE(read_answer(yes_no, ""));
  Question several;
  several.type = Question::Type::several;
  several.choices = {{"wifi", "Wi-Fi"}, {"nfc", "NFC"}};
  EXPECT_EQ(*read_answer(several, "nfc, Wi-Fi"), "wifi,nfc");
  EXPECT_EQ(*read_answer(several, "2"), "nfc");
  EXPECT_EQ(*read_answer(several, "none"), "none");
  EXPECT_FALSE(read_answer(several, "none, nfc"));
  EXPECT_FALSE(read_answer(several, ","));
  Question date;
  date.type = Question::Type::date;
  EXPECT_EQ(*read_answer(date, "2031-03-31"), "2031-03-31");
  EXPECT_FALSE(read_answer(date, "2031-02-30"));
  Question text;
  text.type = Question::Type::text;
  EXPECT_EQ(*read_answer(text, "  Plug \"1\" "), "Plug \"1\"");
  EXPECT_FALSE(read_answer(text, "\x1b[2J"));
  EXPECT_FALSE(read_answer(text, std::string(2000, 'x')));
}

}  // namespace
}  // namespace assay::begin
