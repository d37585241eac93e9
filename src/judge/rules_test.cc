// The loader refuses what a rule must not be, and says where.
#include <gtest/gtest.h>

#include "base/file.h"
#include "judge/rule.h"

namespace assay::judge {
namespace {

std::string refused(const std::string& yaml, bool with_catalogue = false) {
  const auto tree = parse_yaml(yaml, "rules");
  if (!tree) return "yaml: " + tree.error().text();
  const auto rules = read_rules(*tree, "rules/x.yaml",
                                with_catalogue ? catalogue::editions() : std::vector<const catalogue::Edition*>{});
  if (!rules) return rules.error().what;
  std::string out;
  for (const std::string& problem : check_queries(*rules, catalogue::editions())) out += problem + "\n";
  return out;
}

// A sound rule in which one line is replaced (`key: …`), added, or, with an empty text, left out.
std::string rule(const std::string& key = "", const std::string& text = "") {
  std::vector<std::pair<std::string, std::string>> lines = {
      {"rule", "sound"},
      {"units", "[5.1-1-2.c]"},
      {"asks", "x"},
      {"pass", "never"},
      {"claims", "[claim_auth]"},
      {"needs", "[{table: account, source: firmware}]"},
      {"over", "SELECT entry, title FROM claim_auth"},
      {"empty", "not_applicable"},
      {"fail", "SELECT NULL AS entry, 'account' AS tbl, id, user AS why, 'Remove it' AS mend FROM firmware_account"}};
  bool found = false;
  std::string out;
  for (auto& [k, v] : lines) {
    if (k == key) {
      found = true;
      if (text.empty()) continue;
      v = text;
    }
    out += (out.empty() ? "- " : "  ") + k + ": " + v + "\n";
  }
  if (!found && !key.empty()) out += "  " + key + ": " + text + "\n";
  return out;
}

TEST(Loader, TakesASoundRule) {
  EXPECT_EQ(refused(rule()), "");
  EXPECT_EQ(refused(rule(), true), "");
  EXPECT_EQ(refused(rule("doubt", "SELECT NULL AS entry, 'account' AS tbl, id, 'x' AS why FROM firmware_account")), "");
  EXPECT_EQ(refused(rule("ask", "{question: q, show: SELECT * FROM claim_auth}")), "");
}

TEST(Loader, RefusesAndSaysWhat) {
  const auto expect = [](const std::string& yaml, std::string_view says) {
    const std::string got = refused(yaml);
    EXPECT_NE(got.find(says), std::string::npos) << yaml << "gave: " << got;
  };
  expect(rule("fails", "SELECT 1"), "`fails` is no key of a rule; is `fail` meant?");
  for (const char* key : {"rule", "units", "asks", "pass"}) {
    if (std::string(key) == "rule") continue;  // the list item begins with it
    expect(rule(key), "`" + std::string(key) + "`");
  }
  expect(rule("pass", "always"), "`pass` is never, exercised or confirmed");
  expect(rule("pass", "confirmed"), "needs `confirm`");
  expect(rule("pass", "exercised"), "a need has to use :entry");
  expect(rule("empty"), "`empty` is required with `over`");
  expect(rule("over"), "`empty` needs `over`");
  expect(rule("empty", "error"), "`empty` is");
  expect(rule("every", "two"), "`every` is entry or one");
  expect(rule("claims", "[claim_nothing]"), "no view of claims");
  expect(rule("claims", "[claim_update]"), "which is not in `claims`");
  expect(rule("needs", "[{table: listener, source: firmware}]"), "reads firmware_account, which is not in `needs`");
  expect(rule("needs", "[{table: account, source: firmware, optional: true}]"), "not as optional");
  expect(rule("needs", "[{table: accounts, source: firmware}]"), "no table of facts");
  expect(rule("needs", "[{table: ixit_1, source: dossier}]"), "no table of facts");
  expect(rule("needs", "[{table: account, source: image}]"), "no source");
  expect(rule("needs", "[{table: account, source: firmware, when: x}]"), "no key of a need");
  expect(rule("needs", "[{table: account, source: firmware, where: \"scope->>'x' = 1\"}]"), "scope has no key `x`");
  expect(rule("needs", "[{table: account, source: firmware, units: [5.1-1-2.b]}]"), "no unit of this rule");
  expect(rule("fail", "SELECT id FROM firmware_account"), "and not exactly entry, tbl, id, why, mend");
  expect(rule("fail", "SELECT NULL AS entry, 'account' AS tbl, id, 'x' AS why FROM firmware_account"), "not exactly");
  expect(rule("fail", "SELECT NULL AS entry, 'account' AS tbl, id, why, 'x' AS mend FROM firmware_account"),
         "no such column: why");
  expect(rule("fail", "SELECT NULL AS entry, 'account' AS tbl, id, user AS why, 'x' AS mend FROM account"),
         "reads the table account");
  expect(rule("fail", "SELECT NULL AS entry, 'account' AS tbl, id, random() AS why, 'x' AS mend FROM firmware_account"),
         "random()");
  expect(rule("fail",
              "SELECT NULL AS entry, 'account' AS tbl, rowid AS id, 'x' AS why, 'x' AS mend FROM firmware_account"),
         "rowid");
  expect(
      rule("fail", "SELECT NULL AS entry, 'account' AS tbl, id, 'x' AS why, 'x' AS mend FROM firmware_account LIMIT 1"),
      "LIMIT without ORDER BY");
  expect(rule("fail", "SELECT NULL AS entry, 'account' AS tbl, id, :user AS why, 'x' AS mend FROM firmware_account"),
         "no parameter");
  expect(rule("fail", "DELETE FROM firmware_account"), "`fail`");
  expect(rule("over", "SELECT entry FROM claim_auth"), "not exactly entry, title");
  expect(rule() + rule(), "stands twice");
  expect(rule() + rule("rule", "other"), "already judged by");
  expect(rule("delegate", "{to: [5.1-1-1.a], over: 'SELECT entry, title FROM claim_auth'}"), "stands instead");
  expect(
      "- {rule: d, units: [5.1-1-2.c], asks: x, claims: [claim_auth], empty: not_applicable, delegate: {to: "
      "[5.1-1-2.c], over: 'SELECT entry, title FROM claim_auth'}}",
      "delegates to itself");
  expect(
      "conditions: [{edition: 1.1.1, ref: '1', asks: x, claims: [], met: 'SELECT entry, tbl, id, 1 AS why FROM "
      "claim_auth'}]",
      "`claims` is a list");
  expect(
      "conditions: [{edition: 1.1.1, ref: '1', asks: x, claims: [claim_auth], met: \"SELECT NULL AS entry, 'account' "
      "AS tbl, id, 1 AS why FROM firmware_account\"}]",
      "reads firmware_account");
}

TEST(Loader, NamesThePlaceAndAllMistakesAtOnce) {
  const std::string got = refused(rule("pass", "always") + rule("units", "[5.1-1-2.b]"));
  EXPECT_NE(got.find("rules/x.yaml:4:"), std::string::npos) << got;
  EXPECT_NE(got.find("\n"), std::string::npos) << got;
}

// The rules that docs/rules.md shows can be taken as they stand.
TEST(Loader, TakesTheRulesOfTheDocs) {
  const auto text = read_file(ASSAY_SOURCE_DIR "/docs/rules.md", 1u << 20);
  ASSERT_TRUE(text.has_value());
  int found = 0;
  for (std::size_t at = 0; (at = text->find("```yaml\n- rule:", at)) != std::string::npos;) {
    const std::size_t begin = at + 8, end = text->find("```", begin);
    ASSERT_NE(end, std::string::npos);
    EXPECT_EQ(refused(text->substr(begin, end - begin), true), "");
    ++found;
    at = end + 3;
  }
  EXPECT_EQ(found, 2);
}

TEST(Loader, AgreesWithTheCatalogue) {
  EXPECT_NE(refused(rule("units", "[5.1-1-9.z]"), true).find("no unit 5.1-1-9.z"), std::string::npos);
}

TEST(Loader, PassOfEveryUnitAgreesWithTheCatalogue) {
  for (const catalogue::Edition* e : catalogue::editions())
    for (const catalogue::Unit& u : e->units)
      for (const char* pass : {"never", "exercised", "confirmed"}) {
        const auto tree = parse_yaml("- {rule: r, units: ['" + u.id + "'], asks: x, pass: " + pass +
                                         ", claims: [claim_auth], confirm: SELECT 1}",
                                     "rules");
        const bool taken = read_rules(*tree, "x", catalogue::editions()).has_value();
        const bool never = std::string_view(pass) == "never";
        const bool want = u.decide == "automatic" || never ||
                          (u.decide == "disproves_only" && u.absence_suffices && std::string_view(pass) == "exercised");
        EXPECT_EQ(taken, want) << u.id << " " << u.decide << " " << pass;
      }
}

}  // namespace
}  // namespace assay::judge
