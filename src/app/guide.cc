#include "app/guide.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/json.h"
#include "base/text.h"
#include "catalogue/catalogue.h"
#include "catalogue/details.h"
#include "catalogue/guide.h"
#include "judge/rule.h"

namespace assay::app {
namespace {

using catalogue::Case;
using catalogue::Edition;
using catalogue::GuideClause;
using catalogue::GuideEntry;
using catalogue::Provision;
using catalogue::Unit;
using report::wrapped;
using std::string;
using std::string_view;

constexpr std::size_t kLabel = 10;

struct Seen {  // by assay, of one provision's units
  std::size_t units = 0, with_rule = 0, can_pass = 0, asks_person = 0;
  std::vector<const judge::Rule*> rules;
  std::map<string, std::set<string>> reads;  // source → tables
  std::vector<string> without_rule;          // units
};

struct Screen {
  const Edition* edition;
  const Provision* provision;
  const GuideEntry* entry;
  std::vector<const Case*> cases;
  std::vector<string> ixit;  // in the order of the standard
  const catalogue::ProvisionNotes* notes;
  Seen seen;
};

void see(const judge::RuleSet& rules, const Unit& unit, Seen& seen) {
  ++seen.units;
  const judge::Rule* rule = rules.for_unit(unit.id);
  if (rule == nullptr) {
    seen.without_rule.push_back(unit.short_id);
    return;
  }
  ++seen.with_rule;
  if (rule->pass != judge::Pass::never) ++seen.can_pass;
  if (rule->ask) ++seen.asks_person;
  if (std::find(seen.rules.begin(), seen.rules.end(), rule) == seen.rules.end()) seen.rules.push_back(rule);
  for (const judge::Need& need : rule->needs)
    if (need.concerns(unit.id)) seen.reads[need.source].insert(need.table);
  for (const string& claim : rule->claims) seen.reads["dossier"].insert(claim);
}

Result<Screen> screen_of(const Edition& edition, const Provision& provision, const judge::RuleSet& rules) {
  Screen s{&edition, &provision, nullptr, {}, {}, nullptr, {}};
  s.entry = ASSAY_TRY(catalogue::guide())->entry(provision.id);
  if (s.entry == nullptr) return fail(Errc::internal, "the guide has no entry for " + provision.id);
  std::set<string> tables;
  for (const Case& c : edition.cases) {
    if (c.provision != provision.id) continue;
    s.cases.push_back(&c);
    tables.insert(c.ixit.begin(), c.ixit.end());
  }
  for (const Unit& u : edition.units)
    if (u.provision == provision.id) see(rules, u, s.seen);
  s.ixit.assign(tables.begin(), tables.end());
  std::sort(s.ixit.begin(), s.ixit.end(), [](const string& a, const string& b) { return natural_less(a, b); });
  s.notes = ASSAY_TRY(catalogue::details())->provision(provision.id);
  return s;
}

string label(string_view name, const report::Terminal& t) {
  return t.bold(name) + string(kLabel > name.size() ? kLabel - name.size() : 1, ' ');
}

string status_text(const Provision& p, const report::Terminal& t) {
  string out = p.mandatory ? "mandatory" : "recommended";
  if (!p.condition.empty()) out += string(t.unicode ? " · " : ", ") + "where " + p.condition;
  return out;
}

// "5.3-2-1 conceptual: a; 5.3-2-2 functional: a b"
string cases_text(const std::vector<const Case*>& cases) {
  std::vector<string> out;
  for (const Case* c : cases) {
    string text = c->id + " " + c->kind + ":";
    for (const string& u : c->units) text += " " + u.substr(u.rfind('.') + 1);
    out.push_back(std::move(text));
  }
  return join(out, "; ");
}

string_view source_words(string_view source) {
  static constexpr std::pair<string_view, string_view> kWords[] = {
      {"dossier", "the dossier"},        {"firmware", "the firmware"},
      {"probe", "a live device"},        {"capture", "a capture"},
      {"batch", "a batch of passwords"}, {"page", "published pages"},
      {"person", "a person's look"},     {"app", "the app"},
      {"document", "documents"}};
  for (const auto& [name, words] : kWords)
    if (name == source) return words;
  return source;
}

string seen_text(const Seen& seen) {
  if (seen.with_rule == 0)
    return fmt::format("No rule yet for its {}: not assessed, until a person's verdict is recorded with assay verdict.",
                       seen.units == 1 ? "unit" : fmt::format("{} units", seen.units));
  string out = seen.units == 1 ? string("A rule for its unit; ")
                               : fmt::format("Rules for {} of {} units; ", seen.with_rule, seen.units);
  if (seen.can_pass == 0)
    out += "they find what contradicts, a person decides the pass.";
  else if (seen.can_pass == seen.with_rule)
    out += "a pass is possible where everything it needs was looked at.";
  else
    out += fmt::format("{} can pass, {} what contradicts.", seen.can_pass,
                       seen.with_rule - seen.can_pass == 1 ? "the other finds" : "the others find");
  if (seen.with_rule == 1 && seen.can_pass == 0)
    out = replace_all(std::move(out), "they find what contradicts", "it finds what contradicts");
  std::vector<string> parts;
  for (const auto& [source, tables] : seen.reads) {
    string part(source_words(source));
    if (source != "dossier")  // its tables are named as IXIT above
      part += " (" + join(std::vector<string>(tables.begin(), tables.end()), ", ") + ")";
    parts.push_back(std::move(part));
  }
  if (!parts.empty()) out += " Facts wanted from " + join(parts, ", ") + ".";
  return out;
}

// What V3.1.3 did to it, where it now asks for something else.
string edition_text(const Screen& s) {
  using enum catalogue::Change;
  if (s.notes == nullptr) return "";
  const catalogue::Change c = s.notes->change;
  return c == changed || c == added || c == dropped || c == renumbered ? s.notes->what : "";
}

string screen_text(const Screen& s, const report::Terminal& t) {
  const string_view dot = t.unicode ? " · " : ", ";
  string out = t.bold(fmt::format("{}  {}", s.provision->id, s.provision->title)) + "\n";
  out += wrapped("", fmt::format("EN 303 645 V{}{}{}", s.edition->en, dot, status_text(*s.provision, t)));
  const string between = edition_text(s);
  if (!between.empty()) out += wrapped("", "V2.1.1 to V3.1.3: " + between);
  out += "\n" + wrapped(label("Wants", t), s.entry->wants) + "\n";
  out += wrapped(label("Pitfalls", t), s.entry->wrong) + "\n";
  for (std::size_t i = 0; i < s.entry->how.size(); ++i)
    out += wrapped((i == 0 ? label("How", t) : string(kLabel, ' ')) + (t.unicode ? "• " : "- "), s.entry->how[i]);
  out += "\n";
  const string tables = s.ixit.empty() ? "the ICS alone" : "IXIT " + join(s.ixit, ", ");
  out += wrapped(label("Tests", t), cases_text(s.cases) + "; " + tables);
  out += wrapped(string(kLabel, ' '), s.entry->lab);
  out += "\n" + wrapped(label("By assay", t), seen_text(s.seen)) + "\n";
  return out + wrapped(label("Today", t), s.entry->first);
}

void screen_json(JsonWriter& w, const Screen& s) {
  w.object().field("id", fmt::format("en303645:{}:{}", s.edition->en, s.provision->id));
  w.field("clause", s.provision->clause).field("title", s.provision->title);
  w.field("status", s.provision->mandatory ? "mandatory" : "recommended").field("condition", s.provision->condition);
  w.field("asks", s.provision->asks).field("wants", s.entry->wants).field("wrong", s.entry->wrong);
  w.key("how").array();
  for (const string& step : s.entry->how) w.value(step);
  w.end_array().key("tested").object().key("cases").array();
  for (const Case* c : s.cases) {
    w.object().field("id", fmt::format("ts103701:{}:{}", s.edition->ts, c->id));
    w.field("kind", c->kind).field("title", c->title).key("units").array();
    for (const string& id : c->units)
      if (const Unit* u = s.edition->unit(id))
        w.object(true)
            .field("id", fmt::format("ts103701:{}:{}", s.edition->ts, u->short_id))
            .field("decide", u->decide)
            .field("asks", u->asks)
            .end_object();
    w.end_array().end_object();
  }
  w.end_array().key("ixit").texts(s.ixit).field("lab", s.entry->lab).end_object();
  w.key("assay").object();
  w.field("units", static_cast<std::uint64_t>(s.seen.units));
  w.field("with_rule", static_cast<std::uint64_t>(s.seen.with_rule));
  w.field("can_pass", static_cast<std::uint64_t>(s.seen.can_pass));
  w.field("asks_a_person", static_cast<std::uint64_t>(s.seen.asks_person));
  w.key("rules").array();
  for (const judge::Rule* r : s.seen.rules)
    w.object(true).field("rule", r->name).field("asks", r->asks).field("pass", judge::name(r->pass)).end_object();
  w.end_array().key("without_rule").texts(s.seen.without_rule).key("reads").object();
  for (const auto& [source, tables] : s.seen.reads)
    w.key(source).texts(std::vector<string>(tables.begin(), tables.end()));
  w.end_object().end_object();
  w.field("first", s.entry->first);
  w.field("between_editions", edition_text(s)).end_object();
}

const string* clause_title(const Edition& e, const GuideClause& c, string* ref) {
  for (const catalogue::Reference& r : e.clauses)
    if (std::find(c.clauses.begin(), c.clauses.end(), r.ref) != c.clauses.end()) {
      *ref = r.ref;
      return &r.text;
    }
  return nullptr;
}

struct Counts {
  std::size_t mandatory = 0, all = 0;
};
Counts counts(const Edition& e, string_view clause) {
  Counts n;
  for (const Provision& p : e.provisions)
    if (p.clause == clause) {
      ++n.all;
      if (p.mandatory) ++n.mandatory;
    }
  return n;
}

string all_text(const Edition& e, const catalogue::Guide& guide, const report::Terminal& t) {
  string out = fmt::format(
      "EN 303 645 V{}: {} provisions, {} of them mandatory (some only where a condition holds)\n\n", e.en,
      e.provisions.size(),
      std::count_if(e.provisions.begin(), e.provisions.end(), [](const Provision& p) { return p.mandatory; }));
  for (const GuideClause& c : guide.clauses) {
    string ref;
    const string* title = clause_title(e, c, &ref);
    if (title == nullptr) continue;
    const Counts n = counts(e, ref);
    out += t.bold(report::pad(ref, 6)) + *title + "\n      " + c.line + "\n      " +
           fmt::format("{} {}, {} mandatory\n", n.all, n.all == 1 ? "provision" : "provisions", n.mandatory);
  }
  out += "\n";
  return out +
         wrapped(
             "",
             "assay guide 5.3 shows a clause, assay guide 5.3-2 one provision. New to this? Begin with 5.1-1, 5.2-1 "
             "and 5.3-13, which the laws ask for first. The guide is our own advice, no part of the standard.");
}

string clause_text(const Edition& e, const GuideClause& c, const report::Terminal& t) {
  string ref;
  const string* title = clause_title(e, c, &ref);
  string out = t.bold(fmt::format("{}  {}", ref, title == nullptr ? string() : *title)) +
               fmt::format("\nEN 303 645 V{}\n\n", e.en) + wrapped("", c.about) + "\n";
  for (const Provision& p : e.provisions) {
    if (p.clause != ref) continue;
    out += wrapped(report::pad(p.id, 9), p.title + " (" + status_text(p, t) + ")");
  }
  return out + fmt::format("\nassay guide {} shows the first of them.\n", [&] {
           for (const Provision& p : e.provisions)
             if (p.clause == ref) return p.id;
           return string("5.1-1");
         }());
}

}  // namespace

Result<string> guide_about(string_view what, string_view wanted_edition, bool json, const report::Terminal& terminal) {
  string id(what), wanted(wanted_edition);
  if (id.starts_with("en303645:")) {
    const std::vector<string_view> parts = split(what, ':');
    if (parts.size() == 3) {
      wanted = string(parts[1]);
      id = string(parts[2]);
    }
  }
  std::vector<const Edition*> tried;
  if (!wanted.empty())
    tried.push_back(ASSAY_TRY(catalogue::edition(wanted)));
  else
    for (const Edition* e : catalogue::editions()) tried.insert(tried.begin(), e);  // the newest first
  if (tried.empty()) return fail(Errc::internal, "there is no edition of EN 303 645");
  const catalogue::Guide& guide = *ASSAY_TRY(catalogue::guide());

  const auto clauses_json = [&](const Edition& e, const GuideClause* only) -> Result<string> {
    JsonWriter w(1);
    w.object().field("edition", "en303645:" + e.en).key("clauses").array();
    for (const GuideClause& c : guide.clauses) {
      string ref;
      const string* title = clause_title(e, c, &ref);
      if (title == nullptr || (only != nullptr && only != &c)) continue;
      w.object().field("clause", ref).field("title", *title).field("line", c.line).field("about", c.about);
      w.key("provisions").array();
      for (const Provision& p : e.provisions)
        if (p.clause == ref)
          w.object(true)
              .field("id", fmt::format("en303645:{}:{}", e.en, p.id))
              .field("title", p.title)
              .field("status", p.mandatory ? "mandatory" : "recommended")
              .field("condition", p.condition)
              .end_object();
      w.end_array().end_object();
    }
    w.end_array().end_object();
    return w.take() + "\n";
  };
  if (id.empty()) return json ? clauses_json(*tried.front(), nullptr) : all_text(*tried.front(), guide, terminal);
  for (const Edition* e : tried)
    if (const Provision* p = e->provision(id)) {
      const judge::RuleSet rules = ASSAY_TRY(judge::load_rules());
      const Screen s = ASSAY_TRY(screen_of(*e, *p, rules));
      if (!json) return screen_text(s, terminal);
      JsonWriter w(1);
      screen_json(w, s);
      return w.take() + "\n";
    }
  if (const GuideClause* c = guide.clause(id))
    for (const Edition* e : tried) {
      if (std::none_of(e->clauses.begin(), e->clauses.end(),
                       [&](const catalogue::Reference& r) { return r.ref == id; }))
        continue;
      return json ? clauses_json(*e, c) : clause_text(*e, *c, terminal);
    }
  std::vector<string_view> known;
  std::vector<string> names;
  string elsewhere;
  for (const Edition* e : tried) {
    names.push_back("V" + e->en);
    for (const Provision& p : e->provisions) known.push_back(p.id);
  }
  for (const Edition* e : catalogue::editions())
    if (e->provision(id) != nullptr) elsewhere = e->en;
  const string_view near = nearest(id, known);
  return fail(Error{Errc::not_found,
                    fmt::format("EN 303 645 {} has no clause or provision '{}'", join(names, " and "), printable(id)),
                    {},
                    {},
                    !elsewhere.empty() ? fmt::format("V{} has it: --edition {}.", elsewhere, elsewhere)
                    : near.empty()     ? "assay guide lists the clauses."
                                       : fmt::format("Did you mean {}?", near)});
}

}  // namespace assay::app
