#include <algorithm>
#include <set>

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "evidence/claims.h"
#include "judge/case_reader.h"

namespace assay::judge {
namespace {

using evidence::Evidence;
using Values = std::vector<std::pair<std::string, Value>>;

Value value_of(const Node& node) {
  if (const auto b = node.boolean()) return Value(std::int64_t{*b ? 1 : 0});
  if (const auto i = node.integer()) return Value(*i);
  if (const auto d = node.number()) return Value(*d);
  if (node.is_null() || (node.style() == Node::Style::plain && (node.text() == "null" || node.text() == "~")))
    return {};
  return Value(node.text());
}

std::string json_of(const Node& node) {
  JsonWriter out;
  if (node.is_mapping())
    out.node(node);
  else
    out.object().end_object();
  return out.take();
}

class Reader {
 public:
  explicit Reader(RuleCase& c) : case_(c) {}

  void read(const Node& node) {
    static constexpr std::string_view kKeys[] = {"what",      "edition",  "at",         "covered", "partial",
                                                 "artefacts", "examined", "unexamined", "claims",  "ics",
                                                 "product",   "facts",    "persons",    "expect"};
    for (const Node::Member& m : node.members())
      if (std::find(std::begin(kKeys), std::end(kKeys), m.key) == std::end(kKeys))
        wrong(m.value, "`" + m.key + "` is no key of a case");
    case_.what = node["what"].text();
    if (case_.what.empty()) wrong(node, "`what` is missing");
    for (const catalogue::Edition* e : catalogue::editions())
      if (e->ts == node["edition"].text()) case_.edition = e;
    if (case_.edition == nullptr) return wrong(node["edition"], "`edition` is of TS 103 701: 1.1.1 or 2.1.1");
    if (const auto at = Date::parse(node["at"].text()); at)
      case_.at = *at;
    else
      wrong(node["at"], "`at`: " + at.error().what);
    looks(node);
    for (const Node& a : node["artefacts"].items()) artefact(a);
    for (const Node& e : node["examined"].items()) {
      Values v{{"artefact", e["artefact"].text()}, {"source", e["source"].text()},
               {"tbl", e["tbl"].text()},           {"examiner", e["examiner"].text()},
               {"scope", json_of(e["scope"])},     {"complete", value_of(e["complete"])}};
      if (e.has("id")) v.emplace_back("id", e["id"].text());
      keys(e, {"artefact", "source", "tbl", "examiner", "scope", "complete", "id"});
      case_.evidence.add_row("examined", v);
    }
    for (const Node& u : node["unexamined"].items()) {
      keys(u, {"artefact", "source", "tbl", "place", "examiner", "reason", "closed_by", "id"});
      Values v;
      for (const Node::Member& m : u.members()) v.emplace_back(m.key, value_of(m.value));
      if (!u.has("artefact")) v.emplace_back("artefact", u["source"].text());
      case_.evidence.add_row("unexamined", v);
    }
    if (node["claims"].is_mapping())
      for (const Node::Member& m : node["claims"].members()) claims(m.key, m.value);
    if (const Node* ics = node.find("ics")) answers(*ics);
    if (const Node* product = node.find("product")) {
      given("product", true);
      row("product", *product, "dossier", {});
    }
    facts(node["facts"]);
    for (const Node& p : node["persons"].items()) {
      keys(p, {"kind", "unit", "entry", "value", "by", "date", "reason", "evidence", "overrules", "shown", "closes",
               "id"});
      if (p["kind"].text() == "close")
        case_.evidence.add_row("person", {{"kind", "close"},
                                          {"source", "person"},
                                          {"artefact", "person"},
                                          {"closes", p["closes"].text()},
                                          {"by", p["by"].text()},
                                          {"date", p["date"].text()},
                                          {"reason", p["reason"].text()},
                                          {"id", p.has("id") ? Value(p["id"].text()) : Value()}});
      else
        case_.persons.push_back(p);
    }
    for (const auto& source : fact_sources_)
      if (!artefacts_.contains(source)) case_.evidence.add_artefact(source, "", source, source, source, 0, {});
    case_.evidence.finish();
    case_.expect = node["expect"];
    if (!case_.expect.is_mapping() || case_.expect.members().empty())
      wrong(node, "`expect` is missing: the case says nothing");
    keys(case_.expect,
         {"units", "machine", "entries", "findings", "rows", "coverage", "cases", "provisions", "contradictions"});
    for (const Node::Member& m : case_.expect.members())
      if (m.key != "contradictions" && (!m.value.is_mapping() || m.value.members().empty()))
        wrong(m.value, "`expect." + m.key + "` says nothing");
  }

 private:
  void wrong(const Node& at, const std::string& what) {
    case_.errors.push_back(case_.rule + "/" + case_.name + ".yaml:" + std::to_string(at.mark().line) + ": " + what);
  }
  void keys(const Node& node, std::initializer_list<std::string_view> known) {
    for (const Node::Member& m : node.members())
      if (std::find(known.begin(), known.end(), m.key) == known.end()) wrong(m.value, "`" + m.key + "` is no key here");
  }

  void looks(const Node& node) {
    std::map<std::string, std::vector<evidence::Look>> planned, done;
    for (const bool covered : {true, false}) {
      const Node& group = node[covered ? "covered" : "partial"];
      for (const Node::Member& m : group.members()) {
        if (std::find(std::begin(evidence::kSources), std::end(evidence::kSources), m.key) ==
            std::end(evidence::kSources))
          wrong(m.value, "`" + m.key + "` is no source");
        for (const Node& item : m.value.items()) {
          evidence::Look look;
          look.table = item.is_text() ? item.text() : item["table"].text();
          look.examiner = item["examiner"].text().empty() ? "case/1" : item["examiner"].text();
          look.scope = json_of(item["scope"]);
          if (item.is_mapping()) keys(item, {"table", "examiner", "scope"});
          if (evidence::find_table(look.table) == nullptr) wrong(item, "there is no table `" + look.table + "`");
          planned[m.key].push_back(look);
          if (covered) done[m.key].push_back(look);
        }
      }
    }
    for (const auto& [source, list] : planned) {
      case_.evidence.add_artefact(source, "", source, source, source, 0, list);
      artefacts_.insert(source);
      for (const evidence::Look& look : done[source])
        case_.evidence.complete(source, look.table, look.examiner, look.scope);
    }
  }

  void artefact(const Node& node) {
    keys(node, {"id", "source", "kind", "name", "looks"});
    JsonWriter json;
    json.array();
    for (const Node& l : node["looks"].items()) {
      json.object().field("table", l["table"].text()).field("examiner", l["examiner"].text());
      json.key("scope");
      if (l["scope"].is_mapping())
        json.node(l["scope"]);
      else
        json.object().end_object();
      json.end_object();
    }
    json.end_array();
    case_.evidence.add_row("artefact", {{"id", node["id"].text()},
                                        {"source", node["source"].text()},
                                        {"kind", node["kind"].text()},
                                        {"name", node["name"].text()},
                                        {"looks", json.take()}});
    artefacts_.insert(node["source"].text());
  }

  void given(const std::string& table, bool whole) {
    case_.evidence.add_row("examined", {{"artefact", "dossier"},
                                        {"source", "dossier"},
                                        {"tbl", table},
                                        {"examiner", "dossier/1"},
                                        {"scope", "{\"editions\":\"1.1.1,2.1.1\"}"},
                                        {"complete", std::int64_t{whole}}});
  }

  void claims(const std::string& key, const Node& node) {
    std::vector<const evidence::ClaimTable*> tables;
    if (const auto* t = evidence::claim_table(key))
      tables = {t};
    else if (const auto* named = evidence::claim_table_named(key))
      tables = {named};
    else
      for (const auto* t2 : evidence::tables_behind(key, case_.edition->ts))
        if (t2->view == key) tables.push_back(t2);
    if (tables.empty()) return wrong(node, "`" + key + "` is no table, label or view of claims in this edition");
    bool whole = true;
    const Node* entries = &node;
    if (node.is_mapping()) {
      keys(node, {"given", "entries"});
      whole = node["given"].boolean().value_or(true);
      entries = &node["entries"];
    }
    for (const auto* t : tables)
      if (given_.insert(t->table).second) given(t->table, whole);
    for (const Node& entry : entries->items()) {
      const evidence::ClaimTable& t = *tables[0];
      Values values{{"artefact", "dossier"}, {"source", "dossier"}, {"place", "case"}};
      const std::string id = t.list ? entry["entry"].text() : "form";
      if (id.empty()) wrong(entry, "an entry has no `entry`");
      values.emplace_back("entry", id);
      for (const Node::Member& m : entry.members()) {
        if (m.key == "entry") continue;
        if (m.key == "title" || m.key == "id" || m.key == "editions") {
          values.emplace_back(m.key, m.value.text());
          continue;
        }
        const evidence::ClaimField* f = t.field(m.key);
        if (f == nullptr) {
          wrong(m.value, "`" + m.key + "` is no field of " + key);
          continue;
        }
        const auto known = [&](const std::string& word) {
          if (!f->words.empty() && std::find(f->words.begin(), f->words.end(), word) == f->words.end())
            wrong(m.value, "`" + word + "` is no word of " + m.key + ": " + join(f->words, ", "));
        };
        if (f->type != evidence::FieldType::list) {
          if (!f->words.empty() && !m.value.is_null()) known(m.value.text());
          if (f->type == evidence::FieldType::flag && !m.value.boolean())
            wrong(m.value, "`" + m.key + "` is true or false");
          values.emplace_back(m.key, value_of(m.value));
          continue;
        }
        std::int64_t position = 0;
        for (const std::string& item : m.value.texts()) {
          known(item);
          case_.evidence.add_row("ixit_item", {{"artefact", "dossier"},
                                               {"source", "dossier"},
                                               {"place", "case"},
                                               {"tbl", t.table},
                                               {"entry", id},
                                               {"field", m.key},
                                               {"position", ++position},
                                               {"value", item}});
        }
        values.emplace_back(m.key, position);
      }
      case_.evidence.add_row(t.table, values);
    }
  }

  void answers(const Node& node) {
    given("ics", true);
    for (const Node::Member& m : node.members()) {
      const catalogue::Provision* p = case_.edition->provision(m.key);
      if (p == nullptr) {
        wrong(m.value, "the edition has no provision " + m.key);
        continue;
      }
      const std::string support = m.value.is_text() ? m.value.text() : m.value["support"].text();
      if (support != "Y" && support != "N" && support != "N/A") wrong(m.value, "support is Y, N or N/A");
      const std::string& detail = m.value["detail"].text();
      Values values{{"artefact", "dossier"},
                    {"source", "dossier"},
                    {"place", "case"},
                    {"edition", case_.edition->ts},
                    {"provision", m.key},
                    {"mandatory", std::int64_t{p->mandatory}},
                    {"conditional", std::int64_t{p->conditional()}},
                    {"support", support}};
      if (!detail.empty()) values.emplace_back("detail", detail);
      case_.evidence.add_row("ics", values);
    }
  }

  void row(const std::string& table, const Node& node, const std::string& source, const std::string& artefact) {
    const evidence::Table* t = evidence::find_table(table);
    if (t == nullptr) return wrong(node, "there is no table `" + table + "`");
    Values values{{"source", source}};
    bool has_artefact = false;
    for (const Node::Member& m : node.members()) {
      if (m.key == "table" || m.key == "source") continue;
      if (!t->column(m.key)) {
        wrong(m.value, "table " + table + " has no column `" + m.key + "`");
        continue;
      }
      has_artefact = has_artefact || m.key == "artefact";
      values.emplace_back(m.key, value_of(m.value));
    }
    if (!has_artefact) values.emplace_back("artefact", artefact.empty() ? source : artefact);
    case_.evidence.add_row(table, values);
  }

  void facts(const Node& node) {
    for (const Node::Member& m : node.members()) {
      const std::size_t split = m.key.find('_');
      const std::string source = m.key.substr(0, split),
                        table = split == std::string::npos ? "" : m.key.substr(split + 1);
      if (std::find(std::begin(evidence::kSources), std::end(evidence::kSources), source) ==
          std::end(evidence::kSources)) {
        wrong(m.value, "`" + m.key + "` is no view of facts");
        continue;
      }
      fact_sources_.insert(source);
      for (const Node& item : m.value.items()) row(table, item, source, {});
    }
    for (const Node& item : node.items()) {
      fact_sources_.insert(item["source"].text());
      row(item["table"].text(), item, item["source"].text(), {});
    }
  }

  RuleCase& case_;
  std::set<std::string> artefacts_, fact_sources_, given_;
};

}  // namespace

RuleCase read_case(const Node& node, const std::string& rule, const std::string& name) {
  RuleCase out;
  out.rule = rule;
  out.name = name;
  Reader(out).read(node);
  return out;
}

std::vector<RuleCase> read_cases(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory))
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<RuleCase> out;
  for (const auto& path : files) {
    const std::string rule = path.parent_path().filename().string(), name = path.stem().string();
    const auto text = read_file(path, 1u << 20);
    auto tree = text ? parse_yaml(*text, path.string()) : Result<Node>(fail(text.error()));
    if (tree) {
      out.push_back(read_case(*tree, rule, name));
    } else {
      RuleCase bad;
      bad.rule = rule;
      bad.name = name;
      bad.errors.push_back(tree.error().text());
      out.push_back(std::move(bad));
    }
  }
  return out;
}

RuleSet alone(const RuleSet& all, const Rule& rule) {
  RuleSet out;
  std::vector<const Rule*> open{&rule};
  for (std::size_t i = 0; i < open.size(); ++i) {
    out.rules.push_back(*open[i]);
    if (!open[i]->delegate) continue;
    for (const Rule& target : all.rules)
      for (const std::string& to : open[i]->delegate->to)
        if (std::any_of(target.units.begin(), target.units.end(),
                        [&](const std::string& u) { return u == to || u.substr(0, u.find('@')) == to; }) &&
            std::find(open.begin(), open.end(), &target) == open.end())
          open.push_back(&target);
  }
  return out;
}

Result<Judgement> judge_case(const RuleCase& c, const RuleSet& rules, bool reverse) {
  JudgeOptions options;
  options.at = c.at;
  options.reverse = reverse;
  Judgement first = ASSAY_TRY(judge(c.evidence, *c.edition, rules, options));
  if (c.persons.empty()) return first;
  Evidence with = c.evidence;
  for (const Node& p : c.persons) {
    std::string shown;
    for (const UnitVerdict& u : first.units)
      if (u.unit == p["unit"].text()) shown = u.shown_digest;
    if (p.has("shown") && p["shown"].boolean() == false) shown = "something else";
    Values values{{"kind", "verdict"},
                  {"source", "person"},
                  {"artefact", "person"},
                  {"rows_digest", shown},
                  {"overrules", join(p["overrules"].texts(), ",")}};
    for (const std::string_view key : {"unit", "entry", "value", "by", "date", "reason", "evidence"})
      if (p.has(key)) values.emplace_back(std::string(key), p[key].text());
    with.add_row("person", values);
  }
  with.finish();
  return judge(with, *c.edition, rules, options);
}

}  // namespace assay::judge
