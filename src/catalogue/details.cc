#include "catalogue/details.h"

#include <algorithm>
#include <set>

#include "base/data.h"
#include "base/data_file.h"
#include "catalogue/catalogue.h"
#include "catalogue/with_id.h"

namespace assay::catalogue {
namespace {

using std::string;
using std::string_view;

constexpr std::array<std::pair<string_view, Change>, 7> kChanges = {{{"none", Change::none},
                                                                     {"wording", Change::wording},
                                                                     {"status", Change::status},
                                                                     {"changed", Change::changed},
                                                                     {"new", Change::added},
                                                                     {"void", Change::dropped},
                                                                     {"renumbered", Change::renumbered}}};
constexpr string_view kEffects[] = {"disproves", "confirms", "helps"};
constexpr string_view kAutomatable[] = {"full", "partial", "no"};
constexpr string_view kProvisions = "standards/en_303_645_notes.yaml";
constexpr string_view kCases = "standards/ts_103_701_cases_notes.yaml";
constexpr string_view kLooks = "standards/ts_103_701_looks_";

template <std::size_t N>
bool among(const string_view (&words)[N], string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

Result<ProvisionNotes> read_provision(const DataFile& file, const Node& node) {
  ASSAY_TRY(file.keys(node, {"id", "applies_to", "change", "what", "note", "replaces", "replaced_by"}));
  ProvisionNotes out;
  out.id = ASSAY_TRY(file.text(node, "id"));
  out.applies_to = ASSAY_TRY(file.list(node, "applies_to"));
  out.change = ASSAY_TRY(file.word(node, "change", kChanges));
  out.what = file.maybe(node, "what");
  out.note = file.maybe(node, "note");
  out.replaces = ASSAY_TRY(file.list(node, "replaces"));
  out.replaced_by = ASSAY_TRY(file.list(node, "replaced_by"));
  return out;
}

Result<CaseNotes> read_case(const DataFile& file, const Node& node) {
  ASSAY_TRY(file.keys(
      node, {"id", "automatable", "artefacts", "note", "verdict_note", "delegates_to", "successors", "printed_id"}));
  CaseNotes out;
  out.id = ASSAY_TRY(file.text(node, "id"));
  out.automatable = ASSAY_TRY(file.text(node, "automatable"));
  if (!among(kAutomatable, out.automatable))
    return file.bad(node["automatable"], "'automatable' is full, partial or no");
  out.artefacts = ASSAY_TRY(file.list(node, "artefacts"));
  out.note = file.maybe(node, "note");
  out.verdict_note = file.maybe(node, "verdict_note");
  out.delegates_to = ASSAY_TRY(file.list(node, "delegates_to"));
  out.successors = ASSAY_TRY(file.list(node, "successors"));
  out.printed_id = file.maybe(node, "printed_id");
  return out;
}

Result<UnitNotes> read_unit(const DataFile& file, const Node& node) {
  ASSAY_TRY(file.keys(node, {"id", "other_edition", "looks", "also_useful", "after", "note"}));
  UnitNotes out;
  out.id = ASSAY_TRY(file.text(node, "id"));
  out.other_edition = file.maybe(node, "other_edition");
  for (const Node& item : node["looks"].items()) {
    ASSAY_TRY(file.keys(item, {"effect", "table", "in", "what"}));
    Look look;
    look.effect = ASSAY_TRY(file.text(item, "effect"));
    if (!among(kEffects, look.effect)) return file.bad(item["effect"], "'effect' is disproves, confirms or helps");
    look.table = ASSAY_TRY(file.text(item, "table"));
    look.in = ASSAY_TRY(file.text(item, "in"));
    look.what = ASSAY_TRY(file.text(item, "what"));
    out.looks.push_back(std::move(look));
  }
  out.also_useful = ASSAY_TRY(file.list(node, "also_useful"));
  out.after = file.maybe(node, "after");
  out.note = file.maybe(node, "note");
  return out;
}

Result<TableNotes> read_table(const DataFile& file, const Node& node) {
  ASSAY_TRY(file.keys(node, {"table", "about", "confidence", "source"}));
  TableNotes out;
  out.table = ASSAY_TRY(file.text(node, "table"));
  out.about = ASSAY_TRY(file.text(node, "about"));
  out.backing.confidence = ASSAY_TRY(file.word(node, "confidence", kConfidences));
  out.backing.source = ASSAY_TRY(file.list(node, "source"));
  return out;
}

Result<std::pair<string, string>> read_group(const DataFile& file, const Node& node) {
  ASSAY_TRY(file.keys(node, {"provision", "note"}));
  string provision = ASSAY_TRY(file.text(node, "provision"));
  return std::pair<string, string>(std::move(provision), ASSAY_TRY(file.text(node, "note")));
}

// Ids of both editions, for cross references.
struct Ids {
  std::set<string, std::less<>> provisions, cases, units;
  Ids() {
    for (const Edition* e : editions()) {
      for (const Provision& p : e->provisions) provisions.insert(p.id);
      for (const Case& c : e->cases) {
        cases.insert(c.id);
        cases.insert(c.id + "@V" + e->ts);
      }
      for (const Unit& u : e->units) {
        units.insert(u.id);
        units.insert(u.short_id);
      }
    }
  }
};

// One list of one file: a mistake in an entry is noted, and the next entry read.
template <class T, class F>
void read_list(const DataFile& file, const Node& list, F read, std::vector<T>& out, std::vector<Error>& errors) {
  for (const Node& item : list.items()) {
    auto one = read(file, item);
    if (one)
      out.push_back(std::move(*one));
    else
      errors.push_back(std::move(one).error());
  }
}

void known(const DataFile& file, const Node& node, const std::vector<string>& ids,
           const std::set<string, std::less<>>& all, std::vector<Error>& errors) {
  for (const string& id : ids)
    if (!id.empty() && !all.contains(id))
      errors.push_back(file.bad(node, fmt::format("'{}' does not exist in either edition", id)).value());
}

Details read_all(std::vector<Error>& errors, bool references) {
  Details out;
  const auto open = [&](string_view name) -> const Node* {
    const auto tree = data::file(name);
    if (tree) return *tree;
    errors.push_back(tree.error());
    return nullptr;
  };
  const auto only = [&](const DataFile& file, const Node& node, std::initializer_list<string_view> keys) {
    if (auto fine = file.keys(node, keys); !fine) errors.push_back(std::move(fine).error());
  };
  std::vector<std::pair<DataFile, const Node*>> trees;
  if (const Node* n = open(kProvisions)) {
    const DataFile file{string(kProvisions)};
    only(file, *n, {"provisions"});
    read_list(file, (*n)["provisions"], read_provision, out.provisions, errors);
    trees.emplace_back(file, n);
  }
  if (const Node* n = open(kCases)) {
    const DataFile file{string(kCases)};
    only(file, *n, {"cases", "groups", "ixit"});
    read_list(file, (*n)["cases"], read_case, out.cases, errors);
    read_list(file, (*n)["groups"], read_group, out.groups, errors);
    read_list(file, (*n)["ixit"], read_table, out.tables, errors);
    trees.emplace_back(file, n);
  }
  for (const string& name : data::list(kLooks))
    if (const Node* n = open(name)) {
      const DataFile file(name);
      only(file, *n, {"units"});
      read_list(file, (*n)["units"], read_unit, out.units, errors);
      trees.emplace_back(file, n);
    }
  if (!references) return out;
  const Ids ids;
  for (const auto& [file, n] : trees) {
    for (const Node& item : (*n)["provisions"].items()) {
      known(file, item, {item["id"].text()}, ids.provisions, errors);
      known(file, item["replaces"], item["replaces"].texts(), ids.provisions, errors);
      known(file, item["replaced_by"], item["replaced_by"].texts(), ids.provisions, errors);
    }
    for (const Node& item : (*n)["groups"].items())
      known(file, item, {item["provision"].text()}, ids.provisions, errors);
    for (const Node& item : (*n)["cases"].items()) {
      known(file, item, {item["id"].text()}, ids.cases, errors);
      known(file, item["successors"], item["successors"].texts(), ids.cases, errors);
    }
    for (const Node& item : (*n)["units"].items()) {
      known(file, item, {item["id"].text()}, ids.units, errors);
      known(file, item, {item["other_edition"].text(), item["after"].text()}, ids.units, errors);
    }
  }
  return out;
}

}  // namespace

std::string_view name(Change change) { return name_in(kChanges, change); }

const ProvisionNotes* Details::provision(string_view id) const { return with_id(provisions, id); }
const CaseNotes* Details::test_case(string_view id, string_view ts) const {
  const string exact = string(id) + "@V" + string(ts);
  const CaseNotes* one = with_id(cases, exact);
  return one != nullptr ? one : with_id(cases, id);
}
const UnitNotes* Details::unit(string_view id) const { return with_id(units, id); }
const TableNotes* Details::table(string_view label) const {
  for (const TableNotes& t : tables)
    if (t.table == label) return &t;
  return nullptr;
}
std::string_view Details::group(string_view provision) const {
  for (const auto& [id, note] : groups)
    if (id == provision) return note;
  return {};
}

Result<const Details*> details() {
  struct Shelf {
    Details all;
    std::vector<Error> errors;
  };
  static const Shelf shelf = [] {
    Shelf s;
    s.all = read_all(s.errors, false);
    return s;
  }();
  if (!shelf.errors.empty()) return fail(shelf.errors.front());
  return &shelf.all;
}

std::vector<Error> check_details() {
  std::vector<Error> errors;
  read_all(errors, true);
  return errors;
}

}  // namespace assay::catalogue
