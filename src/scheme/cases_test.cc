// Runs tests/cases/scheme/*.yaml: a line in, the parts of the answer that the case is about. docs/schemes.md describes
// the format.
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/node.h"
#include "base/text.h"
#include "scheme/decide.h"
#include "scheme/scheme.h"

namespace assay::scheme {
namespace {

const Date kToday{2026, 11, 22};

std::string row_name(const std::string& scheme, const std::string& level) { return scheme + " " + level; }

bool has(const std::vector<std::string>& list, const std::string& part) {
  return std::any_of(list.begin(), list.end(),
                     [&](const std::string& text) { return text.find(part) != std::string::npos; });
}

// Checks one expected value; lists are exact, `..._has` lists want each item to be part of some text.
void check_list(const Node& expected, std::string_view key, const std::vector<std::string>& got, int& checks) {
  if (const Node* exact = expected.find(key)) {
    EXPECT_EQ(exact->texts(), got) << key;
    ++checks;
  }
  for (const std::string& part : expected[std::string(key) + "_has"].texts()) {
    EXPECT_TRUE(has(got, part)) << key << " has no '" << part << "': " << join(got, " | ");
    ++checks;
  }
  for (const std::string& part : expected[std::string(key) + "_lacks"].texts()) {
    EXPECT_FALSE(has(got, part)) << key << " has '" << part << "'";
    ++checks;
  }
}
void check_text(const Node& expected, std::string_view key, const std::string& got, int& checks) {
  if (const Node* wanted = expected.find(key)) {
    EXPECT_EQ(wanted->text(), got) << key;
    ++checks;
  }
}
void check_keys(const Node& node, std::initializer_list<std::string_view> known) {
  for (const Node::Member& m : node.members())
    EXPECT_NE(std::find(known.begin(), known.end(), m.key), known.end())
        << "the case has an unknown key '" << m.key << "'";
}

void run_case(const Node& test) {
  check_keys(test, {"case", "line", "mandatory", "conformity", "recognition", "no_recognition_to", "recognitions",
                    "notes_has", "notes_lacks", "rows", "error"});
  int checks = 0;
  auto input = read_decide_line(trim(test["line"].text()), 7, kToday);
  if (const Node* error = test.find("error")) {
    ASSERT_FALSE(input) << "an error was expected";
    const std::string line = write_decide_error(7, input.error());
    const auto tree = parse_json(line, "error");
    ASSERT_TRUE(tree);
    EXPECT_EQ((*tree)["error"]["line"].integer(), 7);
    if (error->has("at")) {
      EXPECT_EQ((*tree)["error"]["at"].integer(), (*error)["at"].integer()) << line;
    }
    EXPECT_NE((*tree)["error"]["what"].text().find((*error)["what"].text()), std::string::npos) << line;
    return;
  }
  ASSERT_TRUE(input) << input.error().text();
  // Every mandatory provision of an edition that the line does not name passes.
  if (const Node* edition = test.find("mandatory")) {
    const Edition* e = (*schemes())->edition(edition->text());
    ASSERT_NE(e, nullptr);
    for (const std::string& id : e->mandatory)
      input->verdicts.emplace("en303645:" + e->edition + ":" + id, Verdict::pass);
  }
  const auto decision = decide(*input);
  ASSERT_TRUE(decision) << decision.error().text();
  ASSERT_TRUE(parse_json(write_decision(*input, *decision), "decision"));

  for (const Node::Member& member : test["conformity"].members()) {
    SCOPED_TRACE(member.key);
    const Conformity* found = nullptr;
    for (const Conformity& c : decision->conformity)
      if (row_name(c.scheme, c.level) == member.key) found = &c;
    if (member.value.text() == "absent") {
      EXPECT_EQ(found, nullptr);
      ++checks;
      continue;
    }
    ASSERT_NE(found, nullptr);
    const Node& e = member.value;
    check_keys(e, {"result", "legal_effect", "deemed_by", "valid_until", "confidence", "failed", "failed_has", "open",
                   "open_has", "open_lacks", "residual", "residual_has", "residual_lacks", "why_has"});
    check_text(e, "result", found->result, checks);
    check_text(e, "legal_effect", found->legal_effect, checks);
    check_text(e, "deemed_by", found->deemed_by, checks);
    check_text(e, "valid_until", found->valid_until, checks);
    check_text(e, "confidence", found->confidence, checks);
    check_list(e, "failed", found->failed, checks);
    check_list(e, "open", found->open, checks);
    check_list(e, "residual", found->residual, checks);
    check_list(e, "why", found->why, checks);
  }
  for (const Node& e : test["recognition"].items()) {
    check_keys(e, {"from", "to", "effect", "by", "usable", "valid_until", "confidence", "conditions_has"});
    const Recognition* found = nullptr;
    for (const Recognition& r : decision->recognition)
      if (row_name(r.from_scheme, r.from_level) == e["from"].text() &&
          row_name(r.to_scheme, r.to_level) == e["to"].text())
        found = &r;
    SCOPED_TRACE(e["from"].text() + " to " + e["to"].text());
    ASSERT_NE(found, nullptr);
    ++checks;
    check_text(e, "effect", found->effect, checks);
    check_text(e, "by", found->by, checks);
    check_text(e, "usable", found->usable, checks);
    check_text(e, "valid_until", found->valid_until, checks);
    check_text(e, "confidence", found->confidence, checks);
    check_list(e, "conditions", found->conditions, checks);
  }
  for (const std::string& to : test["no_recognition_to"].texts()) {
    for (const Recognition& r : decision->recognition) EXPECT_FALSE(r.to_scheme == to && r.effect != "none") << to;
    ++checks;
  }
  if (const Node* count = test.find("recognitions")) {
    EXPECT_EQ(static_cast<std::int64_t>(decision->recognition.size()), count->integer());
    ++checks;
  }
  if (const Node* rows = test.find("rows")) {
    std::vector<std::string> got;
    for (const Conformity& c : decision->conformity) got.push_back(row_name(c.scheme, c.level));
    EXPECT_EQ(rows->texts(), got);
    ++checks;
  }
  check_list(test, "notes", decision->notes, checks);
  EXPECT_GT(checks, 0) << "a case that asserts nothing";
}

TEST(SchemeCases, AllAnswerAsExpected) {
  std::size_t cases = 0;
  std::set<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(ASSAY_SOURCE_DIR) / "tests/cases/scheme"))
    if (entry.path().extension() == ".yaml") files.insert(entry.path());
  for (const std::filesystem::path& file : files) {
    const auto text = read_file(file, 1u << 20);
    ASSERT_TRUE(text);
    const auto tree = parse_yaml(*text, file.filename().string());
    ASSERT_TRUE(tree) << tree.error().text();
    for (const Node& test : (*tree)["cases"].items()) {
      SCOPED_TRACE(file.filename().string() + ": " + test["case"].text());
      ASSERT_FALSE(test["case"].text().empty());
      run_case(test);
      ++cases;
    }
  }
  EXPECT_GE(cases, 40u);
}

}  // namespace
}  // namespace assay::scheme
