#include "app/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/json.h"
#include "base/text.h"
#include "catalogue/catalogue.h"
#include "judge/rule.h"
#include "report/terminal.h"

namespace assay::app {
namespace {

std::string indented(std::string_view text, std::string_view indent) {
  std::string out;
  each_line(trim(text),
            [&](std::string_view line, std::size_t) { out += std::string(indent) + std::string(line) + "\n"; });
  return out;
}

void write_json(JsonWriter& w, const judge::Rule& r) {
  w.object()
      .field("rule", r.name)
      .key("units")
      .texts(r.units)
      .field("asks", r.asks)
      .field("pass", judge::name(r.pass))
      .key("claims")
      .texts(r.claims)
      .key("needs")
      .array(true);
  for (const judge::Need& n : r.needs)
    w.object(true)
        .field("table", n.table)
        .field("source", n.source)
        .field("says", n.says)
        .field("optional", n.optional)
        .end_object();
  w.end_array().field("over", r.over).field("every", r.every_one ? "one" : "entry").key("empty");
  if (r.empty)
    w.value(name(*r.empty));
  else
    w.null();
  w.field("fail", r.fail).field("missing", r.missing).field("doubt", r.doubt).field("confirm", r.confirm);
  w.field("question", r.ask ? r.ask->question : std::string())
      .field("where", r.where)
      .field("digest", r.digest)
      .end_object();
}

std::string show(const judge::Rule& r) {
  std::string out = fmt::format("{}  ({})\n  asks    {}\n  units   {}\n  pass    {}\n", r.name, r.where, r.asks,
                                join(r.units, ", "), judge::name(r.pass));
  if (!r.claims.empty()) out += fmt::format("  claims  {}\n", join(r.claims, ", "));
  for (const judge::Need& n : r.needs)
    out += fmt::format("  needs   {}{}\n", n.says.empty() ? n.view() : n.says, n.optional ? " (optional)" : "");
  if (r.delegate)
    out += fmt::format("  delegates to {}, over\n{}", join(r.delegate->to, ", "), indented(r.delegate->over, "    "));
  for (const auto& [key, sql] : {std::pair<const char*, const std::string&>{"over", r.over},
                                 {"fail", r.fail},
                                 {"missing", r.missing},
                                 {"doubt", r.doubt},
                                 {"confirm", r.confirm}})
    if (!sql.empty()) out += fmt::format("  {}\n{}", key, indented(sql, "    "));
  if (r.empty) out += fmt::format("  empty   {}\n", words(*r.empty));
  if (r.ask) {
    out += fmt::format("  a person is asked\n    {}\n", r.ask->question);
    if (!r.ask->steps.empty()) out += indented(r.ask->steps, "    ");
    if (!r.ask->note.empty()) out += fmt::format("    to record: {}\n", r.ask->note);
  }
  return out;
}

}  // namespace

Result<std::string> rules_about(std::string_view id, std::string_view edition, bool json) {
  const judge::RuleSet rules = ASSAY_TRY(judge::load_rules());
  std::string suffix;
  if (!edition.empty()) suffix = ASSAY_TRY(catalogue::edition(edition))->ts;
  const auto concerns = [&](const judge::Rule& r) {
    if (suffix.empty()) return true;
    const auto e = catalogue::edition(edition);
    for (const std::string& unit : r.units)
      if ((*e)->unit(unit)) return true;
    return false;
  };
  std::vector<const judge::Rule*> chosen;
  for (const judge::Rule& r : rules.rules) {
    if (!concerns(r)) continue;
    bool hit = id.empty() || r.name == id;
    for (const std::string& unit : r.units) hit = hit || unit == id || unit.substr(0, unit.find('@')) == id;
    if (hit) chosen.push_back(&r);
  }
  if (chosen.empty() && id.empty())
    return fail(
        Error{Errc::not_found,
              edition.empty() ? std::string("there are no rules: the data has no file below rules/")
                              : fmt::format("no rule judges a unit of edition {}", edition),
              {},
              {},
              "assay rules lists those that are built in, where --data and --edition are left out. docs/rules.md "
              "says how to write one."});
  if (chosen.empty()) {
    std::vector<std::string_view> known;
    for (const judge::Rule& r : rules.rules) known.push_back(r.name);
    const std::string_view near = nearest(id, known);
    return fail(Error{Errc::not_found,
                      fmt::format("no rule is called '{}', and none judges such a unit", id),
                      {},
                      {},
                      near.empty() ? "assay rules lists all of them." : fmt::format("Did you mean {}?", near)});
  }
  if (json) {
    JsonWriter w(1);
    w.array();
    for (const judge::Rule* r : chosen) write_json(w, *r);
    w.end_array();
    return w.take() + "\n";
  }
  std::string out;
  if (!id.empty()) {
    for (const judge::Rule* r : chosen) out += show(*r) + "\n";
    return out;
  }
  std::size_t longest = 0;
  for (const judge::Rule* r : chosen) longest = std::max(longest, r->name.size());
  std::set<std::string> units;
  for (const judge::Rule* r : chosen) {
    out += report::pad(r->name, longest + 2) + report::pad(std::string(judge::name(r->pass)), 11) +
           report::shorten(join(r->units, " "), 90) + "\n";
    units.insert(r->units.begin(), r->units.end());
  }
  return out +
         fmt::format("\n{} rules for {} test units. assay rules show NAME prints one.\n", chosen.size(), units.size());
}

Result<std::vector<std::string>> check_rules() {
  const judge::RuleSet rules = ASSAY_TRY(judge::load_rules());
  return judge::check_queries(rules, catalogue::editions());
}

}  // namespace assay::app
