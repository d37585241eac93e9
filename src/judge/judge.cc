#include "judge/judge.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "evidence/claims.h"
#include "judge/unit.h"

namespace assay::judge {
namespace {

using evidence::Evidence;
using evidence::Row;

struct IcsAnswer {
  std::string support, detail, id;
};

std::map<std::string, IcsAnswer, std::less<>> ics_answers(const Evidence& evidence, std::string_view ts_edition) {
  std::map<std::string, IcsAnswer, std::less<>> out;
  for (const Row& row : evidence.rows("ics")) {
    const auto text = [&](std::string_view c) { return Evidence::text("ics", row, c); };
    if (text("edition") != ts_edition) continue;
    const auto [it, fresh] = out.emplace(text("provision"), IcsAnswer{text("support"), text("detail"), text("id")});
    if (!fresh && it->second.support != text("support")) it->second.support.clear();  // two answers are none
  }
  return out;
}

// Units of a case that want one sound entry: all units of the same entry are folded first, then the best entry counts.
// Only entries that every one of these units judged are candidates.
Verdict one_for_all(const std::vector<const JudgedUnit*>& units) {
  std::vector<Verdict> entries, whole;
  for (const JudgedUnit* u : units) whole.push_back(u->out.value);
  for (const EntryVerdict& candidate : units.front()->out.entries) {
    std::vector<Verdict> same;
    for (const JudgedUnit* u : units)
      for (const EntryVerdict& e : u->out.entries)
        if (e.entry == candidate.entry) same.push_back(e.value);
    if (same.size() == units.size()) entries.push_back(fold(same));
  }
  if (!entries.empty()) return best(entries);
  const Verdict v = fold(whole);
  return v == Verdict::pass && units.size() > 1 ? Verdict::inconclusive
                                                : v;  // sound here, sound there, but nowhere both
}

Verdict fold_case(const std::vector<const JudgedUnit*>& units) {
  std::vector<Verdict> members;
  std::vector<const JudgedUnit*> one;
  for (const JudgedUnit* u : units)
    if (u->every_one)
      one.push_back(u);
    else
      members.push_back(u->out.value);
  if (!one.empty()) members.push_back(one_for_all(one));
  return fold(members);
}

bool is_fact(std::string_view table) {
  const evidence::Table* t = evidence::find_table(table);
  return t != nullptr && t->kind == evidence::Kind::fact;
}

class Folder {
 public:
  Folder(UnitJudge& units, const Evidence& evidence, const catalogue::Edition& edition)
      : units_(units), edition_(edition), ics_(ics_answers(evidence, edition.ts)) {}

  void run(Judgement& out) {
    for (const catalogue::Unit& u : edition_.units) {
      const JudgedUnit& judged = units_.judge(u);
      by_case_[u.case_id].push_back(&judged);
      out.units.push_back(judged.out);
    }
    for (const catalogue::Case& c : edition_.cases) {
      CaseVerdict v;
      v.id = "ts103701:" + edition_.ts + ":" + c.id;
      v.case_id = c.id;
      v.provision = c.provision;
      v.method = c.kind;
      v.units = c.units;
      // A unit that the case names and the catalogue does not have counts as not assessed.
      const auto& judged = by_case_[c.id];
      v.value = fold_case(judged);
      if (judged.size() < c.units.size()) v.value = fold(v.value, Verdict::not_assessed);
      out.cases.push_back(std::move(v));
    }
    for (const catalogue::Provision& p : edition_.provisions) out.provisions.push_back(provision(p, out));
    contradictions(out);
    fixes(out);
  }

 private:
  ProvisionVerdict provision(const catalogue::Provision& p, const Judgement& so_far) {
    ProvisionVerdict v;
    v.id = "en303645:" + edition_.en + ":" + p.id;
    v.provision = p.id;
    v.clause = p.clause;
    v.title = p.title;
    v.asks = p.asks;
    v.mandatory = p.mandatory;
    std::vector<Verdict> cases;
    for (const CaseVerdict& c : so_far.cases)
      if (c.provision == p.id) {
        cases.push_back(c.value);
        v.cases.push_back(c.case_id);
      }
    v.group = fold(cases);
    v.value = v.group;
    v.reason = decided_by(p.id, v.group);
    if (!p.ics_row) return v;

    IcsRow row;
    row.mandatory = p.mandatory;
    row.conditional = p.conditional();
    if (const auto it = ics_.find(p.id); it != ics_.end()) {
      v.ics = it->second.support;
      v.ics_detail = it->second.detail;
    }
    // Row by row: what is still open elsewhere in the statement takes no answer back.
    row.support = v.ics;
    row.reason = !trim(v.ics_detail).empty();
    std::string condition;
    std::vector<Finding> against;
    bool looked = true;
    if (row.conditional) row.condition = state_of(p, condition, against, looked);
    row.fact_against = !against.empty() || !looked;  // a look that did not end may have hidden one
    const auto decided = ics_verdict(row);
    if (decided) {
      v.value = *decided;
      v.reason = reason(row, v, condition, against);
    }
    if (row.support == "N/A" && row.conditional && row.condition != Met::open &&
        (row.condition == Met::met || !against.empty())) {
      Contradiction c;
      c.provision = p.id;
      c.claimed = p.id + " does not apply" + (v.ics_detail.empty() ? "" : ": " + v.ics_detail);
      c.observed = row.condition == Met::met ? condition : against.front().why;
      c.verdict = v.value;
      if (row.condition != Met::met)
        for (const Finding& f : against) c.rows.emplace_back(f.table, f.id);
      ics_contradictions_.push_back(std::move(c));
    }
    return v;
  }

  // All must hold: one that is unmet is enough for the row not to apply.
  Met state_of(const catalogue::Provision& p, std::string& why, std::vector<Finding>& against, bool& looked) {
    Met out = Met::met;
    std::vector<std::string> refs = p.conditions;
    refs.insert(refs.end(), p.features.begin(), p.features.end());
    const UnitJudge::ConditionState* unmet = nullptr;  // the one that stands best: no fact against it, and looked at
    const auto doubts = [](const UnitJudge::ConditionState& s) { return s.contrary.empty() ? (s.looked ? 0 : 1) : 2; };
    for (const std::string& ref : refs) {
      const UnitJudge::ConditionState& s = units_.condition(ref);
      if (s.met == Met::unmet) {
        if (unmet == nullptr || doubts(s) < doubts(*unmet)) unmet = &s;
      } else if (s.met == Met::open && out == Met::met) {
        out = Met::open;
        why = s.why;
      } else if (out == Met::met) {
        why = s.why;
      }
    }
    if (unmet == nullptr) return out;
    why = unmet->why;
    against = unmet->contrary;
    looked = unmet->looked;
    return Met::unmet;
  }

  static std::string reason(const IcsRow& row, const ProvisionVerdict& v, const std::string& condition,
                            const std::vector<Finding>& against) {
    const auto with = [](std::string a, const std::string& b) { return b.empty() ? a : a + ": " + b; };
    if (row.support == "N")
      return with(v.value == Verdict::fail          ? "Declared as not met"
                  : v.value == Verdict::not_claimed ? "Not claimed"
                                                    : "Declared as not met, without a reason",
                  v.value == Verdict::inconclusive && !row.reason ? ""
                  : v.value == Verdict::inconclusive              ? condition
                                                                  : v.ics_detail);
    if (row.support == "N/A") {
      if (!row.conditional) return "Declared as not applicable, but it has no condition";
      if (v.value == Verdict::not_applicable) return with("Does not apply", condition);
      if (row.condition == Met::unmet && !against.empty())
        return "Declared as not applicable, but what was found says that it applies";
      if (row.condition == Met::unmet)
        return "Declared as not applicable, but what could contradict it was not looked at to the end";
      return with("Declared as not applicable", condition);
    }
    return "Not answered in the conformance statement";
  }

  std::string decided_by(const std::string& provision, Verdict value) const {
    for (const catalogue::Unit& u : edition_.units) {
      if (u.provision != provision) continue;
      const UnitVerdict& judged = units_.judge(u).out;
      if (judged.value == value) return u.short_id + ": " + judged.reason;
    }
    return value == Verdict::not_assessed ? "Nothing tests it yet" : "By its test cases together";
  }

  void contradictions(Judgement& out) {
    std::map<std::string, Verdict, std::less<>> provisions;
    for (const ProvisionVerdict& p : out.provisions) provisions[p.provision] = p.value;
    std::vector<Contradiction> persons, rows;
    std::set<std::tuple<std::string, std::string, std::string, std::string>> seen;
    for (const catalogue::Unit& u : edition_.units) {
      const JudgedUnit& judged = units_.judge(u);
      const auto base = [&] {
        Contradiction c;
        c.unit = u.short_id;
        c.provision = u.provision;
        c.verdict = provisions[u.provision];
        return c;
      };
      const auto person = [&](const PersonVerdict& p, Verdict machine, const std::string& title) {
        const bool disagree =
            !p.stale && p.value != Verdict::inconclusive && p.value != machine &&
            (machine == Verdict::pass || machine == Verdict::fail || machine == Verdict::not_applicable);
        if (!disagree) return;
        Contradiction c = base();
        c.claimed = p.by + " says " + std::string(words(p.value)) + (title.empty() ? "" : " of " + title) +
                    (p.reason.empty() ? "" : ": " + p.reason);
        c.observed = "The rule says " + std::string(words(machine));
        for (const Finding& f : judged.out.findings)
          if (f.role == Finding::Role::fail || f.role == Finding::Role::missing) {
            if (c.rows.empty()) c.observed += ": " + f.why;
            c.rows.emplace_back(f.table, f.id);
          }
        persons.push_back(std::move(c));
      };
      if (judged.out.entries.empty() && judged.out.person) person(*judged.out.person, judged.out.machine, "");
      for (const EntryVerdict& e : judged.out.entries)
        if (e.person) person(*e.person, e.machine, e.title.empty() ? e.entry : e.title);
      if (judged.rule == nullptr) continue;
      for (const Finding& f : judged.out.findings) {
        const bool against_claim = f.role == Finding::Role::doubt ||
                                   (f.role == Finding::Role::fail && !judged.rule->claims.empty() && is_fact(f.table));
        // What is still to be said is no claim that anything could contradict.
        if (f.role == Finding::Role::doubt && !is_fact(f.table) && !judged.out.not_given.empty()) continue;
        if (!against_claim || !seen.emplace(u.provision, f.table, f.id, f.why).second) continue;
        Contradiction c = base();
        std::string title = f.entry;
        for (const EntryVerdict& e : judged.out.entries)
          if (e.entry == f.entry && !e.title.empty()) title = e.title;
        c.claimed = (title.empty() ? "" : title + ": ") + judged.out.asks;
        c.observed = f.why;
        c.rows.emplace_back(f.table, f.id);
        rows.push_back(std::move(c));
      }
    }
    std::stable_sort(rows.begin(), rows.end(), [](const Contradiction& a, const Contradiction& b) {
      return (a.verdict == Verdict::fail) > (b.verdict == Verdict::fail);
    });
    for (auto* list : {&persons, &ics_contradictions_, &rows})
      for (Contradiction& c : *list) out.contradictions.push_back(std::move(c));
  }

  static void fixes(Judgement& out) {
    std::map<std::string, Fix> by_mend;
    std::map<std::string, Verdict, std::less<>> provisions;
    for (const ProvisionVerdict& p : out.provisions) provisions[p.provision] = p.value;
    const auto gather = [&](const UnitVerdict& u, Verdict provision, bool doubts) {
      for (const Finding& f : u.findings) {
        const bool fails = f.role == Finding::Role::fail || f.role == Finding::Role::missing;
        if (f.mend.empty() || (doubts ? f.role != Finding::Role::doubt : !fails)) continue;
        Fix& fix = by_mend[f.mend];
        // What mends a doubt does not mend a failing provision: beside rows that fail it must not seem to.
        if (doubts && provision == Verdict::fail && !fix.rows.empty() && fix.rows.front().role != Finding::Role::doubt)
          continue;
        fix.mend = f.mend;
        if (std::none_of(fix.rows.begin(), fix.rows.end(),
                         [&](const Finding& g) { return g.table == f.table && g.id == f.id; }))
          fix.rows.push_back(f);
        if (std::find(fix.provisions.begin(), fix.provisions.end(), u.provision) == fix.provisions.end())
          fix.provisions.push_back(u.provision);
      }
    };
    for (const bool doubts : {false, true})
      for (const UnitVerdict& u : out.units) {
        const Verdict p = provisions[u.provision];
        if (u.value == Verdict::pass || p == Verdict::not_claimed || p == Verdict::not_applicable) continue;
        if (doubts ? u.value == Verdict::not_applicable : u.value != Verdict::fail && u.machine != Verdict::fail)
          continue;
        gather(u, p, doubts);
      }
    for (auto& [mend, fix] : by_mend) {
      std::sort(fix.provisions.begin(), fix.provisions.end(),
                [](const auto& a, const auto& b) { return natural_less(a, b); });
      out.fixes.push_back(std::move(fix));
    }
    std::stable_sort(out.fixes.begin(), out.fixes.end(), [](const Fix& a, const Fix& b) {
      if (a.only_doubts() != b.only_doubts()) return b.only_doubts();
      return a.provisions != b.provisions && natural_less(a.provisions.front(), b.provisions.front());
    });
  }

  UnitJudge& units_;
  const catalogue::Edition& edition_;
  std::map<std::string, IcsAnswer, std::less<>> ics_;
  std::map<std::string, std::vector<const JudgedUnit*>, std::less<>> by_case_;
  std::vector<Contradiction> ics_contradictions_;
};

}  // namespace

Result<Judgement> judge(const Evidence& evidence, const catalogue::Edition& edition, const RuleSet& rules,
                        const JudgeOptions& options) {
  UnitJudge units = ASSAY_TRY(UnitJudge::open(evidence, edition, rules, options));
  Judgement out;
  out.rules_digest = rules.digest;
  Folder(units, evidence, edition).run(out);
  return out;
}

}  // namespace assay::judge
