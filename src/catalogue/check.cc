// The check of the files that editions() reads. The readers take what they need and are quick; this one goes through
// every key, so that a misspelt one is found before it silently drops a condition.
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/data.h"
#include "base/data_file.h"
#include "catalogue/catalogue.h"
#include "catalogue/requirements.h"

namespace assay::catalogue {
namespace {

using std::string;
using std::string_view;

constexpr string_view kEditions[] = {"V1.1.1", "V2.1.1"};
constexpr string_view kUnitKinds[] = {"conceptual", "functional"};
constexpr string_view kCaseKinds[] = {"conceptual", "functional", "conceptual/functional"};
constexpr string_view kVerbs[] = {"check", "assess", "act", "delegate"};
constexpr string_view kDecides[] = {"automatic", "disproves_only", "assisted", "by_hand"};

template <std::size_t N>
bool among(const string_view (&words)[N], string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

class Checker {
 public:
  explicit Checker(string name) : file_(std::move(name)) {
    const auto tree = data::file(file_.name());
    if (tree)
      tree_ = *tree;
    else
      errors.push_back(tree.error());
  }
  bool open() const { return tree_ != nullptr; }
  const Node& tree() const { return *tree_; }

  void keys(const Node& node, std::initializer_list<string_view> known) {
    if (auto fine = file_.keys(node, known); !fine) errors.push_back(std::move(fine).error());
  }
  void wrong(const Node& node, string what) { errors.push_back(file_.bad(node, std::move(what)).value()); }
  void text(const Node& node, string_view key) {
    if (auto text = file_.text(node, key); !text) errors.push_back(std::move(text).error());
  }
  void confidence(const Node& node) {
    if (!word_of(kConfidences, node.text())) wrong(node, fmt::format("'{}' is no word for 'confidence'", node.text()));
  }
  void sources(const Node& node) {
    const std::vector<string> ids = node["source"].texts();
    if (ids.empty()) wrong(node, "a 'source' is wanted");
    for (const string& id : ids)
      if (source(id) == nullptr) wrong(node["source"], fmt::format("no source '{}' in data/sources.yaml", id));
  }
  template <std::size_t N>
  void word(const Node& node, string_view key, const string_view (&words)[N]) {
    if (!among(words, node[key].text()))
      wrong(node[key].is_null() ? node : node[key], fmt::format("'{}' is no word for '{}'", node[key].text(), key));
  }
  void unique(const Node& node, std::set<string>& seen) {
    const string& id = node["id"].text();
    if (id.empty())
      wrong(node, "an 'id' is wanted");
    else if (!seen.insert(id).second)
      wrong(node, fmt::format("'{}' is there twice", id));
  }
  void editions(const Node& node) {
    const std::vector<string> names = node["editions"].texts();
    if (names.empty()) wrong(node, "'editions' is wanted");
    for (const string& e : names)
      if (!among(kEditions, e)) wrong(node["editions"], fmt::format("no edition '{}' of TS 103 701", e));
  }

  std::vector<Error> errors;

 private:
  DataFile file_;
  const Node* tree_ = nullptr;
};

void add(std::vector<Error>& to, std::vector<Error> from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

std::vector<Error> check_provisions() {
  Checker c("standards/en_303_645.yaml");
  if (!c.open()) return c.errors;
  c.keys(c.tree(), {"editions", "provisions"});
  std::set<string> ids, clauses;
  for (const Node& e : c.tree()["editions"].items()) {
    c.keys(e, {"en", "ts", "key", "en_date", "ts_date", "conditions", "features", "clauses"});
    for (const string_view key : {"en", "ts", "key", "en_date", "ts_date"}) c.text(e, key);
    for (const string_view list : {"conditions", "features", "clauses"})
      for (const Node& item : e[list].items()) {
        c.keys(item, {"ref", "text"});
        c.text(item, "ref");
        c.text(item, "text");
        if (list == "clauses") clauses.insert(item["ref"].text());
      }
  }
  for (const Node& p : c.tree()["provisions"].items()) {
    c.keys(p, {"id", "clause", "title", "asks", "v2", "v3", "ics_row", "confidence", "source"});
    c.unique(p, ids);
    c.text(p, "title");
    if (!clauses.contains(p["clause"].text())) c.wrong(p, fmt::format("no clause '{}'", p["clause"].text()));
    if (p["asks"].is_mapping())
      c.keys(p["asks"], {"v2", "v3"});
    else
      c.text(p, "asks");
    if (!p.has("v2") && !p.has("v3")) c.wrong(p, "a status in one edition is wanted");
    c.confidence(p["confidence"]);
    c.sources(p);
  }
  return c.errors;
}

std::vector<Error> check_cases(std::set<string>& cases) {
  Checker c("standards/ts_103_701_cases.yaml");
  if (!c.open()) return c.errors;
  c.keys(c.tree(), {"cases"});
  for (const Node& n : c.tree()["cases"].items()) {
    c.keys(n, {"id", "provision", "editions", "kind", "title", "ixit", "every", "confidence", "source"});
    c.unique(n, cases);
    c.text(n, "provision");
    c.editions(n);
    c.word(n, "kind", kCaseKinds);
    if (!n["title"].is_mapping()) c.text(n, "title");
    c.confidence(n["confidence"]);
    c.sources(n);
  }
  return c.errors;
}

std::vector<Error> check_units(const string& name, const std::set<string>& cases, std::set<string>& ids) {
  Checker c(name);
  if (!c.open()) return c.errors;
  c.keys(c.tree(), {"units"});
  for (const Node& n : c.tree()["units"].items()) {
    c.keys(n, {"id", "case", "editions", "kind", "verb", "decide", "absence_of_contrary_indication_suffices", "asks",
               "pass_when", "by_hand", "reads", "per", "delegates_to", "confidence", "source"});
    c.unique(n, ids);
    // A case whose id the editions print for different things is named with its edition there, and without it here.
    const string& of = n["case"].text();
    if (!cases.contains(of) && !cases.contains(of + "@V1.1.1") && !cases.contains(of + "@V2.1.1"))
      c.wrong(n["case"].is_null() ? n : n["case"], fmt::format("no case '{}'", of));
    c.editions(n);
    c.word(n, "kind", kUnitKinds);
    c.word(n, "verb", kVerbs);
    c.word(n, "decide", kDecides);
    c.text(n, "asks");
    c.text(n, "pass_when");
    c.keys(n["per"], {"over", "scope"});
    c.keys(n["confidence"], {"asks", "decide", "pass_when"});
    c.confidence(n["confidence"]["asks"]);
    c.confidence(n["confidence"]["decide"]);
    c.sources(n);
  }
  return c.errors;
}

}  // namespace

std::vector<Error> check_editions() {
  std::vector<Error> errors = check_provisions();
  std::set<string> cases, units;
  add(errors, check_cases(cases));
  for (const string& name : data::list("standards/ts_103_701_units_")) add(errors, check_units(name, cases, units));
  if (!errors.empty()) return errors;
  // What only the readers see: statuses, conditions that an edition does not have.
  const auto tree = data::file("standards/en_303_645.yaml");
  for (const Node& e : (**tree)["editions"].items())
    if (const auto read = edition(e["en"].text()); !read) errors.push_back(read.error());
  return errors;
}

}  // namespace assay::catalogue
