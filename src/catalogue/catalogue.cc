#include "catalogue/catalogue.h"

#include <memory>
#include <string>
#include <unordered_map>

#include "base/data.h"
#include "base/node.h"

namespace assay::catalogue {
namespace {

using std::string;
using std::string_view;

constexpr string_view kProvisions = "standards/en_303_645.yaml";
constexpr string_view kCases = "standards/ts_103_701_cases.yaml";
constexpr string_view kUnits = "standards/ts_103_701_units_";  // one file for 5.0 to 5.4, one for the rest

// "5.12-3-1@V1.1.1" → "5.12-3-1"
string without_edition(string_view id) { return string(id.substr(0, id.find('@'))); }

// A field that is the same in both editions, or a mapping by edition.
const Node& of_edition(const Node& node, string_view edition) { return node.is_mapping() ? node[edition] : node; }

bool lists(const Node& editions, string_view edition) {
  for (const Node& e : editions.items())
    if (e.text() == edition) return true;
  return false;
}

string lowest_confidence(const Node& confidence, string_view edition) {
  const auto rank = [](string_view word) { return word == "high" ? 2 : word == "medium" ? 1 : 0; };
  string lowest = "high";
  for (const string* word :
       {&confidence["asks"].text(), &confidence["decide"].text(), &confidence["pass_when"][edition].text()})
    if (rank(*word) < rank(lowest)) lowest = *word;
  return lowest;
}

Error wrong(string_view file, const Node& node, string what) {
  return {Errc::invalid, std::move(what), string(file) + ":" + std::to_string(node.mark().line), {}, {}};
}

// "M", "R C (3, 4)", "M F (a)", "M C F (14, e)", and V2.1.1's "M (11, 12)", which is printed without its C: numbers are
// conditions, letters are features, and all of them have to hold.
Result<void> read_status(const Node& node, Provision& out) {
  const string& text = node.text();
  out.mandatory = text.starts_with('M');
  if (!out.mandatory && !text.starts_with('R')) return fail(wrong(kProvisions, node, "is no status: " + text));
  const std::size_t open = text.find('(');
  const string_view letters = string_view(text).substr(1, open == string::npos ? string::npos : open - 1);
  if (letters.find_first_not_of(" CF") != string_view::npos || (open != string::npos && !text.ends_with(')')))
    return fail(wrong(kProvisions, node, "is no status: " + text));
  if (open == string::npos) return {};
  string ref;
  for (const char c : string_view(text).substr(open + 1)) {
    if (c == ',' || c == ')') {
      if (ref.empty()) return fail(wrong(kProvisions, node, "is no status: " + text));
      (ref[0] >= '0' && ref[0] <= '9' ? out.conditions : out.features).push_back(std::move(ref));
      ref.clear();
    } else if (c != ' ') {
      ref += c;
    }
  }
  return {};
}

std::vector<Reference> references(const Node& list) {
  std::vector<Reference> out;
  out.reserve(list.items().size());
  for (const Node& item : list.items()) out.push_back({item["ref"].text(), item["text"].text()});
  return out;
}

Result<void> put_in_words(const Edition& edition, const Node& node, Provision& provision) {
  const auto add = [&](const std::vector<string>& refs, const std::vector<Reference>& known) -> Result<void> {
    for (const string& ref : refs) {
      const string* text = nullptr;
      for (const Reference& k : known)
        if (k.ref == ref) text = &k.text;
      if (text == nullptr) return fail(wrong(kProvisions, node, "names a condition the edition does not have: " + ref));
      if (!provision.condition.empty()) provision.condition += "; and ";
      provision.condition += *text;
    }
    return {};
  };
  ASSAY_TRY(add(provision.conditions, edition.conditions));
  ASSAY_TRY(add(provision.features, edition.features));
  return {};
}

Result<void> read_cases(const Node& file, string_view v, Edition& out) {
  for (const Node& n : file["cases"].items()) {
    if (!lists(n["editions"], v)) continue;
    Case c;
    c.id = without_edition(n["id"].text());
    c.provision = n["provision"].text();
    c.kind = n["kind"].text();
    c.title = of_edition(n["title"], v).text();
    c.one_suffices = n["every"][v].text() == "one";
    c.ixit = n["ixit"][v].texts();
    c.confidence = n["confidence"].text();
    c.source = n["source"].texts();
    out.cases.push_back(std::move(c));
  }
  return {};
}

Result<void> read_units(string_view name, const Node& file, string_view v,
                        const std::unordered_map<string_view, Case*>& cases, Edition& out) {
  for (const Node& n : file["units"].items()) {
    if (!lists(n["editions"], v)) continue;
    Unit u;
    u.id = n["id"].text();
    u.short_id = without_edition(u.id);
    u.case_id = without_edition(n["case"].text());
    const auto found = cases.find(u.case_id);
    if (found == cases.end()) return fail(wrong(name, n, u.id + " belongs to a case the edition does not have"));
    u.provision = found->second->provision;
    u.kind = n["kind"].text();
    u.verb = n["verb"].text();
    u.decide = n["decide"].text();
    u.absence_suffices = n["absence_of_contrary_indication_suffices"].boolean().value_or(false);
    u.asks = n["asks"].text();
    u.pass_when = n["pass_when"].text();
    u.reads = of_edition(n["reads"], v).texts();
    u.by_hand = n["by_hand"].texts();
    u.over = n["per"]["over"].text();
    u.scope = n["per"]["scope"].texts();
    u.delegates_to = n["delegates_to"][v].texts();
    u.confidence = lowest_confidence(n["confidence"], v);
    u.source = n["source"].texts();
    found->second->units.push_back(u.short_id);
    out.units.push_back(std::move(u));
  }
  return {};
}

Result<Edition> read(const Node& head, const Node& provisions) {
  Edition out;
  out.en = head["en"].text();
  out.ts = head["ts"].text();
  out.en_date = head["en_date"].text();
  out.ts_date = head["ts_date"].text();
  out.conditions = references(head["conditions"]);
  out.features = references(head["features"]);
  out.clauses = references(head["clauses"]);
  const string& key = head["key"].text();  // "v2": how en_303_645.yaml calls the edition
  const string v = "V" + out.ts;           // how the files of TS 103 701 call it
  for (const Node& n : provisions.items()) {
    const Node* status = n.find(key);
    if (status == nullptr) continue;
    Provision p;
    p.id = n["id"].text();
    p.clause = n["clause"].text();
    p.title = n["title"].text();
    p.asks = of_edition(n["asks"], key).text();
    p.ics_row = n["ics_row"][key].boolean().value_or(true);
    p.confidence = n["confidence"].text();
    p.source = n["source"].texts();
    ASSAY_TRY(read_status(*status, p));
    ASSAY_TRY(put_in_words(out, *status, p));
    out.provisions.push_back(std::move(p));
  }
  ASSAY_TRY(read_cases(*ASSAY_TRY(data::file(kCases)), v, out));
  std::unordered_map<string_view, Case*> cases;
  for (Case& c : out.cases)
    if (!cases.emplace(c.id, &c).second) return fail(Errc::invalid, string(kCases) + " has a case twice: " + c.id);
  for (const string& name : data::list(kUnits))
    ASSAY_TRY(read_units(name, *ASSAY_TRY(data::file(name)), v, cases, out));
  return out;
}

// What data/ holds, read when first asked for; an edition nobody asks for stays unread.
struct Shelf {
  const Node* file = nullptr;
  std::vector<std::unique_ptr<Edition>> read;  // parallel to the file's editions
};

Result<Shelf*> shelf() {
  static Shelf s;
  if (s.file == nullptr) {
    s.file = ASSAY_TRY(data::file(kProvisions));
    s.read.resize((*s.file)["editions"].items().size());
  }
  return &s;
}

Result<const Edition*> read_once(Shelf& s, std::size_t i) {
  if (s.read[i] == nullptr)
    s.read[i] = std::make_unique<Edition>(ASSAY_TRY(read((*s.file)["editions"].items()[i], (*s.file)["provisions"])));
  return s.read[i].get();
}

}  // namespace

const Provision* Edition::provision(string_view wanted) const {
  for (const Provision& p : provisions)
    if (p.id == wanted) return &p;
  return nullptr;
}

const Case* Edition::test_case(string_view wanted) const {
  for (const Case& c : cases)
    if (c.id == wanted) return &c;
  return nullptr;
}

const Unit* Edition::unit(string_view wanted) const {
  for (const Unit& u : units)
    if (u.short_id == wanted || u.id == wanted) return &u;
  return nullptr;
}

Result<const Edition*> edition(string_view en) {
  constexpr string_view kPrefix = "en303645:";
  const string_view wanted = en.starts_with(kPrefix) ? en.substr(kPrefix.size()) : en;
  Shelf& s = *ASSAY_TRY(shelf());
  const std::vector<Node>& heads = (*s.file)["editions"].items();
  string known;
  for (std::size_t i = 0; i < heads.size(); ++i) {
    if (heads[i]["en"].text() == wanted) return read_once(s, i);
    known += (known.empty() ? "" : ", ") + string(kPrefix) + heads[i]["en"].text();
  }
  return fail(
      Error{Errc::not_found, "there is no edition of EN 303 645 called " + string(en), {}, {}, "known: " + known});
}

std::vector<const Edition*> editions() {
  std::vector<const Edition*> out;
  const Result<Shelf*> s = shelf();
  if (!s) return out;
  for (std::size_t i = 0; i < (*s)->read.size(); ++i)
    if (const Result<const Edition*> e = read_once(**s, i)) out.push_back(*e);
  return out;
}

}  // namespace assay::catalogue
