// The two rules of the rule language's description, with the verdicts it gives for them, and the engine's corners,
// independent of data/rules.
#include <gtest/gtest.h>

#include "judge/case_reader.h"

namespace assay::judge {
namespace {

constexpr std::string_view kInterface = R"(
- rule: undeclared-logical-interface
  units: [5.6-1-2.b@V1.1.1, 5.6-1-2.c]
  asks: every interface that answers on the network is in the declaration
  pass: exercised
  claims: [claim_interface]
  needs:
    - {table: listener, source: probe, where: "scope->>'proto'='tcp' AND scope->>'ports'='1-65535' AND scope->>'state'='initialised'"}
    - {table: listener, source: probe, where: "scope->>'proto'='udp' AND scope->>'ports'='payload-list' AND scope->>'state'='initialised'"}
    - {table: discovery, source: person, where: "scope->>'sweep'='radio'", units: [5.6-1-2.b@V1.1.1]}
    - {table: listener, source: firmware, optional: true}
  fail: |
    SELECT NULL AS entry, 'listener' AS tbl, l.id, l.proto || ' port ' || l.port || ' answers and is not declared' AS why,
      'Switch off what listens on ' || l.proto || ' port ' || l.port || ', or declare it' AS mend
    FROM probe_listener l WHERE coalesce(l.address, '') NOT IN ('127.0.0.1', '::1') AND NOT EXISTS
      (SELECT 1 FROM claim_interface c WHERE c.proto = l.proto AND c.port = l.port)
  doubt: |
    SELECT NULL AS entry, 'listener' AS tbl, l.id, 'the firmware starts ' || l.service || ' on ' || l.proto || ' port ' || l.port || ', not declared' AS why
    FROM firmware_listener l WHERE coalesce(l.address, '') NOT IN ('127.0.0.1', '::1') AND NOT EXISTS
      (SELECT 1 FROM claim_interface c WHERE c.proto = l.proto AND c.port = l.port)
)";

constexpr std::string_view kPassword = R"(
- rule: universal-default-password
  units: [5.1-1-2.c]
  asks: the passwords really on the devices are what the declared generator makes
  pass: never
  claims: [claim_auth, claim_auth_login]
  over: |
    SELECT entry, title FROM claim_auth c WHERE coalesce(factor, 'password') = 'password' AND used_after_setup IS NOT 0 AND (origin IS NOT 'user-defined'
      OR EXISTS (SELECT 1 FROM claim_auth_login l JOIN firmware_account a ON a.user = l.user WHERE l.entry = c.entry AND a.state IN ('empty', 'hashed')))
  empty: not_applicable
  needs:
    - {table: account, source: firmware}
    - {table: unit_password, source: batch, where: "scope->>'devices' >= 10"}
  fail: |
    SELECT c.entry, 'account' AS tbl, a.id, 'in every device with this image: ' || a.user || ', password ' || a.password_class AS why,
      'Take the fixed password of ' || a.user || ' out of the image' AS mend
    FROM claim_auth c JOIN claim_auth_login l USING (entry) JOIN firmware_account a ON a.user = l.user
    WHERE a.state IN ('empty', 'hashed') AND a.password_class IN ('none', 'default-list', 'derived') AND a.rewritten_by IS NULL UNION ALL
    SELECT entry, 'unit_password', min(id), 'same password on ' || count(*) || ' devices', 'Give each device a password of its own' FROM batch_unit_password GROUP BY entry, digest HAVING count(*) > 1
  doubt: |
    SELECT c.entry, 'account' AS tbl, a.id, 'fixed hash of ' || a.user || ', not opened; nothing seen that replaces it' AS why
    FROM claim_auth c JOIN claim_auth_login l USING (entry) JOIN firmware_account a ON a.user = l.user WHERE a.password_class = 'unknown' AND a.rewritten_by IS NULL
    UNION ALL SELECT NULL, 'account', a.id, 'login of ' || a.user || ' belongs to no declared mechanism' FROM firmware_account a
    WHERE a.state IN ('empty', 'hashed') AND NOT EXISTS (SELECT 1 FROM claim_auth_login l WHERE l.user = a.user)
  ask: {question: "Do the labels of at least three devices fit the declared generator?", note: "serial, redacted password", show: "SELECT * FROM claim_auth"}
)";

RuleSet rules_of(std::string_view yaml) {
  const auto tree = parse_yaml(yaml, "rules");
  EXPECT_TRUE(tree.has_value()) << (tree ? "" : tree.error().text());
  auto out = read_rules(*tree, "rules", {});
  EXPECT_TRUE(out.has_value()) << (out ? "" : out.error().text());
  return out ? std::move(*out) : RuleSet{};
}

RuleCase case_of(const std::string& yaml, std::string_view edition) {
  const auto tree = parse_yaml(
      "what: engine\nedition: " + std::string(edition) + "\nat: 2026-11-22\nexpect: {contradictions: 0}\n" + yaml,
      "case");
  EXPECT_TRUE(tree.has_value()) << (tree ? "" : tree.error().text());
  RuleCase out = read_case(*tree, "engine", "case");
  for (const std::string& e : out.errors) ADD_FAILURE() << e;
  return out;
}

Judgement judged(std::string_view rules, const std::string& yaml, std::string_view edition = "2.1.1") {
  const RuleSet set = rules_of(rules);
  const RuleCase c = case_of(yaml, edition);
  auto out = judge_case(c, set);
  EXPECT_TRUE(out.has_value()) << (out ? "" : out.error().text());
  return out ? std::move(*out) : Judgement{};
}

UnitVerdict unit_of(const Judgement& j, std::string_view id) {
  for (const UnitVerdict& u : j.units)
    if (u.unit == id) return u;
  ADD_FAILURE() << "no unit " << id;
  return {};
}

std::string verdict(std::string_view rules, const std::string& yaml, std::string_view unit,
                    std::string_view edition = "2.1.1") {
  const UnitVerdict u = unit_of(judged(rules, yaml, edition), unit);
  for (const std::string& e : u.errors) ADD_FAILURE() << e;
  return std::string(name(u.value));
}

// --- The two rules, as described ---

const std::string kDeclared = "claims: {claim_interface: [{entry: web, title: Web page, proto: tcp, port: 80}]}\n";
const std::string kScans =
    "probe: [{table: listener, scope: {proto: tcp, ports: 1-65535, state: initialised}}, {table: listener, scope: "
    "{proto: udp, ports: payload-list, state: initialised}}]";
const std::string kWeb = "facts: {probe_listener: [{proto: tcp, port: 80}]}\n";

TEST(FirstRule, AsDescribed) {
  EXPECT_EQ(verdict(kInterface, kDeclared, "5.6-1-2.c"), "not_assessed");
  EXPECT_EQ(verdict(kInterface,
                    kDeclared + "covered: {firmware: [listener]}\nfacts: {firmware_listener: [{proto: tcp, port: 23, "
                                "service: telnetd}]}\n",
                    "5.6-1-2.c"),
            "inconclusive");
  EXPECT_EQ(verdict(kInterface, kDeclared + "facts: {probe_listener: [{proto: tcp, port: 23}]}\n", "5.6-1-2.c"),
            "fail");
  EXPECT_EQ(verdict(kInterface, kDeclared + "covered: {" + kScans + "}\n" + kWeb, "5.6-1-2.c"), "pass");
  EXPECT_EQ(verdict(kInterface, kDeclared + "partial: {" + kScans + "}\n" + kWeb, "5.6-1-2.c"), "inconclusive");
}

TEST(FirstRule, TheOtherEditionAsksForRadiosToo) {
  EXPECT_EQ(verdict(kInterface, kDeclared + "covered: {" + kScans + "}\n" + kWeb, "5.6-1-2.b", "1.1.1"),
            "not_assessed");
  EXPECT_EQ(verdict(kInterface, kDeclared + "partial: {" + kScans + "}\n" + kWeb, "5.6-1-2.b", "1.1.1"),
            "not_assessed");
  EXPECT_EQ(
      verdict(kInterface,
              kDeclared + "covered: {" + kScans + ", person: [{table: discovery, scope: {sweep: radio}}]}\n" + kWeb,
              "5.6-1-2.b", "1.1.1"),
      "pass");
}

TEST(FirstRule, ClaimsNotGivenListTheRowAndDoNotJudge) {
  const UnitVerdict u =
      unit_of(judged(kInterface, "covered: {" + kScans + "}\nfacts: {probe_listener: [{proto: tcp, port: 23}]}\n"),
              "5.6-1-2.c");
  EXPECT_EQ(u.value, Verdict::not_assessed);
  EXPECT_EQ(u.findings.size(), 1u);
  EXPECT_FALSE(u.not_given.empty());
}

TEST(SecondRule, AsDescribed) {
  const std::string account =
      "facts: {firmware_account: [{user: root, state: hashed, password_class: default-list}]}\ncovered: {firmware: "
      "[account]}\n";
  EXPECT_EQ(verdict(kPassword,
                    account + "claims: {claim_auth: [{entry: auth-1, title: Login, factor: password, origin: "
                              "pre-installed, logins: [root]}]}\n",
                    "5.1-1-2.c"),
            "fail");
  EXPECT_EQ(verdict(kPassword,
                    account + "claims: {claim_auth: [{entry: auth-1, title: Login, factor: password, origin: "
                              "user-defined, logins: [root]}]}\n",
                    "5.1-1-2.c"),
            "fail");
  EXPECT_EQ(verdict(kPassword, account + "claims: {claim_auth: []}\n", "5.1-1-2.c"), "inconclusive");
  EXPECT_EQ(verdict(kPassword, "covered: {firmware: [account]}\nclaims: {claim_auth: []}\n", "5.1-1-2.c"),
            "inconclusive");
  EXPECT_EQ(verdict(kPassword,
                    "covered: {firmware: [account], batch: [{table: unit_password, scope: {devices: 12}}]}\nclaims: "
                    "{claim_auth: []}\n",
                    "5.1-1-2.c"),
            "not_applicable");
}

TEST(SecondRule, ContradictionsAndFixes) {
  const Judgement j = judged(kPassword,
                             "facts: {firmware_account: [{user: root, state: hashed, password_class: "
                             "default-list}]}\ncovered: {firmware: [account]}\n"
                             "claims: {claim_auth: [{entry: auth-1, title: Login, factor: password, origin: "
                             "user-defined, logins: [root]}]}\n");
  ASSERT_EQ(j.fixes.size(), 1u);
  EXPECT_EQ(j.fixes[0].mend, "Take the fixed password of root out of the image");
  EXPECT_EQ(j.fixes[0].provisions, std::vector<std::string>{"5.1-1"});
  ASSERT_EQ(j.contradictions.size(), 1u);
  EXPECT_EQ(j.contradictions[0].observed, "in every device with this image: root, password default-list");
  EXPECT_NE(j.contradictions[0].claimed.find("Login"), std::string::npos);
}

// What mends a doubt is listed after what mends a fail, and does not pretend to mend the provision that fails.
TEST(SecondRule, DoubtsHaveFixesToo) {
  std::string rule(kPassword);
  const std::string doubt = "'login of ' || a.user || ' belongs to no declared mechanism'";
  const auto at = rule.find(doubt);
  ASSERT_NE(at, std::string::npos);
  rule.insert(at + doubt.size(), ", 'Lock the login of ' || a.user");
  const auto first = rule.find("nothing seen that replaces it' AS why");
  ASSERT_NE(first, std::string::npos);
  rule.insert(rule.find(" AS why", first) + 7,
              ", 'Take the fixed password of ' || a.user || ' out of the image' AS mend");
  const Judgement j = judged(rule,
                             "facts: {firmware_account: [{user: root, state: hashed, password_class: default-list}, "
                             "{user: admin, state: hashed, password_class: unknown}]}\ncovered: {firmware: "
                             "[account]}\nclaims: {claim_auth: [{entry: auth-1, title: Login, factor: password, "
                             "origin: user-defined, logins: [root]}]}\n");
  ASSERT_EQ(j.fixes.size(), 2u);
  EXPECT_EQ(j.fixes[0].mend, "Take the fixed password of root out of the image");
  EXPECT_FALSE(j.fixes[0].only_doubts());
  EXPECT_EQ(j.fixes[1].mend, "Lock the login of admin");
  EXPECT_TRUE(j.fixes[1].only_doubts());
  EXPECT_EQ(j.fixes[1].provisions, std::vector<std::string>{"5.1-1"});
}

// --- Coverage ---

constexpr std::string_view kSimple = R"(
- rule: no-accounts
  units: [5.1-1-2.c]
  asks: no account
  pass: exercised
  needs: [{table: account, source: firmware}]
  fail: SELECT NULL AS entry, 'account' AS tbl, id, user AS why, 'Remove ' || user AS mend FROM firmware_account
)";

TEST(Coverage, WhatWasPlannedAndNotFinished) {
  EXPECT_EQ(verdict(kSimple, "covered: {firmware: [account]}", "5.1-1-2.c"), "pass");
  EXPECT_EQ(verdict(kSimple, "covered: {firmware: [listener]}", "5.1-1-2.c"), "not_assessed");
  EXPECT_EQ(verdict(kSimple, "covered: {probe: [account]}", "5.1-1-2.c"), "not_assessed");
  // A second look at the table that did not end, whatever its scope, and one that left no row at all.
  EXPECT_EQ(verdict(kSimple,
                    "covered: {firmware: [account]}\npartial: {firmware: [{table: account, scope: {state: factory}}]}",
                    "5.1-1-2.c"),
            "inconclusive");
  EXPECT_EQ(verdict(kSimple,
                    "covered: {firmware: [account]}\nartefacts: [{id: other, source: firmware, looks: [{table: "
                    "account, examiner: accounts/1}]}]",
                    "5.1-1-2.c"),
            "inconclusive");
  EXPECT_EQ(verdict(kSimple,
                    "covered: {firmware: [account]}\nartefacts: [{id: other, source: firmware, looks: [{table: "
                    "listener, examiner: accounts/1}]}]",
                    "5.1-1-2.c"),
            "pass");
  // A part that could not be looked at; a person may set it aside, with a reason.
  EXPECT_EQ(
      verdict(kSimple,
              "covered: {firmware: [account]}\nunexamined: [{source: firmware, tbl: account, place: x, reason: crash}]",
              "5.1-1-2.c"),
      "inconclusive");
  EXPECT_EQ(
      verdict(kSimple, "covered: {firmware: [account]}\nunexamined: [{source: firmware, place: x, reason: crash}]",
              "5.1-1-2.c"),
      "inconclusive");
  EXPECT_EQ(
      verdict(kSimple,
              "covered: {firmware: [account]}\nunexamined: [{source: firmware, tbl: file, place: x, reason: crash}]",
              "5.1-1-2.c"),
      "pass");
  EXPECT_EQ(verdict(kSimple, "covered: {firmware: [account]}\nunexamined: [{source: probe, place: x, reason: crash}]",
                    "5.1-1-2.c"),
            "pass");
  const std::string open =
      "covered: {firmware: [account]}\nunexamined: [{id: gap, source: firmware, tbl: account, place: x, reason: "
      "crash}]\n";
  const Judgement j =
      judged(kSimple, open + "persons: [{kind: close, closes: gap, by: A, date: 2026-11-22, reason: padding}]");
  EXPECT_EQ(unit_of(j, "5.1-1-2.c").value, Verdict::pass);
  ASSERT_EQ(unit_of(j, "5.1-1-2.c").set_aside.size(), 1u);
  EXPECT_EQ(verdict(kSimple, open + "persons: [{kind: close, closes: gap, by: A, date: 2026-11-22, reason: ' '}]",
                    "5.1-1-2.c"),
            "inconclusive");
}

// --- Entries ---

std::string entries_rule(const std::string& rest, const std::string& unit = "5.1-1-2.c") {
  return "- rule: r" + unit + "\n  units: [" + unit + "]\n  asks: x\n  claims: [claim_auth]\n" + rest;
}
const std::string kTwo =
    "claims: {claim_auth: [{entry: a, factor: password}, {entry: b, factor: key}, {entry: c, factor: token}]}\n";
const std::string kOver =
    "  over: SELECT entry, title FROM claim_auth WHERE factor IN ('password', 'key')\n  empty: not_applicable\n";

TEST(Entries, Confirmed) {
  const std::string rule =
      entries_rule("  pass: confirmed\n" + kOver +
                   "  confirm: SELECT entry, tbl, id, 'x' AS why FROM claim_auth WHERE factor = 'password'\n");
  const UnitVerdict u = unit_of(judged(rule, kTwo), "5.1-1-2.c");
  ASSERT_EQ(u.entries.size(), 2u);
  EXPECT_EQ(u.entries[0].value, Verdict::pass);
  EXPECT_EQ(u.entries[1].value, Verdict::inconclusive);
  EXPECT_EQ(u.value, Verdict::inconclusive);
}

TEST(Entries, NullConfirmsNothingWhereThereIsOver) {
  const std::string rule = entries_rule("  pass: confirmed\n" + kOver +
                                        "  confirm: SELECT NULL AS entry, tbl, id, 'x' AS why FROM claim_auth\n");
  EXPECT_EQ(verdict(rule, kTwo, "5.1-1-2.c"), "inconclusive");
  const std::string whole =
      entries_rule("  pass: confirmed\n  confirm: SELECT NULL AS entry, tbl, id, 'x' AS why FROM claim_auth\n");
  EXPECT_EQ(verdict(whole, kTwo, "5.1-1-2.c"), "pass");
}

TEST(Entries, NotInOver) {
  const std::string confirm = "  confirm: SELECT entry, tbl, id, 'x' AS why FROM claim_auth\n";
  // Declared, but not among those in question: a doubt on the whole unit.
  UnitVerdict u = unit_of(
      judged(entries_rule(
                 "  pass: confirmed\n" + kOver + confirm +
                 "  fail: SELECT entry, tbl, id, 'x' AS why, 'm' AS mend FROM claim_auth WHERE factor = 'token'\n"),
             kTwo),
      "5.1-1-2.c");
  EXPECT_EQ(u.value, Verdict::inconclusive);
  EXPECT_EQ(u.findings[0].role, Finding::Role::doubt);
  EXPECT_TRUE(u.errors.empty());
  // Declared by nobody: the rule is broken.
  u = unit_of(judged(entries_rule("  pass: confirmed\n" + kOver + confirm +
                                  "  doubt: SELECT 'z' AS entry, tbl, id, 'x' AS why FROM claim_auth\n"),
                     kTwo),
              "5.1-1-2.c");
  EXPECT_EQ(u.value, Verdict::error);
  // Without over only null is allowed.
  u = unit_of(judged(entries_rule("  pass: confirmed\n  confirm: SELECT NULL AS entry, tbl, id, 'x' AS why FROM "
                                  "claim_auth\n  doubt: SELECT entry, tbl, id, 'x' AS why FROM claim_auth\n"),
                     kTwo),
              "5.1-1-2.c");
  EXPECT_EQ(u.value, Verdict::error);
  // A row that does not exist leads to no bytes.
  u = unit_of(
      judged(entries_rule("  pass: never\n" + kOver +
                          "  fail: SELECT entry, tbl, 'nothing' AS id, 'x' AS why, 'm' AS mend FROM claim_auth\n"),
             kTwo),
      "5.1-1-2.c");
  EXPECT_EQ(u.value, Verdict::error);
}

TEST(Entries, FailStandsWhereAnotherQueryFails) {
  const std::string loop =
      "  doubt: WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT NULL AS entry, 'x' AS tbl, "
      "sum(x) AS id, 'x' AS why FROM n\n";
  EXPECT_EQ(unit_of(judged(entries_rule("  pass: never\n" + kOver + loop), kTwo), "5.1-1-2.c").value, Verdict::error);
  EXPECT_EQ(
      unit_of(judged(entries_rule("  pass: never\n" + kOver + loop +
                                  "  fail: SELECT NULL AS entry, tbl, id, 'x' AS why, 'm' AS mend FROM claim_auth\n"),
                     kTwo),
              "5.1-1-2.c")
          .value,
      Verdict::fail);
}

TEST(Entries, MissingFailsOnlyWhereEverythingWasLookedAt) {
  const std::string rule =
      entries_rule("  pass: never\n  needs: [{table: account, source: firmware}]\n" + kOver +
                   "  missing: SELECT entry, tbl, id, 'x' AS why, 'm' AS mend FROM claim_auth WHERE factor = 'key'\n");
  EXPECT_EQ(verdict(rule, kTwo + "covered: {firmware: [account]}", "5.1-1-2.c"), "fail");
  EXPECT_EQ(verdict(rule, kTwo + "partial: {firmware: [account]}", "5.1-1-2.c"), "inconclusive");
  EXPECT_EQ(verdict(rule, kTwo, "5.1-1-2.c"), "inconclusive");
}

TEST(Entries, ExercisedLooksAtEachEntry) {
  const std::string rule = entries_rule(
      "  pass: exercised\n  needs: [{table: account, source: probe, where: \"scope->>'entry' = :entry\"}]\n" + kOver);
  EXPECT_EQ(verdict(rule + "  doubt: SELECT NULL AS entry, 'account' AS tbl, id, 'x' AS why FROM probe_account\n",
                    kTwo + "covered: {probe: [{table: account, scope: {entry: a}}]}", "5.1-1-2.c"),
            "not_assessed");
  EXPECT_EQ(
      verdict(rule + "  doubt: SELECT NULL AS entry, 'account' AS tbl, id, 'x' AS why FROM probe_account\n",
              kTwo + "covered: {probe: [{table: account, scope: {entry: a}}, {table: account, scope: {entry: b}}]}",
              "5.1-1-2.c"),
      "pass");
}

TEST(Entries, EveryOneHoldsForTheCase) {
  // Two units of one case: a is sound in the first, b in the second, and nothing in both.
  const auto rule = [](const std::string& unit, const std::string& sound) {
    return entries_rule("  pass: confirmed\n  every: one\n" + kOver +
                            "  confirm: SELECT entry, tbl, id, 'x' AS why FROM claim_auth WHERE entry = '" + sound +
                            "'\n",
                        unit);
  };
  const auto case_value = [&](const std::string& a, const std::string& b) {
    const Judgement j = judged(rule("5.2-2-1.a", a) + rule("5.2-2-1.b", b), kTwo, "2.1.1");
    EXPECT_EQ(unit_of(j, "5.2-2-1.a").value, Verdict::pass);
    EXPECT_EQ(unit_of(j, "5.2-2-1.b").value, Verdict::pass);
    for (const CaseVerdict& c : j.cases)
      if (c.case_id == "5.2-2-1" && c.units.size() == 2) return c.value;
    return Verdict::not_claimed;
  };
  EXPECT_EQ(case_value("a", "a"), Verdict::pass);
  EXPECT_EQ(case_value("a", "b"), Verdict::inconclusive);
}

TEST(Empty, PassNeedsCompleteCoverage) {
  const std::string rule =
      "- rule: r\n  units: [5.1-1-2.c]\n  asks: x\n  pass: never\n  claims: [claim_auth]\n  needs: [{table: account, "
      "source: firmware}]\n"
      "  over: SELECT entry, title FROM claim_auth\n  empty: pass\n  doubt: SELECT NULL AS entry, 'account' AS tbl, "
      "id, 'x' AS why FROM firmware_account\n";
  const std::string none = "claims: {claim_auth: []}\n";
  EXPECT_EQ(verdict(rule, none + "covered: {firmware: [account]}", "5.1-1-2.c"), "pass");
  EXPECT_EQ(verdict(rule, none + "partial: {firmware: [account]}", "5.1-1-2.c"), "inconclusive");
  EXPECT_EQ(verdict(rule, none + "covered: {firmware: [listener]}", "5.1-1-2.c"), "inconclusive");
  EXPECT_EQ(verdict(rule, none, "5.1-1-2.c"), "not_assessed");
  EXPECT_EQ(verdict(rule, "covered: {firmware: [account]}", "5.1-1-2.c"), "not_assessed");
  EXPECT_EQ(verdict(rule, none + "covered: {firmware: [account]}\nfacts: {firmware_account: [{user: x}]}", "5.1-1-2.c"),
            "inconclusive");
}

// --- Delegation ---

TEST(Delegation, OnTheSelectedEntriesOnly) {
  const std::string target = entries_rule(
      "  pass: confirmed\n  over: SELECT entry, title FROM claim_auth\n  empty: not_applicable\n  confirm: SELECT "
      "entry, tbl, id, 'x' AS why FROM claim_auth WHERE factor = 'key'\n"
      "  fail: SELECT entry, tbl, id, 'x' AS why, 'm' AS mend FROM claim_auth WHERE factor = 'password'\n");
  const auto from = [&](const std::string& over) {
    return target +
           "- rule: d\n  units: [5.2-2-1.a]\n  asks: x\n  claims: [claim_auth]\n  empty: not_applicable\n  delegate: "
           "{to: [5.1-1-2.c], over: \"" +
           over + "\"}\n";
  };
  const auto value = [&](const std::string& over, const std::string& more = "") {
    return verdict(from(over), kTwo + more, "5.2-2-1.a");
  };
  EXPECT_EQ(value("SELECT entry, title FROM claim_auth WHERE factor = 'key'"), "pass");  // a's fail does not count
  EXPECT_EQ(value("SELECT entry, title FROM claim_auth WHERE factor = 'password'"), "fail");
  EXPECT_EQ(value("SELECT entry, title FROM claim_auth WHERE factor = 'token'"), "inconclusive");
  EXPECT_EQ(value("SELECT 'nobody' AS entry, title FROM claim_auth WHERE factor = 'key'"), "inconclusive");
  EXPECT_EQ(value("SELECT NULL AS entry, title FROM claim_auth WHERE factor = 'key'"), "inconclusive");
  EXPECT_EQ(value("SELECT entry, title FROM claim_auth WHERE factor = 'other'"), "not_applicable");
  // A person on the whole of the other unit: a pass carries over, anything else is inconclusive.
  EXPECT_EQ(value("SELECT entry, title FROM claim_auth WHERE factor = 'token'",
                  "persons: [{unit: 5.1-1-2.c, value: pass, by: A, reason: r}]"),
            "pass");
  EXPECT_EQ(value("SELECT entry, title FROM claim_auth WHERE factor = 'key'",
                  "persons: [{unit: 5.1-1-2.c, value: fail, by: A, reason: r}]"),
            "inconclusive");
}

// --- Persons ---

TEST(Persons, BesideTheMachine) {
  const std::string covered = "covered: {firmware: [account]}\n",
                    found = "covered: {firmware: [account]}\nfacts: {firmware_account: [{id: row-1, user: root}]}\n";
  const auto says = [&](const std::string& facts, const std::string& rest) {
    return verdict(kSimple, facts + "persons: [{unit: 5.1-1-2.c, by: A, reason: seen, " + rest + "}]", "5.1-1-2.c");
  };
  EXPECT_EQ(says(covered, "value: fail"), "fail");
  EXPECT_EQ(says(covered, "value: inconclusive"), "inconclusive");
  EXPECT_EQ(says(covered, "value: pass, shown: false"), "inconclusive");  // stale
  EXPECT_EQ(says("", "value: pass"), "pass");
  EXPECT_EQ(says(found, "value: pass"), "inconclusive");
  EXPECT_EQ(says(found, "value: pass, overrules: [row-1]"), "pass");
  EXPECT_EQ(says(found, "value: pass, overrules: [row-2]"), "inconclusive");
  EXPECT_EQ(
      verdict(kSimple, found + "persons: [{unit: 5.1-1-2.c, by: A, value: pass, overrules: [row-1]}]", "5.1-1-2.c"),
      "inconclusive");  // no reason
  EXPECT_EQ(says(found, "value: pass, overrules: [row-1], shown: false"), "fail");
  // A unit that nobody's rule judges.
  EXPECT_EQ(verdict(kSimple, "persons: [{unit: 5.2-1-1.a, by: A, reason: r, value: pass}]", "5.2-1-1.a"), "pass");
  const Judgement j = judged(kSimple, found + "persons: [{unit: 5.1-1-2.c, by: A, reason: seen, value: pass}]");
  ASSERT_FALSE(j.contradictions.empty());
  EXPECT_EQ(j.contradictions[0].claimed, "A says pass: seen");
  EXPECT_EQ(unit_of(j, "5.1-1-2.c").by, "rule and person");
  EXPECT_EQ(unit_of(j, "5.1-1-2.c").machine, Verdict::fail);
}

TEST(Persons, TheLatestCountsAndOfOneDayTheWorst) {
  const auto two = [&](const std::string& a, const std::string& b) {
    return verdict(
        kSimple,
        "persons: [{unit: 5.1-1-2.c, by: A, reason: r, " + a + "}, {unit: 5.1-1-2.c, by: B, reason: r, " + b + "}]",
        "5.1-1-2.c");
  };
  EXPECT_EQ(two("value: fail, date: 2026-11-01", "value: pass, date: 2026-11-02"), "pass");
  EXPECT_EQ(two("value: pass, date: 2026-11-01", "value: fail, date: 2026-11-02"), "fail");
  EXPECT_EQ(two("value: pass, date: 2026-11-02", "value: fail, date: 2026-11-02"), "fail");
}

TEST(Persons, OneEntry) {
  const std::string rule = entries_rule(
      "  pass: never\n" + kOver + "  doubt: SELECT entry, tbl, id, 'x' AS why FROM claim_auth WHERE factor = 'key'\n");
  const UnitVerdict u = unit_of(
      judged(rule, kTwo + "persons: [{unit: 5.1-1-2.c, entry: b, value: pass, by: A, reason: r}]"), "5.1-1-2.c");
  ASSERT_EQ(u.entries.size(), 2u);
  EXPECT_FALSE(u.entries[0].person.has_value());
  EXPECT_EQ(u.entries[1].value, Verdict::pass);
  EXPECT_NE(u.value, Verdict::pass);
  EXPECT_EQ(verdict(rule, "claims: {claim_auth: []}\npersons: [{unit: 5.1-1-2.c, value: pass, by: A, reason: r}]",
                    "5.1-1-2.c"),
            "pass");  // where there is no entry
}

TEST(Persons, AnotherImageMakesAVerdictStale) {
  const RuleSet set = rules_of(kSimple);
  const RuleCase one = case_of("artefacts: [{id: image-1, source: firmware}]", "2.1.1"),
                 other = case_of("artefacts: [{id: image-2, source: firmware}]", "2.1.1");
  const auto a = judge_case(one, set), b = judge_case(other, set);
  ASSERT_TRUE(a.has_value() && b.has_value());
  for (const char* id : {"5.1-1-2.c", "5.2-1-1.a"})
    EXPECT_NE(unit_of(*a, id).shown_digest, unit_of(*b, id).shown_digest) << id;
}

// --- What nobody judges, and the whole ---

TEST(Judge, UnitsWithoutARuleAreNotAssessed) {
  const Judgement j = judged(kSimple, "covered: {firmware: [account]}\nics: {5.2-1: Y}");
  EXPECT_EQ(unit_of(j, "5.2-1-1.a").value, Verdict::not_assessed);
  EXPECT_EQ(unit_of(j, "5.2-1-1.a").by, "nobody");
  for (const ProvisionVerdict& p : j.provisions) EXPECT_NE(p.value, Verdict::pass) << p.provision;
  for (const CaseVerdict& c : j.cases)
    if (c.case_id == "5.1-1-2") {
      EXPECT_NE(c.value, Verdict::pass);
    }
}

TEST(Judge, SameTwice) {
  const std::string yaml =
      "facts: {firmware_account: [{user: root, state: hashed, password_class: default-list}]}\nclaims: {claim_auth: "
      "[{entry: auth-1, factor: password, logins: [root]}]}\n";
  const UnitVerdict a = unit_of(judged(kPassword, yaml), "5.1-1-2.c"),
                    b = unit_of(judged(kPassword, yaml), "5.1-1-2.c");
  EXPECT_EQ(a.shown_digest, b.shown_digest);
  EXPECT_EQ(a.reason, b.reason);
}

}  // namespace
}  // namespace assay::judge
