#include <algorithm>
#include <map>

#include "base/data.h"
#include "base/digest.h"
#include "base/json.h"
#include "base/text.h"
#include "evidence/claims.h"
#include "judge/queries.h"
#include "judge/rule.h"
#include "judge/sql.h"

namespace assay::judge {
namespace {

using std::string_view;

constexpr string_view kRuleKeys[] = {"rule",  "units", "asks",    "pass",  "claims",  "needs", "over",    "every",
                                     "empty", "fail",  "missing", "doubt", "confirm", "ask",   "delegate"};
constexpr string_view kNeedKeys[] = {"table", "source", "where", "optional", "units", "says"};
constexpr string_view kAskKeys[] = {"question", "steps", "note", "show"};
constexpr string_view kDelegateKeys[] = {"to", "over"};
constexpr string_view kConditionKeys[] = {"edition", "ref", "asks", "claims", "met", "open", "contrary", "same_as"};

class Loader {
 public:
  explicit Loader(const std::vector<const catalogue::Edition*>& editions) : editions_(editions) {}

  void rules(const Node& list, string_view file) {
    file_ = file;
    if (!list.is_sequence()) return wrong(list, "a list of rules is expected");
    for (const Node& node : list.items()) rule(node);
  }
  void conditions(const Node& root, string_view file) {
    file_ = file;
    keys(root, std::array<string_view, 1>{"conditions"}, "here");
    for (const Node& node : root["conditions"].items()) condition(node);
  }
  Result<RuleSet> take();

 private:
  std::string place(const Node& node) const {
    return std::string(file_) + ":" + std::to_string(node.mark().line) + ":" + std::to_string(node.mark().column);
  }
  void wrong(const Node& node, const std::string& what) { errors_.push_back(place(node) + ": " + what); }
  template <class List>
  void keys(const Node& node, const List& known, string_view where) {
    if (!node.is_mapping()) return wrong(node, "keys and values are expected");
    for (const Node::Member& m : node.members())
      if (std::find(std::begin(known), std::end(known), m.key) == std::end(known)) {
        Node at;
        at.set_mark(m.mark);
        const string_view near = nearest(m.key, std::vector<string_view>(std::begin(known), std::end(known)));
        wrong(at, "`" + m.key + "` is no key " + std::string(where) +
                      (near.empty() ? "" : "; is `" + std::string(near) + "` meant?"));
      }
  }
  std::string required(const Node& node, string_view key) {
    const std::string& text = node[key].text();
    if (text.empty()) wrong(node, "`" + std::string(key) + "` is missing");
    return text;
  }
  std::string sql(const Node& node, string_view key) {
    const Node* found = node.find(key);
    if (found == nullptr) return {};
    if (!found->is_text() || trim(found->text()).empty()) {
      wrong(*found, "`" + std::string(key) + "` is SQL");
      return {};
    }
    if (const auto sound = check_text(found->text()); !sound)
      wrong(*found, "`" + std::string(key) + "`: " + sound.error().what);
    return found->text();
  }
  std::vector<std::string> claims(const Node& node) {
    const std::vector<std::string> out = node["claims"].texts();
    if (node.has("claims") && out.empty()) wrong(node["claims"], "`claims` is a list of claim_* views");
    for (const std::string& view : out)
      if (!is_claim_view(view)) wrong(node["claims"], "`" + view + "` is no view of claims");
    return out;
  }
  static bool is_claim_view(string_view view) {
    static const std::vector<evidence::Table> views = evidence::views("2.1.1");
    return view.starts_with("claim_") &&
           std::any_of(views.begin(), views.end(), [&](const evidence::Table& t) { return t.name == view; });
  }
  // Null: no edition has it.
  const catalogue::Unit* unit(string_view id) const {
    for (const catalogue::Edition* e : editions_)
      for (const catalogue::Unit& u : e->units)
        if (u.id == id) return &u;
    return nullptr;
  }
  bool unit_exists(string_view id) const {
    return unit(id) != nullptr ||
           std::any_of(editions_.begin(), editions_.end(), [&](const auto* e) { return e->unit(id) != nullptr; });
  }

  void need(const Node& node, Rule& out) {
    keys(node, kNeedKeys, "of a need");
    Need need;
    need.table = required(node, "table");
    need.source = required(node, "source");
    need.says = node["says"].text();
    need.units = node["units"].texts();
    if (const Node* optional = node.find("optional")) {
      if (const auto flag = optional->boolean())
        need.optional = *flag;
      else
        wrong(*optional, "`optional` is true or false");
    }
    const evidence::Table* table = evidence::find_table(need.table);
    if (!need.table.empty() && (table == nullptr || table->kind != evidence::Kind::fact))
      wrong(node["table"], "there is no table of facts `" + need.table + "`");
    if (!need.source.empty() && std::find(std::begin(evidence::kSources), std::end(evidence::kSources), need.source) ==
                                    std::end(evidence::kSources))
      wrong(node["source"], "`" + need.source + "` is no source");
    for (const std::string& u : need.units)
      if (std::find(out.units.begin(), out.units.end(), u) == out.units.end())
        wrong(node["units"], u + " is no unit of this rule");
    if (node.has("where")) {
      auto where = ScopeCondition::parse(node["where"].text(), need.source, need.table);
      if (where)
        need.where = std::move(*where);
      else
        wrong(node["where"], where.error().what);
    }
    if (need.says.empty()) {
      const std::string bounds = need.where.words();
      need.says = need.table + " rows from " + need.source + (bounds.empty() ? "" : ": " + bounds);
    }
    out.needs.push_back(std::move(need));
  }

  void rule(const Node& node) {
    keys(node, kRuleKeys, "of a rule");
    Rule out;
    out.where = place(node);
    out.name = required(node, "rule");
    out.asks = required(node, "asks");
    out.units = node["units"].texts();
    if (out.units.empty()) wrong(node, "`units` is missing");
    JsonWriter json;
    json.node(node);
    out.digest = sha256_hex(as_bytes(json.take()));
    out.claims = claims(node);
    for (const Node& n : node["needs"].items()) need(n, out);
    out.over = sql(node, "over");
    out.fail = sql(node, "fail");
    out.missing = sql(node, "missing");
    out.doubt = sql(node, "doubt");
    out.confirm = sql(node, "confirm");
    if (const Node* every = node.find("every")) {
      if (every->text() != "entry" && every->text() != "one") wrong(*every, "`every` is entry or one");
      out.every_one = every->text() == "one";
      if (out.over.empty()) wrong(*every, "`every` needs `over`");
    }
    if (const Node* empty = node.find("empty")) {
      const auto v = verdict_named(empty->text());
      if (v == Verdict::not_applicable || v == Verdict::inconclusive || v == Verdict::fail || v == Verdict::pass)
        out.empty = v;
      else
        wrong(*empty, "`empty` is not_applicable, inconclusive, fail or pass");
    }
    if (const Node* ask = node.find("ask")) {
      keys(*ask, kAskKeys, "of `ask`");
      out.ask = Ask{required(*ask, "question"), (*ask)["steps"].text(), (*ask)["note"].text(), sql(*ask, "show")};
    }
    if (const Node* delegate = node.find("delegate")) {
      keys(*delegate, kDelegateKeys, "of `delegate`");
      out.delegate = Delegate{(*delegate)["to"].texts(), sql(*delegate, "over")};
      if (out.delegate->to.empty() || out.delegate->over.empty()) wrong(*delegate, "`delegate` needs `to` and `over`");
      if (!out.over.empty() || !out.fail.empty() || !out.missing.empty() || !out.doubt.empty() ||
          !out.confirm.empty() || node.has("pass") || node.has("every"))
        wrong(*delegate, "`delegate` stands instead of queries, `pass` and `every`");
      for (const std::string& to : out.delegate->to)
        if (!editions_.empty() && !unit_exists(to)) wrong((*delegate)["to"], "there is no unit " + to);
    } else {
      const std::string& pass = node["pass"].text();
      if (pass == "never")
        out.pass = Pass::never;
      else if (pass == "exercised")
        out.pass = Pass::exercised;
      else if (pass == "confirmed")
        out.pass = Pass::confirmed;
      else
        wrong(node.has("pass") ? node["pass"] : node, "`pass` is never, exercised or confirmed");
      if (out.pass == Pass::confirmed && out.confirm.empty()) wrong(node["pass"], "`pass: confirmed` needs `confirm`");
      if (out.fail.empty() && out.missing.empty() && out.doubt.empty() && out.confirm.empty() && !out.ask)
        wrong(node, "the rule has no query and asks nobody");
    }
    const bool quantifies = !out.over.empty() || out.delegate;
    if (quantifies && !out.empty) wrong(node, "`empty` is required with `over`");
    if (!quantifies && out.empty) wrong(node["empty"], "`empty` needs `over`");
    // Complete coverage of the table is not a look at each entry: rules.md section 2.
    if (out.pass == Pass::exercised && !out.over.empty())
      for (const std::string& u : out.units)
        if (std::none_of(out.needs.begin(), out.needs.end(),
                         [&](const Need& n) { return n.concerns(u) && n.where.uses_entry(); })) {
          wrong(node, "`pass: exercised` with `over`: a need has to use :entry, so that each entry was looked at");
          break;
        }
    agree_with_catalogue(node, out);
    rules_.push_back(std::move(out));
  }

  void agree_with_catalogue(const Node& node, const Rule& rule) {
    if (editions_.empty()) return;
    for (const std::string& id : rule.units) {
      const catalogue::Unit* u = unit(id);
      if (u == nullptr) {
        wrong(node["units"], "the catalogue has no unit " + id +
                                 (unit_exists(id) ? " (the editions differ here: write @V1.1.1 or @V2.1.1)" : ""));
        continue;
      }
      if (rule.delegate) continue;
      if ((u->decide == "by_hand" || u->decide == "assisted") && rule.pass != Pass::never)
        wrong(node["pass"], id + " is " + u->decide + ": `pass` is never");
      if (u->decide == "disproves_only" && rule.pass == Pass::confirmed)
        wrong(node["pass"], id + " can only be disproved: `pass` is never or exercised");
      if (u->decide == "disproves_only" && rule.pass == Pass::exercised && !u->absence_suffices)
        wrong(node["pass"], id + " can only be disproved, and the catalogue does not say that absence of contrary "
                                 "indication suffices: `pass` is never");
    }
  }

  void condition(const Node& node) {
    keys(node, kConditionKeys, "of a condition");
    Condition out;
    out.where = place(node);
    out.edition = required(node, "edition");
    out.ref = required(node, "ref");
    if (!editions_.empty()) {
      bool found = false;
      for (const catalogue::Edition* e : editions_)
        for (const auto* list : {&e->conditions, &e->features})
          for (const catalogue::Reference& r : *list) found = found || (e->ts == out.edition && r.ref == out.ref);
      if (!found) wrong(node, "edition " + out.edition + " has no condition or feature " + out.ref);
    }
    if (const Node* same = node.find("same_as")) {
      for (const Condition& c : conditions_)
        if (c.edition == (*same)["edition"].text() && c.ref == (*same)["ref"].text()) {
          const std::string edition = out.edition, ref = out.ref, where = out.where;
          out = c;
          out.edition = edition;
          out.ref = ref;
          out.where = where;
          if (node.has("asks")) out.asks = node["asks"].text();
          conditions_.push_back(std::move(out));
          return;
        }
      return wrong(*same, "no such condition stands above");
    }
    out.asks = required(node, "asks");
    out.claims = claims(node);
    out.met = sql(node, "met");
    out.open = sql(node, "open");
    out.contrary = sql(node, "contrary");
    if (out.met.empty()) wrong(node, "`met` is missing");
    conditions_.push_back(std::move(out));
  }

  void whole() {
    std::map<std::string, std::string> seen_units, seen_names;
    for (const Rule& r : rules_) {
      if (!seen_names.emplace(r.name, r.where).second)
        errors_.push_back(r.where + ": the rule " + r.name + " stands twice");
      for (const std::string& u : r.units)
        if (const auto [it, fresh] = seen_units.emplace(u, r.name); !fresh)
          errors_.push_back(r.where + ": " + u + " is already judged by " + it->second);
    }
    std::sort(rules_.begin(), rules_.end(), [](const Rule& a, const Rule& b) { return a.name < b.name; });
    // A delegation that leads back to itself judges nothing.
    for (const Rule& r : rules_) {
      std::vector<const Rule*> open{&r};
      for (std::size_t i = 0; i < open.size() && i < 1000; ++i)
        if (open[i]->delegate)
          for (const std::string& to : open[i]->delegate->to)
            for (const Rule& target : rules_)
              if (std::any_of(target.units.begin(), target.units.end(),
                              [&](const std::string& u) { return u == to || u.substr(0, u.find('@')) == to; })) {
                if (&target == &r)
                  errors_.push_back(r.where + ": " + r.name + " delegates to itself in the end");
                else if (std::find(open.begin(), open.end(), &target) == open.end())
                  open.push_back(&target);
              }
    }
  }

  const std::vector<const catalogue::Edition*>& editions_;
  string_view file_;
  std::vector<std::string> errors_;
  std::vector<Rule> rules_;
  std::vector<Condition> conditions_;
};

Result<RuleSet> Loader::take() {
  whole();
  if (!errors_.empty()) return fail(Errc::invalid, join(errors_, "\n"));
  RuleSet out;
  Sha256Stream all;
  for (const Rule& r : rules_) all.add(as_bytes(r.name + "\n" + r.digest + "\n"));
  for (const Condition& c : conditions_)
    all.add(as_bytes(c.edition + "\n" + c.ref + "\n" + c.met + "\n" + c.open + "\n" + c.contrary + "\n" +
                     join(c.claims, ",") + "\n"));
  out.rules = std::move(rules_);
  out.conditions = std::move(conditions_);
  out.digest = hex(all.finish());
  return out;
}

}  // namespace

string_view name(Pass pass) {
  switch (pass) {
    case Pass::never:
      return "never";
    case Pass::exercised:
      return "exercised";
    case Pass::confirmed:
      return "confirmed";
  }
  return "never";
}

bool Need::concerns(string_view unit) const {
  return units.empty() || std::find(units.begin(), units.end(), unit) != units.end();
}

const Rule* RuleSet::named(string_view wanted) const {
  for (const Rule& r : rules)
    if (r.name == wanted) return &r;
  return nullptr;
}

const Rule* RuleSet::for_unit(string_view unit) const {
  for (const Rule& r : rules)
    if (std::find(r.units.begin(), r.units.end(), unit) != r.units.end()) return &r;
  return nullptr;
}

const Condition* RuleSet::condition(string_view ts_edition, string_view ref) const {
  for (const Condition& c : conditions)
    if (c.edition == ts_edition && c.ref == ref) return &c;
  return nullptr;
}

Result<RuleSet> load_rules() {
  const std::vector<const catalogue::Edition*> editions = catalogue::editions();
  Loader loader(editions);
  for (const std::string& name : data::list("rules/")) {
    const Node& tree = *ASSAY_TRY(data::file(name));
    if (name == "rules/conditions.yaml")
      loader.conditions(tree, name);
    else
      loader.rules(tree, name);
  }
  return loader.take();
}

Result<RuleSet> read_rules(const Node& rules, string_view file,
                           const std::vector<const catalogue::Edition*>& editions) {
  Loader loader(editions);
  if (rules.is_mapping())
    loader.conditions(rules, file);
  else
    loader.rules(rules, file);
  return loader.take();
}

std::vector<std::string> check_queries(const RuleSet& rules, const std::vector<const catalogue::Edition*>& editions) {
  std::vector<std::string> out;
  for (const catalogue::Edition* edition : editions) {
    auto runner = empty_runner(edition->ts);
    if (!runner) return {runner.error().text()};
    const auto note = [&](const std::string& where, const Error& error) {
      out.push_back(where + " (" + edition->ts + "): " + error.text());
    };
    for (const Rule& rule : rules.rules)
      for (const catalogue::Unit& unit : edition->units)
        if (std::find(rule.units.begin(), rule.units.end(), unit.id) != rule.units.end()) {
          const auto queries = prepare_rule(*runner, rule, unit.id);
          for (const Error& e : queries.errors()) note(rule.where, e);
        }
    for (const Condition& condition : rules.conditions)
      if (condition.edition == edition->ts)
        for (const Error& e : prepare_condition(*runner, condition).errors()) note(condition.where, e);
  }
  return out;
}

}  // namespace assay::judge
