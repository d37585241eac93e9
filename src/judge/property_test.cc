// Over all rules, on random databases: what loses a fact's certainty, a look, or a confirmation must never turn a
// verdict into a pass, nor into "not applicable". The databases are made of the words that the rules themselves look
// for, so that most queries find something.
//
// ASSAY_PROPERTY_SECONDS=600 runs longer, ASSAY_PROPERTY_SEED=7 starts elsewhere.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <random>
#include <set>

#include "base/text.h"
#include "evidence/claims.h"
#include "judge/case_reader.h"
#include "judge/judge.h"
#include "judge/sql.h"

namespace assay::judge {
namespace {

using evidence::Evidence;
using evidence::Row;
using Values = std::vector<std::pair<std::string, Value>>;

constexpr std::string_view kEntries[] = {"e1", "e2", "e3"};

// Column → values that rules compare it with.
std::map<std::string, std::vector<Value>> literals(const RuleSet& rules) {
  std::map<std::string, std::vector<Value>> out;
  const auto read = [&](const std::string& sql) {
    const auto all = tokens(sql);
    if (!all) return;
    std::string column;
    for (const Token& t : *all) {
      const std::string word = lower(t.text);
      if (t.kind == Token::Kind::word && word != "in" && word != "not" && word != "is" && word != "null" &&
          word != "and" && word != "like" && word != "coalesce")
        column = word;
      if (t.kind == Token::Kind::sign && (t.text == ";" || t.text == "||")) column.clear();
      if (column.empty()) continue;
      auto& list = out[column];
      if (t.kind == Token::Kind::text) list.emplace_back(t.text);
      if (t.kind == Token::Kind::number && t.text.size() < 10 &&
          t.text.find_first_not_of("0123456789") == std::string::npos)
        list.emplace_back(std::int64_t{std::atoi(t.text.c_str())});
    }
  };
  for (const Rule& r : rules.rules)
    for (const std::string* sql : {&r.over, &r.fail, &r.missing, &r.doubt, &r.confirm}) read(*sql);
  for (const Condition& c : rules.conditions)
    for (const std::string* sql : {&c.met, &c.open, &c.contrary}) read(*sql);
  for (auto& [column, list] : out) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
  }
  return out;
}

// Every word of the rules' SQL: the columns that matter are among them.
std::set<std::string> mentioned(const RuleSet& rules) {
  std::set<std::string> out;
  const auto read = [&](const std::string& sql) {
    if (const auto all = tokens(sql))
      for (const Token& t : *all)
        if (t.kind == Token::Kind::word) out.insert(lower(t.text));
  };
  for (const Rule& r : rules.rules) {
    for (const std::string* sql : {&r.over, &r.fail, &r.missing, &r.doubt, &r.confirm}) read(*sql);
    if (r.delegate) read(r.delegate->over);
  }
  for (const Condition& c : rules.conditions)
    for (const std::string* sql : {&c.met, &c.open, &c.contrary}) read(*sql);
  return out;
}

// Rows of all tables, easy to change; turned into an Evidence to be judged.
struct Draft {
  struct Line {
    std::string table;
    std::map<std::string, Value> cells;
  };
  std::vector<Line> lines;

  Evidence build() const {
    Evidence out;
    for (const Line& l : lines) {
      Values v(l.cells.begin(), l.cells.end());
      out.add_row(l.table, v);
    }
    out.finish();
    return out;
  }
};

class Maker {
 public:
  Maker(const RuleSet& rules, const catalogue::Edition& edition, std::uint32_t seed)
      : rules_(rules), edition_(edition), words_(literals(rules)), columns_(mentioned(rules)), random_(seed) {}

  std::size_t pick(std::size_t n) { return n == 0 ? 0 : random_() % n; }
  bool chance(unsigned percent) { return random_() % 100 < percent; }
  template <class List>
  auto one_of(const List& list) {
    return *(std::begin(list) +
             static_cast<std::ptrdiff_t>(pick(static_cast<std::size_t>(std::end(list) - std::begin(list)))));
  }

  // Everything that any of the rules reads.
  Draft draft() {
    Draft d;
    number_ = 0;
    for (const Rule& r : rules_.rules)
      for (const std::string& view : r.claims)
        for (const evidence::ClaimTable* t : evidence::tables_behind(view, edition_.ts)) read_.insert(t->table);
    for (const Condition& c : rules_.conditions)
      for (const std::string& view : c.claims)
        for (const evidence::ClaimTable* t : evidence::tables_behind(view, edition_.ts)) read_.insert(t->table);
    coverage(d);
    claims(d);
    ics(d);
    facts(d);
    return d;
  }

  // One change that takes something away; empty: nothing to take.
  std::string weaken(Draft& d, const std::vector<std::string>& confirming) {
    switch (pick(8)) {
      case 0:
        return on(
            d, "examined", [&](std::size_t i) { d.lines.erase(d.lines.begin() + static_cast<std::ptrdiff_t>(i)); },
            "an examined row is gone");
      case 1:
        return on(
            d, "examined", [&](std::size_t i) { d.lines[i].cells["complete"] = std::int64_t{0}; },
            "a look is not complete");
      case 2:
        return on(
            d, "examined", [&](std::size_t i) { d.lines[i].cells["scope"] = std::string("{}"); },
            "a look lost its scope");
      case 3: {
        std::string source(one_of(evidence::kSources));
        Draft::Line l{"unexamined",
                      {{"id", name("gap")}, {"artefact", source}, {"source", source}, {"reason", std::string("x")}}};
        if (source == "dossier" || chance(70))
          for (const Draft::Line& other : d.lines)
            if (other.table == "examined" && other.cells.at("source") == Value(source) && chance(30))
              l.cells["tbl"] = other.cells.at("tbl");
        d.lines.push_back(l);
        return "something in " + source + " is not examined";
      }
      case 4: {  // an examiner crashes: what it would have found, and that it looked, are lost together
        return on(
            d, "examined",
            [&](std::size_t i) {
              const std::string table = std::get<std::string>(d.lines[i].cells["tbl"]);
              const Value source = d.lines[i].cells["source"];
              if (source == Value("dossier")) return;
              for (auto& l : d.lines)
                if (l.table == "examined" && l.cells["tbl"] == Value(table) && l.cells["source"] == source)
                  l.cells["complete"] = std::int64_t{0};
              d.lines.erase(std::remove_if(d.lines.begin(), d.lines.end(),
                                           [&](const Draft::Line& l) {
                                             return l.table == table && l.cells.at("source") == source &&
                                                    source != Value("dossier");
                                           }),
                            d.lines.end());
            },
            "an examiner crashed");
      }
      case 5: {  // a coded claim field is open
        const std::size_t i = any(d, [](const Draft::Line& l) { return evidence::claim_table(l.table) != nullptr; });
        if (i == d.lines.size()) return {};
        Draft::Line& l = d.lines[i];
        const evidence::ClaimTable& t = *evidence::claim_table(l.table);
        std::vector<const evidence::ClaimField*> fields;
        for (const evidence::ClaimField& field : t.fields)
          if (field.coded && l.cells.contains(field.key) && matters(field)) fields.push_back(&field);
        if (fields.empty()) return {};
        const evidence::ClaimField& f = *fields[pick(fields.size())];
        l.cells.erase(f.key);
        const Value entry = l.cells["entry"], table = t.table, key = f.key;
        if (f.type == evidence::FieldType::list)
          d.lines.erase(std::remove_if(d.lines.begin(), d.lines.end(),
                                       [&](const Draft::Line& x) {
                                         return x.table == "ixit_item" && x.cells.at("tbl") == table &&
                                                x.cells.at("entry") == entry && x.cells.at("field") == key;
                                       }),
                        d.lines.end());
        return t.table + "." + f.key + " is open";
      }
      case 6: {  // an evidence column is not known
        const std::size_t i =
            any(d, [](const Draft::Line& l) { return evidence::find_table(l.table)->kind == evidence::Kind::fact; });
        if (i == d.lines.size()) return {};
        Draft::Line& l = d.lines[i];
        const evidence::Table& t = *evidence::find_table(l.table);
        std::vector<const evidence::Column*> columns;
        for (const evidence::Column& column : t.columns)
          if (column.name != "id" && column.name != "source" && column.name != "artefact" &&
              l.cells.contains(column.name))
            columns.push_back(&column);
        if (columns.empty()) return {};
        const evidence::Column& c = *columns[pick(columns.size())];
        l.cells.erase(c.name);  // NULL, or unknown where it is coded
        return t.name + "." + c.name + " is not known";
      }
      default: {
        if (confirming.empty()) return {};
        const Value id = confirming[pick(confirming.size())];
        const std::size_t i = any(d, [&](const Draft::Line& l) {
          return l.cells.contains("id") && l.cells.at("id") == id &&
                 evidence::find_table(l.table)->kind == evidence::Kind::fact;
        });
        if (i == d.lines.size()) return {};
        d.lines.erase(d.lines.begin() + static_cast<std::ptrdiff_t>(i));
        return "a row that confirms is gone";
      }
    }
  }

 private:
  std::string name(std::string_view what) { return std::string(what) + "-" + std::to_string(++number_); }
  bool matters(const evidence::ClaimField& f) const {
    return columns_.contains(f.key) || (!f.view.empty() && columns_.contains(f.view));
  }
  template <class F>
  std::size_t any(const Draft& d, F&& f) {
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < d.lines.size(); ++i)
      if (f(d.lines[i])) all.push_back(i);
    return all.empty() ? d.lines.size() : all[pick(all.size())];
  }
  template <class F>
  std::string on(Draft& d, std::string_view table, F&& change, std::string says) {
    const std::size_t i = any(d, [&](const Draft::Line& l) { return l.table == table; });
    if (i == d.lines.size()) return {};
    says += " (" + text(d.lines[i].cells["source"]) + " " + text(d.lines[i].cells["tbl"]) + ")";
    change(i);
    return says;
  }
  static std::string text(const Value& v) {
    return std::holds_alternative<std::string>(v) ? std::get<std::string>(v) : "";
  }

  void look(Draft& d, const std::string& source, const std::string& table, const std::string& scope, bool complete) {
    d.lines.push_back({"examined",
                       {{"id", name("look")},
                        {"artefact", source},
                        {"source", source},
                        {"tbl", table},
                        {"examiner", std::string("x/1")},
                        {"scope", scope},
                        {"complete", std::int64_t{complete}}}});
  }

  void coverage(Draft& d) {
    const unsigned thorough = chance(60) ? 100 : 70;
    std::set<std::tuple<std::string, std::string, std::string>> wanted;
    for (const Rule& r : rules_.rules)
      for (const Need& n : r.needs)
        for (const std::string_view entry : kEntries)
          wanted.insert({n.source, n.table, n.where.example(entry, edition_.ts)});
    std::map<std::string, std::string> planned;
    std::set<std::string> sources;
    for (const auto& [source, table, scope] : wanted)
      if (chance(thorough)) {
        sources.insert(source);
        look(d, source, table, scope, chance(thorough));
        planned[source] += (planned[source].empty() ? "" : ",") +
                           ("{\"table\":\"" + table + "\",\"examiner\":\"x/1\",\"scope\":" + scope + "}");
      }
    for (const std::string_view source : evidence::kSources)
      if (sources.contains(std::string(source)) || chance(30))
        d.lines.push_back({"artefact",
                           {{"id", std::string(source)},
                            {"source", std::string(source)},
                            {"looks", "[" + planned[std::string(source)] + "]"}}});
  }

  Value value(const std::string& column, const std::vector<std::string>& of, evidence::Type type) {
    if (chance(12)) return {};
    const auto it = words_.find(column);
    if (!of.empty() && (it == words_.end() || it->second.empty() || chance(40))) return one_of(of);
    if (it != words_.end() && !it->second.empty() && chance(85)) return one_of(it->second);
    if (type == evidence::Type::integer) return std::int64_t{static_cast<std::int64_t>(pick(3))};
    if (column == "entry") return std::string(one_of(kEntries));
    static constexpr std::string_view kWords[] = {"root",       "admin",      "e1",  "e2", "x",
                                                  "2027-01-01", "2020-01-01", "yes", "no"};
    return std::string(one_of(kWords));
  }

  void claims(Draft& d) {
    for (const evidence::ClaimTable& t : evidence::claim_schema()) {
      if (!read_.contains(t.table) || !chance(95)) continue;
      look(d, "dossier", t.table, "{\"editions\":\"1.1.1,2.1.1\"}", true);
      const std::size_t count = t.list ? pick(4) : chance(80);
      for (std::size_t i = 0; i < count; ++i) {
        const std::string entry = t.list ? std::string(kEntries[i]) : "form";
        Draft::Line l{t.table,
                      {{"id", name(t.table)},
                       {"artefact", std::string("dossier")},
                       {"source", std::string("dossier")},
                       {"entry", entry},
                       {"title", "T" + entry}}};
        for (const evidence::ClaimField& f : t.fields) {
          if (!matters(f) || chance(10)) continue;
          if (f.type == evidence::FieldType::list) {
            const std::size_t items = pick(3);
            for (std::size_t n = 0; n < items; ++n) {
              Value item = !f.words.empty()    ? Value(one_of(f.words))
                           : !f.refers.empty() ? Value(std::string(one_of(kEntries)))
                                               : value(f.column, {}, evidence::Type::text);
              if (std::holds_alternative<std::monostate>(item)) item = std::string("x");
              d.lines.push_back({"ixit_item",
                                 {{"id", name("item")},
                                  {"artefact", std::string("dossier")},
                                  {"source", std::string("dossier")},
                                  {"tbl", t.table},
                                  {"entry", entry},
                                  {"field", f.key},
                                  {"position", static_cast<std::int64_t>(n + 1)},
                                  {"value", item}}});
            }
            l.cells[f.key] = static_cast<std::int64_t>(items);
          } else if (f.type == evidence::FieldType::flag) {
            l.cells[f.key] = std::int64_t{chance(50)};
          } else {
            l.cells[f.key] = value(
                f.key, f.words, f.type == evidence::FieldType::number ? evidence::Type::integer : evidence::Type::text);
          }
        }
        d.lines.push_back(std::move(l));
      }
    }
    look(d, "dossier", "product", "{\"editions\":\"1.1.1,2.1.1\"}", true);
    Draft::Line product{
        "product", {{"id", name("product")}, {"artefact", std::string("dossier")}, {"source", std::string("dossier")}}};
    for (const evidence::Column& c : evidence::find_table("product")->columns)
      if (!product.cells.contains(c.name) && c.name != "at" && c.name != "place")
        product.cells[c.name] = value(c.name, {}, c.type);
    d.lines.push_back(std::move(product));
  }

  void ics(Draft& d) {
    look(d, "dossier", "ics", "{\"editions\":\"1.1.1,2.1.1\"}", true);
    static const std::vector<std::string> kSupport = {"Y", "Y", "N", "N/A"};
    for (const catalogue::Provision& p : edition_.provisions)
      if (chance(95)) {
        Draft::Line l{"ics",
                      {{"id", name("ics")},
                       {"artefact", std::string("dossier")},
                       {"source", std::string("dossier")},
                       {"edition", edition_.ts},
                       {"provision", p.id},
                       {"mandatory", std::int64_t{p.mandatory}},
                       {"conditional", std::int64_t{p.conditional()}},
                       {"support", one_of(kSupport)}}};
        if (chance(50)) l.cells["detail"] = std::string("because");
        d.lines.push_back(std::move(l));
      }
  }

  void facts(Draft& d) {
    std::set<std::pair<std::string, std::string>> wanted;
    for (const Rule& r : rules_.rules)
      for (const Need& n : r.needs) wanted.insert({n.source, n.table});
    for (const auto& [source, table] : wanted) {
      const evidence::Table& t = *evidence::find_table(table);
      for (std::size_t i = pick(4); i > 0; --i) {
        Draft::Line l{table, {{"id", name(table)}, {"artefact", source}, {"source", source}}};
        for (const evidence::Column& c : t.columns)
          if (!l.cells.contains(c.name) && columns_.contains(c.name)) {
            const Value v = value(c.name, {}, c.type);
            if (!std::holds_alternative<std::monostate>(v)) l.cells[c.name] = v;
          }
        d.lines.push_back(std::move(l));
      }
    }
  }

  const RuleSet& rules_;
  const catalogue::Edition& edition_;
  std::map<std::string, std::vector<Value>> words_;
  std::set<std::string> columns_;
  std::mt19937 random_;
  std::set<std::string> read_;  // tables of claims
  int number_ = 0;
};

bool good(Verdict v) { return v == Verdict::pass || v == Verdict::not_applicable; }

std::string show(const UnitVerdict& u) {
  std::string out = std::string(name(u.machine)) + " (" + u.reason + ")";
  for (const EntryVerdict& e : u.entries) out += "\n    entry " + e.entry + " " + std::string(name(e.machine));
  for (const Finding& f : u.findings)
    out += "\n    " + std::string(name(f.role)) + " [" + f.entry + "] " + f.id + ": " + f.why;
  for (const std::string& e : u.errors) out += "\n    error: " + e;
  return out;
}

struct Outcome {
  std::size_t databases = 0, changes = 0, passes = 0;
  std::vector<std::string> broken;  // at most one for each rule or provision
};

// `databases` of them, or until `seconds` are over where that is not zero.
Outcome hunt(const RuleSet& rules, std::uint32_t seed, std::size_t databases, int seconds) {
  Outcome out;
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  std::set<std::string> reported;
  const auto report = [&](const std::string& about, std::string what) {
    if (reported.insert(about).second) out.broken.push_back(std::move(what));
  };
  JudgeOptions options;
  options.at = *Date::parse("2026-11-22");
  for (; seconds > 0 ? std::chrono::steady_clock::now() < until : out.databases < databases; ++seed) {
    const catalogue::Edition& edition = *catalogue::editions()[out.databases++ % 2];
    const std::string place = ", edition " + edition.ts + ", seed " + std::to_string(seed) + ")";
    Maker maker(rules, edition, seed);
    const Draft base = maker.draft();
    options.reverse = false;
    const auto before = judge(base.build(), edition, rules, options);
    options.reverse = true;
    const auto reversed = judge(base.build(), edition, rules, options);
    options.reverse = false;
    if (!before || !reversed) {
      report("judge", (before ? reversed : before).error().text());
      break;
    }
    std::vector<std::string> confirming;
    for (std::size_t i = 0; i < before->units.size(); ++i) {
      const UnitVerdict& u = before->units[i];
      if (show(u) != show(reversed->units[i]))
        report(u.rule, u.rule + " (" + u.unit + place + ": depends on the order of rows\n  " + show(u) + "\n  " +
                           show(reversed->units[i]));
      out.passes += u.machine == Verdict::pass;
      for (const Finding& f : u.findings)
        if (f.role == Finding::Role::confirm) confirming.push_back(f.id);
      for (const std::string& e : u.errors) report(u.rule, u.rule + " (" + u.unit + place + ": " + e);
    }
    for (int round = 0; round < 6; ++round) {
      Draft less = base;
      std::string what;
      for (std::size_t n = std::size_t{1} << maker.pick(4); n > 0; --n)
        if (const std::string change = maker.weaken(less, confirming); !change.empty())
          what += (what.empty() ? "" : "; ") + change;
      if (what.empty()) continue;
      ++out.changes;
      const auto after = judge(less.build(), edition, rules, options);
      if (!after) {
        report("judge", after.error().text());
        break;
      }
      for (std::size_t i = 0; i < after->units.size(); ++i) {
        const UnitVerdict &was = before->units[i], &is = after->units[i];
        if (was.machine == is.machine || !good(is.machine)) continue;
        report(is.rule, is.rule + " (" + is.unit + place + ": losing something made it " +
                            std::string(name(is.machine)) + "\n  lost: " + what + "\n  before: " + show(was) +
                            "\n  after: " + show(is));
      }
      for (std::size_t i = 0; i < after->provisions.size(); ++i) {
        const ProvisionVerdict &was = before->provisions[i], &is = after->provisions[i];
        if (was.value == is.value || !good(is.value)) continue;
        report(is.provision, "provision " + is.provision + " (" + place.substr(2) + ": losing something made " +
                                 std::string(name(was.value)) + " " + std::string(name(is.value)) +
                                 "\n  lost: " + what + "\n  before: " + was.reason + "\n  after: " + is.reason);
      }
    }
  }
  return out;
}

TEST(Properties, LosingSomethingNeverPasses) {
  const auto rules = load_rules();
  ASSERT_TRUE(rules.has_value()) << rules.error().text();
  const char* wished = std::getenv("ASSAY_PROPERTY_SECONDS");
  const char* seeded = std::getenv("ASSAY_PROPERTY_SEED");
  std::uint32_t seed = seeded != nullptr ? static_cast<std::uint32_t>(std::atoi(seeded)) : 20261122;
  // Without a wish: a fixed number of databases, so that every machine tries the same ones.
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(wished != nullptr ? std::atoi(wished) : 0);
  std::size_t changes = 0, passes = 0;
  std::set<std::string> broken;
  const auto add = [&](const Outcome& out) {
    changes += out.changes;
    passes += out.passes;
    broken.insert(out.broken.begin(), out.broken.end());
  };
  do {
    for (const Rule& rule : rules->rules) add(hunt(alone(*rules, rule), seed, 2, 0));
    add(hunt(*rules, seed, 4, 0));  // all together, with the ICS rows and their conditions
    seed += 1000;
  } while (std::chrono::steady_clock::now() < until);
  std::set<std::string> seen;  // one a rule
  for (const std::string& b : broken)
    if (seen.insert(b.substr(0, b.find(" ("))).second) ADD_FAILURE() << b;
  EXPECT_GT(changes, 1000u);
  EXPECT_GT(passes, 0u) << "no database passes anything: the test proves nothing";
  RecordProperty("changes", static_cast<int>(changes));
  RecordProperty("passes", static_cast<int>(passes));
}

// Rules with the mistakes that the properties are there to find.
TEST(Properties, FindPlantedMistakes) {
  const auto found = [](const std::string& rule) {
    const auto tree = parse_yaml(
        "- rule: planted\n  units: [5.1-1-2.c]\n  asks: x\n  claims: [claim_auth]\n  needs: [{table: account, source: "
        "firmware}]\n" +
            rule,
        "planted");
    const auto rules = read_rules(*tree, "planted", {});
    EXPECT_TRUE(rules.has_value()) << (rules ? "" : rules.error().text());
    return hunt(*rules, 1, 40, 0).broken;
  };
  const auto mistaken = [&](const std::string& rule) { return !found(rule).empty(); };
  // An entry whose coded field is open falls out of scope.
  EXPECT_TRUE(
      mistaken("  pass: never\n  empty: not_applicable\n  over: SELECT entry, title FROM claim_auth WHERE factor = "
               "'password'\n  doubt: SELECT NULL AS entry, tbl, id, 'x' AS why FROM claim_auth WHERE 0\n"));
  EXPECT_FALSE(mistaken(
      "  pass: never\n  empty: not_applicable\n  over: SELECT entry, title FROM claim_auth\n  doubt: SELECT NULL "
      "AS entry, tbl, id, 'x' AS why FROM claim_auth WHERE 0\n"));
  // A fact that is not known does not fail any more, and nothing doubts.
  EXPECT_TRUE(
      mistaken("  pass: exercised\n  fail: SELECT NULL AS entry, 'account' AS tbl, id, 'x' AS why, 'm' AS mend FROM "
               "firmware_account WHERE state = 'empty'\n"));
  // What is open confirms.
  EXPECT_TRUE(mistaken(
      "  pass: confirmed\n  confirm: SELECT NULL AS entry, tbl, id, 'x' AS why FROM claim_auth WHERE factor IS "
      "NULL\n"));
  // What is said hangs on the order in which rows happen to come: a subquery gives the first.
  const std::vector<std::string> broken = found(
      "  pass: never\n  doubt: SELECT NULL AS entry, 'account' AS tbl, id, (SELECT id FROM firmware_account) AS why "
      "FROM firmware_account\n");
  EXPECT_TRUE(std::any_of(broken.begin(), broken.end(), [](const std::string& b) {
    return b.find("depends on the order of rows") != std::string::npos;
  }));
}

}  // namespace
}  // namespace assay::judge
