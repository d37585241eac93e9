// Runs tests/cases/scheme/*.yaml: a line in, the parts of the answer that the case is about. docs/schemes.md describes
// the format.
#include <cstdlib>

#include <gtest/gtest.h>

#include "scheme/case_runner.h"

namespace assay::scheme::test {
namespace {

// ASSAY_CASES_DATA names an edited copy of data/: the cases that a correction moves are the ones that fail.
Result<const Register*> register_at_hand() {
  if (const char* directory = std::getenv("ASSAY_CASES_DATA"); directory != nullptr)
    ASSAY_TRY(data::use_directory(directory));
  return schemes();
}

TEST(SchemeCases, AllAnswerAsExpected) {
  const auto all = register_at_hand();
  ASSERT_TRUE(all) << all.error().text();
  const auto cases = all_cases();
  ASSERT_TRUE(cases) << cases.error().text();
  CaseRunner runner(**all);
  for (const Case& one : *cases) {
    ASSERT_FALSE(one.test["case"].text().empty());
    for (const std::string& failure : runner.run(one.test)) ADD_FAILURE() << one.name() << ": " << failure;
  }
  EXPECT_GE(cases->size(), 200u);
}

bool stands_in(const Node& node, const std::string& word) {
  if (node.text() == word) return true;
  for (const Node& item : node.items())
    if (stands_in(item, word)) return true;
  for (const Node::Member& m : node.members())
    if (m.key == word || stands_in(m.value, word)) return true;
  return false;
}

// Each golden decision says why, and names facts that stand in data/.
TEST(SchemeCases, GoldenDecisionsNameTheirFacts) {
  const auto cases = all_cases();
  ASSERT_TRUE(cases);
  std::size_t golden = 0;
  std::set<std::string> names;
  for (const Case& one : *cases) {
    if (one.file != "golden.yaml") continue;
    ++golden;
    EXPECT_TRUE(names.insert(one.name()).second) << one.name() << " is there twice";
    EXPECT_FALSE(one.test["why"].text().empty()) << one.name();
    EXPECT_FALSE(one.test["rests_on"].texts().empty()) << one.name();
    for (const std::string& fact : one.test["rests_on"].texts()) {
      const std::size_t space = fact.find(' ');
      ASSERT_NE(space, std::string::npos) << fact;
      const auto tree = data::file(fact.substr(0, space));
      ASSERT_TRUE(tree) << one.name() << ": " << fact;
      EXPECT_TRUE(stands_in(**tree, fact.substr(space + 1))) << one.name() << ": " << fact;
    }
  }
  EXPECT_GE(golden, 60u);
}

}  // namespace
}  // namespace assay::scheme::test
