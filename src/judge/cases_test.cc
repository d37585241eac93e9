// Runs tests/cases/judge: rows in, verdict out; and holds every rule against having the cases it must have.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "judge/case_reader.h"

namespace assay::judge {
namespace {

const std::filesystem::path kCases = std::filesystem::path(ASSAY_SOURCE_DIR) / "tests/cases/judge";

const RuleSet* rules() {
  static const Result<RuleSet> set = load_rules();
  if (!set) {
    ADD_FAILURE() << set.error().text();
    return nullptr;
  }
  return &*set;
}

const std::vector<RuleCase>& cases() {
  static const std::vector<RuleCase> all = read_cases(kCases);
  return all;
}

const UnitVerdict* unit_of(const Judgement& j, std::string_view id) {
  for (const UnitVerdict& u : j.units)
    if (u.unit == id) return &u;
  return nullptr;
}

std::string explain(const UnitVerdict& u) {
  std::string out = u.unit + " (" + u.rule + "): " + std::string(name(u.value)) + ", coverage " +
                    std::string(name(u.coverage)) + ", " + u.reason + "\n";
  for (const EntryVerdict& e : u.entries)
    out += "  entry " + e.entry + ": machine " + std::string(name(e.machine)) + ", value " +
           std::string(name(e.value)) + "\n";
  for (const Finding& f : u.findings)
    out += "  " + std::string(name(f.role)) + " [" + f.entry + "] " + f.table + " " + f.id + ": " + f.why + "\n";
  for (const std::string& e : u.errors) out += "  error: " + e + "\n";
  return out;
}

void compare(const RuleCase& c, const Judgement& j) {
  SCOPED_TRACE(c.rule + "/" + c.name + ".yaml: " + c.what);
  const auto unit = [&](const std::string& id) {
    const UnitVerdict* u = unit_of(j, id);
    if (u == nullptr) ADD_FAILURE() << "the edition has no unit " << id;
    return u;
  };
  for (const auto& m : c.expect["units"].members())
    if (const UnitVerdict* u = unit(m.key)) {
      EXPECT_EQ(name(u->value), m.value.text()) << explain(*u);
    }
  for (const auto& m : c.expect["machine"].members())
    if (const UnitVerdict* u = unit(m.key)) {
      EXPECT_EQ(name(u->machine), m.value.text()) << explain(*u);
    }
  for (const auto& m : c.expect["coverage"].members())
    if (const UnitVerdict* u = unit(m.key)) {
      EXPECT_EQ(name(u->coverage), m.value.text()) << explain(*u);
    }
  for (const auto& m : c.expect["entries"].members())
    if (const UnitVerdict* u = unit(m.key)) {
      std::map<std::string, std::string> wanted, got;
      for (const auto& e : m.value.members()) wanted[e.key] = e.value.text();
      for (const EntryVerdict& e : u->entries) got[e.entry] = std::string(name(e.value));
      EXPECT_EQ(got, wanted) << explain(*u);
    }
  for (const auto& m : c.expect["findings"].members())
    if (const UnitVerdict* u = unit(m.key))
      for (const auto& r : m.value.members()) {
        const auto n = std::count_if(u->findings.begin(), u->findings.end(),
                                     [&](const Finding& f) { return name(f.role) == r.key; });
        EXPECT_EQ(n, r.value.integer().value_or(-1)) << r.key << "\n" << explain(*u);
      }
  for (const auto& m : c.expect["rows"].members())
    if (const UnitVerdict* u = unit(m.key))
      for (const std::string& id : m.value.texts()) {
        const bool found =
            std::any_of(u->findings.begin(), u->findings.end(), [&](const Finding& f) { return f.id == id; });
        EXPECT_TRUE(found) << id << "\n" << explain(*u);
      }
  for (const auto& m : c.expect["cases"].members()) {
    const auto it =
        std::find_if(j.cases.begin(), j.cases.end(), [&](const CaseVerdict& v) { return v.case_id == m.key; });
    if (it == j.cases.end())
      ADD_FAILURE() << "the edition has no case " << m.key;
    else {
      EXPECT_EQ(name(it->value), m.value.text()) << m.key;
    }
  }
  for (const auto& m : c.expect["provisions"].members()) {
    const auto it = std::find_if(j.provisions.begin(), j.provisions.end(),
                                 [&](const ProvisionVerdict& v) { return v.provision == m.key; });
    if (it == j.provisions.end())
      ADD_FAILURE() << "the edition has no provision " << m.key;
    else {
      EXPECT_EQ(name(it->value), m.value.text()) << m.key << ": " << it->reason;
    }
  }
  if (const Node* n = c.expect.find("contradictions")) {
    EXPECT_EQ(static_cast<std::int64_t>(j.contradictions.size()), n->integer().value_or(-1));
  }
}

// What must not depend on the order in which rows come.
std::string summary(const Judgement& j) {
  std::string out;
  for (const UnitVerdict& u : j.units) out += explain(u) + u.shown_digest + "\n";
  for (const ProvisionVerdict& p : j.provisions)
    out += p.provision + " " + std::string(name(p.value)) + " " + p.reason + "\n";
  for (const Contradiction& c : j.contradictions) out += c.provision + " " + c.claimed + " | " + c.observed + "\n";
  return out;
}

// The rule alone where the case expects nothing of anything else: a hundred rules take a hundred times as long.
RuleSet needed(const RuleCase& c, const RuleSet& all) {
  const Rule* rule = all.named(c.rule);
  if (rule == nullptr) return all;
  for (const auto& kind : c.expect.members()) {
    if (kind.key == "cases" || kind.key == "provisions" || kind.key == "contradictions") return all;
    for (const auto& m : kind.value.members()) {
      const catalogue::Unit* unit = c.edition->unit(m.key);
      if (unit == nullptr || all.for_unit(unit->id) != rule) return all;
    }
  }
  return alone(all, *rule);
}

TEST(RuleCases, GiveWhatTheyExpect) {
  const RuleSet* set = rules();
  ASSERT_NE(set, nullptr);
  ASSERT_FALSE(cases().empty());
  for (const RuleCase& c : cases()) {
    for (const std::string& e : c.errors) ADD_FAILURE() << e;
    if (!c.errors.empty()) continue;
    const RuleSet some = needed(c, *set);
    const auto judged = judge_case(c, some);
    ASSERT_TRUE(judged.has_value()) << c.rule << "/" << c.name << ": " << judged.error().text();
    compare(c, *judged);
    for (const UnitVerdict& u : judged->units)
      if (!u.rule.empty() && !u.errors.empty() && c.expect["units"][u.unit].text() != "error")
        ADD_FAILURE() << c.rule << "/" << c.name << ": " << explain(u);
    const auto reversed = judge_case(c, some, true);
    ASSERT_TRUE(reversed.has_value());
    EXPECT_EQ(summary(*judged), summary(*reversed)) << c.rule << "/" << c.name << ": depends on the order of rows";
  }
}

TEST(Rules, QueriesAreSound) {
  const RuleSet* set = rules();
  ASSERT_NE(set, nullptr);
  for (const std::string& problem : check_queries(*set, catalogue::editions())) ADD_FAILURE() << problem;
}

TEST(RuleCases, EachRuleHasWhatItMustHave) {
  const RuleSet* set = rules();
  ASSERT_NE(set, nullptr);
  std::set<std::string> folders;
  for (const RuleCase& c : cases()) folders.insert(c.rule);
  for (const std::string& folder : folders)
    EXPECT_TRUE(folder == "conditions" || set->named(folder) != nullptr) << folder << " is the name of no rule";

  for (const Rule& rule : set->rules) {
    std::set<std::string> kinds;
    for (const RuleCase& c : cases()) {
      if (c.rule != rule.name || !c.errors.empty()) continue;
      std::set<std::string> own;  // as the case's edition writes them
      for (const std::string& u : rule.units)
        if (const auto* unit = c.edition->unit(u); unit != nullptr && unit->id == u) own.insert(unit->short_id);
      std::set<std::string> verdicts;
      for (const auto& m : c.expect["units"].members())
        if (own.contains(m.key)) verdicts.insert(m.value.text());
      ASSERT_FALSE(verdicts.empty()) << c.rule << "/" << c.name
                                     << " expects nothing of a unit of its rule (expect.units)";
      std::string kind = "other";
      for (const std::string_view k : {"fails", "not-given", "partial", "empty"})
        if (c.name == k || c.name.starts_with(std::string(k) + "-")) kind = k;
      const auto only = [&](std::initializer_list<std::string_view> allowed) {
        return std::all_of(verdicts.begin(), verdicts.end(), [&](const std::string& v) {
          return std::find(allowed.begin(), allowed.end(), v) != allowed.end();
        });
      };
      if (kind == "fails") {
        EXPECT_TRUE(verdicts.contains("fail")) << c.rule << "/" << c.name;
      } else if (kind == "not-given") {
        EXPECT_TRUE(only({"not_assessed", "fail"})) << c.rule << "/" << c.name;
      } else if (kind == "partial") {
        EXPECT_TRUE(only({"inconclusive", "fail"})) << c.rule << "/" << c.name;
      } else {
        EXPECT_FALSE(verdicts.contains("fail") && rule.empty != Verdict::fail) << c.rule << "/" << c.name;
      }
      if (kind == "empty") {
        const auto judged = judge_case(c, alone(*set, rule));
        if (judged)
          for (const UnitVerdict& u : judged->units)
            if (own.contains(u.unit)) {
              EXPECT_TRUE(u.entries.empty()) << c.rule << "/" << c.name << ": " << explain(u);
            }
      }
      kinds.insert(kind);
    }
    const auto must = [&](bool needed, const char* kind) {
      if (needed) {
        EXPECT_TRUE(kinds.contains(kind)) << rule.name << " has no case `" << kind << "` (tests/cases/judge/README.md)";
      }
    };
    must(!rule.fail.empty() || !rule.missing.empty() || rule.delegate, "fails");
    must(true, "other");
    must(!rule.claims.empty(), "not-given");
    must(std::any_of(rule.needs.begin(), rule.needs.end(), [](const Need& n) { return !n.optional; }), "partial");
    must(!rule.over.empty() || rule.delegate, "empty");
  }
}

}  // namespace
}  // namespace assay::judge
