// Sheets of EN 303 645 and TS 103 701: provisions, clauses, cases, units and IXIT tables of one edition or of both.
#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "app/standards_sheets.h"
#include "base/text.h"
#include "catalogue/details.h"
#include "evidence/claims.h"
#include "judge/rule.h"

namespace assay::app {
namespace {

using catalogue::Case;
using catalogue::Edition;
using catalogue::Provision;
using catalogue::Unit;
using std::string;
using std::string_view;

string v(const Edition& e) { return "V" + e.en; }
string ts(const Edition& e) { return "V" + e.ts; }
string en_id(const Edition& e, string_view id) { return fmt::format("en303645:{}:{}", e.en, id); }
string ts_id(const Edition& e, string_view id) { return fmt::format("ts103701:{}:{}", e.ts, id); }

string clause_title(const Edition& e, string_view clause) {
  for (const catalogue::Reference& c : e.clauses)
    if (c.ref == clause) return c.text;
  return {};
}

// "(5)" and "(15)" in front of the words of each condition.
string conditions(const Edition& e, const Provision& p) {
  std::vector<string> out;
  const auto add = [&](const std::vector<string>& refs, const std::vector<catalogue::Reference>& known) {
    for (const string& ref : refs)
      for (const catalogue::Reference& k : known)
        if (k.ref == ref) out.push_back(fmt::format("({}) {}", ref, k.text));
  };
  add(p.conditions, e.conditions);
  add(p.features, e.features);
  return join(out, "; and ");
}

string edition_words(const Editions& in) {
  std::vector<string> names;
  for (const Edition* e : in) names.push_back(v(*e));
  return join(names, " and ");
}

SheetRow unit_row(const Unit& u, const judge::RuleSet& rules, const string& editions) {
  const judge::Rule* rule = rules.for_unit(u.id);
  const string by = rule != nullptr ? fmt::format("; rule {}", rule->name) : "";
  return {"." + u.short_id.substr(u.short_id.rfind('.') + 1),
          fmt::format("{}, {}{}", u.verb, replace_all(u.decide, "_", " "), by),
          {{"id", u.id},
           {"editions", editions},
           {"verb", u.verb},
           {"decide", u.decide},
           {"asks", u.asks},
           {"rule", rule != nullptr ? rule->name : ""}},
          1};
}

void add_cases(Sheet& sheet, const string& provision, const Editions& editions, const judge::RuleSet& rules) {
  string before;
  for (const Edition* e : editions) {
    std::vector<SheetRow> out;
    for (const Case& c : e->cases) {
      if (c.provision != provision) continue;
      out.push_back({c.id,
                     fmt::format("{}: {}", c.kind, c.title),
                     {{"id", ts_id(*e, c.id)}, {"kind", c.kind}, {"title", c.title}},
                     0});
      for (const string& id : c.units)
        if (const Unit* u = e->unit(id)) out.push_back(unit_row(*u, rules, ts(*e)));
    }
    string words;
    for (const SheetRow& row : out) words += row.head + row.body + "\n";
    // What both editions have alike is printed once.
    const bool again = words == before;
    before = words;
    sheet.rows("tested_by_" + replace_all(e->ts, ".", "_"), again ? "" : "test " + ts(*e), std::move(out));
    if (again) sheet.text("", "test " + ts(*e), "the same");
  }
}

Result<Sheet> provision_sheet(const string& id, const Editions& in, const catalogue::Details& details,
                              const judge::RuleSet& rules) {
  const Edition& newest = *in.back();
  const Provision& p = *newest.provision(id);
  Sheet s;
  s.id = in.size() == 1 ? en_id(newest, id) : "en303645:" + id;
  s.kind = "provision";
  s.title = p.title;
  s.place =
      fmt::format("ETSI EN 303 645 {}, clause {} {}", edition_words(in), p.clause, clause_title(newest, p.clause));
  const bool alike =
      std::all_of(in.begin(), in.end(), [&](const Edition* e) { return e->provision(id)->asks == p.asks; });
  std::vector<string> ids;
  for (const Edition* e : in) {
    const Provision& one = *e->provision(id);
    ids.push_back(en_id(*e, id));
    if (!alike || e == in.front())
      s.text(alike ? "asks" : "asks_" + replace_all(e->en, ".", "_"), alike ? "asks" : "asks " + v(*e), one.asks);
  }
  for (const Edition* e : in) {
    const Provision& one = *e->provision(id);
    const string when = conditions(*e, one);
    s.text("status_" + replace_all(e->en, ".", "_"), v(*e),
           fmt::format("{} {}{}", status_printed(one), one.mandatory ? "mandatory" : "recommended",
                       when.empty() ? "" : ", where " + when) +
               (one.ics_row ? "" : "; the ICS of this edition has no row for it"));
  }
  if (const catalogue::ProvisionNotes* n = details.provision(id)) {
    s.list("applies_to", "applies to", n->applies_to);
    if (n->change != catalogue::Change::none)
      s.text("change_in_3_1_3", "in V3.1.3", n->what.empty() ? string(catalogue::name(n->change)) : n->what);
    s.list("replaces", "replaces", n->replaces);
    s.list("replaced_by", "replaced by", n->replaced_by);
    s.text("note", "note", n->note);
  }
  std::vector<string> traps;
  for (const char* standard : {"en303645", "ts103701"})
    for (const catalogue::Note& n : ASSAY_TRY(catalogue::standard(standard))->notes)
      if (std::find(n.about.begin(), n.about.end(), id) != n.about.end()) traps.push_back(n.text);
  s.list("traps", "mind", std::move(traps));
  s.text("test_group_note", "test group", string(details.group(id)));
  add_cases(s, id, in, rules);
  s.rows("needed_by", "needed by", ASSAY_TRY(needed_by(ids)));
  ASSAY_TRY(join_others(s, ids));
  s.text("", "how to", "assay guide " + id);
  s.backing(p.confidence, p.source);
  return s;
}

Result<Sheet> clause_sheet(const string& clause, const Editions& in) {
  Sheet s;
  s.kind = "clause";
  s.id = in.size() == 1 ? en_id(*in.front(), clause) : "en303645:" + clause;
  for (const Edition* e : in) {
    s.title = clause_title(*e, clause);
    std::vector<SheetRow> out;
    std::size_t cases = 0, units = 0;
    for (const Provision& p : e->provisions) {
      if (p.clause != clause) continue;
      out.push_back({p.id,
                     report::pad(status_printed(p), 13) + p.title,
                     {{"id", en_id(*e, p.id)}, {"status", status_printed(p)}, {"title", p.title}, {"asks", p.asks}},
                     0});
      for (const Case& c : e->cases)
        if (c.provision == p.id) {
          ++cases;
          units += c.units.size();
        }
    }
    s.rows("provisions_" + replace_all(e->en, ".", "_"), v(*e), std::move(out));
    s.text("tests_" + replace_all(e->ts, ".", "_"), "test " + ts(*e), fmt::format("{} cases, {} units", cases, units));
  }
  s.place = "ETSI EN 303 645 " + edition_words(in);
  std::vector<SheetRow> guidelines;
  for (const catalogue::Part& p : ASSAY_TRY(catalogue::standard("uk-cop"))->parts)
    if (std::find(p.clauses.begin(), p.clauses.end(), clause) != p.clauses.end())
      guidelines.push_back({p.id, p.title, {{"id", p.id}, {"title", p.title}}, 0});
  s.rows("uk_guidelines", "UK guideline", std::move(guidelines));
  return s;
}

Result<Sheet> case_sheet(const Case& c, const Editions& in, const catalogue::Details& details,
                         const judge::RuleSet& rules) {
  const Edition& e = *in.back();
  Sheet s;
  s.id = in.size() == 1 ? ts_id(e, c.id) : "ts103701:" + c.id;
  s.kind = "case";
  s.title = c.title;
  std::vector<string> names;
  for (const Edition* one : in) names.push_back(ts(*one));
  s.place = fmt::format("ETSI TS 103 701 {}, test group {}, {}", join(names, " and "), c.provision, c.kind);
  s.text("provision", "provision", c.provision);
  s.text("passes", "passes when", c.one_suffices ? "one sound entry is enough" : "every entry in scope is sound");
  for (const Edition* one : in) {
    const Case& here = *one->test_case(c.id);
    if (one == in.front() || here.ixit != in.front()->test_case(c.id)->ixit)
      s.list("ixit_" + replace_all(one->ts, ".", "_"), in.size() > 1 ? "reads " + ts(*one) : "reads", here.ixit);
  }
  if (const catalogue::CaseNotes* n = details.test_case(c.id, e.ts)) {
    s.text("verdict_note", "verdict", n->verdict_note);
    s.text("automatable", "software", fmt::format("decides it: {}. {}", n->automatable, n->note));
    s.list("artefacts", "needs", n->artefacts);
    s.list("delegates_to", "delegates to", n->delegates_to);
    s.list("successors", "in V2.1.1", n->successors);
    s.text("printed_id", "printed as", n->printed_id);
  }
  s.text("test_group_note", "test group", string(details.group(c.provision)));
  for (const Edition* one : in) {
    std::vector<SheetRow> out;
    for (const string& id : one->test_case(c.id)->units) {
      const Unit* u = one->unit(id);
      SheetRow row = unit_row(*u, rules, ts(*one));
      row.body += ": " + u->asks;
      row.indent = 0;
      out.push_back(std::move(row));
    }
    s.rows("units_" + replace_all(one->ts, ".", "_"), "units " + ts(*one), std::move(out));
  }
  s.backing(c.confidence, c.source);
  return s;
}

void add_rule(Sheet& s, const judge::Rule* rule) {
  if (rule == nullptr) {
    s.text("rule", "rule", "none yet: a person decides");
    return;
  }
  s.text("rule", "rule",
         fmt::format("{} ({}); can pass: {}. {}", rule->name, rule->where, judge::name(rule->pass), rule->asks));
}

Result<Sheet> unit_sheet(const Unit& u, const Editions& in, const catalogue::Details& details,
                         const judge::RuleSet& rules) {
  const Edition& e = *in.back();
  Sheet s;
  s.id = in.size() == 1 ? ts_id(e, u.short_id) : "ts103701:" + u.short_id;
  s.kind = "unit";
  std::vector<string> names;
  for (const Edition* one : in) names.push_back(ts(*one));
  s.title = fmt::format("test unit, {}, {}", u.kind, u.verb);
  s.place = fmt::format("ETSI TS 103 701 {}, case {}, provision {}", join(names, " and "), u.case_id, u.provision);
  s.text("asks", "asks", u.asks);
  s.text("pass_when", "passes when", u.pass_when);
  s.text("verb", "", u.verb);
  s.text("test_kind", "", u.kind);
  s.text("over", "for each", u.over);
  s.list("scope", "of these", u.scope);
  for (const Edition* one : in) {
    const Unit& here = *one->unit(u.short_id);
    if (one == in.front() || here.reads != in.front()->unit(u.short_id)->reads)
      s.list("reads_" + replace_all(one->ts, ".", "_"), in.size() > 1 ? "reads " + ts(*one) : "reads", here.reads);
  }
  s.text(
      "decide", "decided by",
      fmt::format("{}{}", replace_all(u.decide, "_", " "),
                  u.absence_suffices ? "; that nothing contrary was found is enough where the look was complete" : ""));
  s.list("by_hand", "by hand", u.by_hand);
  s.list("delegates_to", "delegates to", u.delegates_to);
  add_rule(s, rules.for_unit(u.id));
  if (const catalogue::UnitNotes* n = details.unit(u.id)) {
    std::vector<SheetRow> looks;
    for (const catalogue::Look& look : n->looks)
      looks.push_back({look.effect,
                       fmt::format("{} in {}: {}", look.table, look.in, look.what),
                       {{"effect", look.effect}, {"table", look.table}, {"in", look.in}, {"what", look.what}},
                       0});
    s.rows("looks", "facts", std::move(looks));
    s.list("also_useful", "also useful", n->also_useful);
    s.text("after", "after", n->after);
    s.text("other_edition", "other ed.", n->other_edition);
    s.text("note", "note", n->note);
  }
  s.backing(u.confidence, u.source);
  return s;
}

string type_words(const evidence::ClaimField& f) {
  if (f.type == evidence::FieldType::word) return join(f.words, ", ");
  if (f.type == evidence::FieldType::list)
    return "list of " + (f.words.empty() ? string(evidence::name(f.of)) : join(f.words, ", "));
  return string(evidence::name(f.type));
}

Result<Sheet> table_sheet(const evidence::ClaimTable& t, const Editions& editions, const catalogue::Details& details) {
  Sheet s;
  Editions in;
  for (const Edition* e : editions)
    if (t.in(e->ts)) in.push_back(e);
  s.kind = "ixit";
  s.id = "IXIT " + t.label();
  s.title = t.about;
  std::vector<string> names, called;
  for (const Edition* e : in) {
    names.push_back(ts(*e));
    const string name = fmt::format("{}-{}", t.number, t.name(e->ts));
    if (std::find(called.begin(), called.end(), name) == called.end()) called.push_back(name);
  }
  s.place = fmt::format("ETSI TS 103 701 {}, {}", join(names, " and "), t.list ? "list of entries" : "one form");
  const catalogue::TableNotes* n = details.table(t.label());
  for (const evidence::ClaimTable& other : evidence::claim_schema())  // 15 and 28: noted under the first name
    if (n == nullptr && other.number == t.number) n = details.table(other.label());
  if (n != nullptr) s.text("about", "holds", n->about);
  if (called.size() > 1) s.list("names", "named", called);
  s.text("table", "table", t.table);
  s.text("view", "rules read", t.view);
  std::vector<SheetRow> standards, ours;
  for (const evidence::ClaimField& f : t.fields) {
    const string only = f.editions.empty() ? "" : "only V" + join(f.editions, ", V");
    if (!f.name.empty() || !f.name_v2.empty())
      standards.push_back(
          {f.name_v2.empty() ? f.name : f.name + " / " + f.name_v2,
           only,
           {{"key", f.key}, {"name", f.name}, {"name_2_1_1", f.name_v2}, {"editions", join(f.editions, ", ")}},
           0});
    else
      ours.push_back({f.key,
                      fmt::format("{}{}", f.about,
                                  f.type == evidence::FieldType::flag ? " (yes or no)" : " (" + type_words(f) + ")"),
                      {{"key", f.key},
                       {"type", string(evidence::name(f.type))},
                       {"words", join(f.words, ", ")},
                       {"about", f.about}},
                      0});
  }
  s.rows("fields", "its fields", std::move(standards));
  s.rows("coded", "our fields", std::move(ours));
  for (const Edition* e : in) {
    const string name = fmt::format("{}-{}", t.number, t.name(e->ts));
    std::vector<string> cases;
    for (const Case& c : e->cases)
      if (std::find(c.ixit.begin(), c.ixit.end(), name) != c.ixit.end()) cases.push_back(c.id);
    s.list("cases_" + replace_all(e->ts, ".", "_"), "cases " + ts(*e), cases);
  }
  if (n != nullptr) s.backing(n->backing);
  return s;
}

// "IXIT 7", "7", "7-UpdMech", "UpdMech", "ixit_7", "IXIT 7-UpdMech".
std::vector<const evidence::ClaimTable*> tables_named(string_view id) {
  string word = lower(id);
  if (word.starts_with("ixit ") || word.starts_with("ixit_")) word = word.substr(5);
  std::vector<const evidence::ClaimTable*> out;
  if (word.empty()) return out;
  for (const evidence::ClaimTable& t : evidence::claim_schema()) {
    const string number = std::to_string(t.number);
    for (const string& name : {t.name_v1, t.name_v2}) {
      if (name.empty()) continue;
      if (word == lower(name) || word == number + "-" + lower(name) || (word == number && id.size() > word.size()) ||
          "ixit_" + word == t.table) {
        out.push_back(&t);
        break;
      }
    }
  }
  return out;
}

// One sheet for the editions whose record is the same, else one each.
template <class T>
std::vector<Editions> alike(const Editions& editions, const std::function<const T*(const Edition&)>& find,
                            const std::function<bool(const T&, const T&)>& same) {
  std::vector<Editions> out;
  for (const Edition* e : editions) {
    const T* here = find(*e);
    if (here == nullptr) continue;
    bool joined = false;
    for (Editions& group : out)
      if (same(*find(*group.front()), *here)) {
        group.push_back(e);
        joined = true;
      }
    if (!joined) out.push_back({e});
  }
  return out;
}

}  // namespace

string status_printed(const Provision& p) {
  string out = p.mandatory ? "M" : "R";
  if (!p.conditions.empty()) out += " C";
  if (!p.features.empty()) out += " F";
  std::vector<string> refs = p.conditions;
  refs.insert(refs.end(), p.features.begin(), p.features.end());
  return refs.empty() ? out : out + " (" + join(refs, ", ") + ")";
}

Result<std::vector<Sheet>> etsi_sheets(string_view asked, const Editions& editions) {
  string id(asked);
  if (id.starts_with("TG ")) id = id.substr(3);
  const catalogue::Details& details = *ASSAY_TRY(catalogue::details());
  std::vector<Sheet> out;
  Editions with;
  for (const Edition* e : editions)
    if (e->provision(id) != nullptr) with.push_back(e);
  if (!with.empty()) {
    const judge::RuleSet rules = ASSAY_TRY(judge::load_rules());
    out.push_back(ASSAY_TRY(provision_sheet(id, with, details, rules)));
    return out;
  }
  for (const Edition* e : editions)
    if (!clause_title(*e, id).empty()) with.push_back(e);
  if (!with.empty()) {
    out.push_back(ASSAY_TRY(clause_sheet(id, with)));
    return out;
  }
  for (const evidence::ClaimTable* t : tables_named(id))
    if (std::any_of(editions.begin(), editions.end(), [&](const Edition* e) { return t->in(e->ts); }))
      out.push_back(ASSAY_TRY(table_sheet(*t, editions, details)));
  if (!out.empty()) return out;
  // "5.1-1-1.a@V1.1.1" names its edition itself.
  const std::size_t at = id.find('@');
  const auto wanted = [&](const Edition& e) { return at == string::npos || id.substr(at) == "@V" + e.ts; };
  const string bare = id.substr(0, at);
  const auto find_case = [&](const Edition& e) { return wanted(e) ? e.test_case(bare) : nullptr; };
  const auto find_unit = [&](const Edition& e) { return wanted(e) ? e.unit(bare) : nullptr; };
  const auto cases = alike<Case>(editions, find_case, [](const Case& a, const Case& b) {
    return a.title == b.title && a.kind == b.kind && a.source == b.source;
  });
  const auto units = alike<Unit>(editions, find_unit, [](const Unit& a, const Unit& b) { return a.id == b.id; });
  if (cases.empty() && units.empty()) return out;
  const judge::RuleSet rules = ASSAY_TRY(judge::load_rules());
  for (const Editions& group : cases)
    out.push_back(ASSAY_TRY(case_sheet(*group.back()->test_case(bare), group, details, rules)));
  for (const Editions& group : units)
    out.push_back(ASSAY_TRY(unit_sheet(*group.back()->unit(bare), group, details, rules)));
  return out;
}

Result<Sheet> etsi_standard(const catalogue::Standard& standard, const Editions& editions) {
  Sheet s;
  s.id = standard.id;
  s.kind = "standard";
  s.title = standard.name;
  const bool en = standard.id == "en303645";
  std::vector<SheetRow> dates;
  for (const catalogue::Published& p : standard.editions)
    dates.push_back({"V" + p.edition,
                     fmt::format("{}{}", p.date ? p.date->text : "", p.note.empty() ? "" : ", " + p.note),
                     {{"edition", p.edition}, {"date", p.date ? p.date->text : ""}, {"note", p.note}, {"url", p.url}},
                     0});
  s.rows("editions", "editions", std::move(dates));
  for (const Edition* e : editions) {
    std::vector<SheetRow> out;
    for (const catalogue::Reference& c : e->clauses) {
      std::size_t provisions = 0, cases = 0, units = 0;
      for (const Provision& p : e->provisions)
        if (p.clause == c.ref) ++provisions;
      for (const Case& k : e->cases)
        if (const Provision* p = e->provision(k.provision); p != nullptr && p->clause == c.ref) {
          ++cases;
          units += k.units.size();
        }
      out.push_back(
          {c.ref,
           fmt::format("{} ({})", c.text,
                       en ? fmt::format("{} provisions", provisions) : fmt::format("{} cases, {} units", cases, units)),
           {{"clause", c.ref},
            {"title", c.text},
            {"provisions", std::to_string(provisions)},
            {"cases", std::to_string(cases)},
            {"units", std::to_string(units)}},
           0});
    }
    const string tag = replace_all(en ? e->en : e->ts, ".", "_");
    s.rows("clauses_" + tag, en ? v(*e) : ts(*e), std::move(out));
    if (!en) continue;
    std::vector<SheetRow> refs;
    for (const auto* list : {&e->conditions, &e->features})
      for (const catalogue::Reference& r : *list)
        refs.push_back({"(" + r.ref + ")", r.text, {{"ref", r.ref}, {"text", r.text}}, 0});
    s.rows("conditions_" + tag, "conditions", std::move(refs));
  }
  if (!en) {
    std::vector<SheetRow> tables;
    for (const evidence::ClaimTable& t : evidence::claim_schema())
      if (std::any_of(editions.begin(), editions.end(), [&](const Edition* e) { return t.in(e->ts); }))
        tables.push_back({t.label(), t.about, {{"table", t.label()}, {"about", t.about}}, 0});
    s.rows("ixit_tables", "IXIT tables", std::move(tables));
  }
  return s;
}

}  // namespace assay::app
