#include "catalogue/requirements.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/data.h"
#include "base/data_file.h"
#include "base/text.h"
#include "catalogue/with_id.h"

namespace assay::catalogue {
namespace {

using std::string;
using std::string_view;

constexpr string_view kFolder = "standards/catalogue/";
constexpr std::array<std::pair<string_view, ItemKind>, 14> kKinds = {{{"requirement", ItemKind::requirement},
                                                                      {"duty", ItemKind::duty},
                                                                      {"exclusion", ItemKind::exclusion},
                                                                      {"scope", ItemKind::scope},
                                                                      {"role", ItemKind::role},
                                                                      {"exception", ItemKind::exception},
                                                                      {"route", ItemKind::route},
                                                                      {"field", ItemKind::field},
                                                                      {"check", ItemKind::check},
                                                                      {"power", ItemKind::power},
                                                                      {"intent", ItemKind::intent},
                                                                      {"step", ItemKind::step},
                                                                      {"rule", ItemKind::rule},
                                                                      {"term", ItemKind::term}}};
constexpr string_view kStrengths[] = {"", "shall", "shall_not", "should", "may"};
constexpr string_view kBindings[] = {"law", "standard", "voluntary", "political"};

// Reads one file; a mistake in one entry is noted and the next entry is read, so that a check finds all of them.
class StandardReader {
 public:
  StandardReader(const string& name, std::vector<Error>& errors) : file_(name), errors_(errors) {}

  void read(const Node& node, Standard& out) {
    note(head(node, out));
    for (const Node& item : node["roles"].items()) {
      Role role;
      note(read_role(item, role));
      out.roles.push_back(std::move(role));
    }
    for (const Node& item : node["editions"].items()) {
      Published edition;
      note(read_edition(item, edition));
      out.editions.push_back(std::move(edition));
    }
    for (const Node& item : node["parts"].items()) {
      Part part;
      note(read_part(item, out, part));
      out.parts.push_back(std::move(part));
    }
    for (const Node& item : node["requirements"].items()) {
      Requirement requirement;
      note(read_requirement(item, out, requirement));
      out.requirements.push_back(std::move(requirement));
    }
    for (const Node& item : node["remarks"].items()) {
      Remark remark;
      note(read_remark(item, out, remark));
      out.remarks.push_back(std::move(remark));
    }
    for (const Node& item : node["notes"].items()) {
      Note n;
      note(read_note(item, out, n));
      out.notes.push_back(std::move(n));
    }
  }

 private:
  void note(Result<void> result) {
    if (!result) errors_.push_back(std::move(result).error());
  }

  Result<void> head(const Node& node, Standard& out) const {
    out.file = file_.name();
    ASSAY_TRY(file_.keys(
        node, {"standard", "title", "name", "publisher", "jurisdictions", "binding", "scheme", "editions", "roles",
               "parts", "requirements", "remarks", "notes", "open_questions", "source", "confidence"}));
    out.id = ASSAY_TRY(file_.text(node, "standard"));
    if (file_.name() != string(kFolder) + out.id + ".yaml")
      return file_.bad(node, "the file is named otherwise than its standard");
    out.title = ASSAY_TRY(file_.text(node, "title"));
    out.name = ASSAY_TRY(file_.text(node, "name"));
    out.publisher = file_.maybe(node, "publisher");
    out.jurisdictions = ASSAY_TRY(file_.list(node, "jurisdictions"));
    for (const string& j : out.jurisdictions)
      if (j.size() != 2 || j == "UK" || lower(j) == j)
        return file_.bad(node["jurisdictions"], fmt::format("'{}' is no ISO 3166-1 code (GB, not UK)", j));
    out.binding = ASSAY_TRY(file_.text(node, "binding"));
    if (std::find(std::begin(kBindings), std::end(kBindings), out.binding) == std::end(kBindings))
      return file_.bad(node["binding"], fmt::format("'{}' is no word for 'binding'", out.binding));
    out.scheme = file_.maybe(node, "scheme");
    out.open_questions = ASSAY_TRY(file_.list(node, "open_questions"));
    for (const string_view key : {"editions", "roles", "parts", "requirements", "remarks", "notes"})
      if (const Node* list = node.find(key); list != nullptr && !list->is_sequence())
        return file_.bad(*list, fmt::format("'{}' has to be a list", key));
    return read_backing(node, out.backing);
  }

  Result<void> read_backing(const Node& node, Backing& out) const {
    out.confidence = ASSAY_TRY(file_.word(node, "confidence", kConfidences));
    out.source = ASSAY_TRY(file_.list(node, "source"));
    if (out.source.empty()) return file_.bad(node, "a 'source' is wanted");
    for (const string& id : out.source)
      if (source(id) == nullptr)
        return file_.bad(node["source"], fmt::format("no source '{}' in data/sources.yaml", id));
    return {};
  }

  Result<void> read_role(const Node& node, Role& out) const {
    ASSAY_TRY(file_.keys(node, {"id", "title"}));
    out.id = ASSAY_TRY(file_.text(node, "id"));
    out.title = ASSAY_TRY(file_.text(node, "title"));
    return {};
  }

  Result<void> read_edition(const Node& node, Published& out) const {
    ASSAY_TRY(file_.keys(node, {"edition", "date", "note", "url", "source", "confidence"}));
    out.edition = ASSAY_TRY(file_.text(node, "edition"));
    out.date = ASSAY_TRY(file_.date(node, "date"));
    out.note = file_.maybe(node, "note");
    out.url = file_.maybe(node, "url");
    return read_backing(node, out.backing);
  }

  Result<std::vector<string>> roles(const Node& node, const Standard& standard) const {
    std::vector<string> out = ASSAY_TRY(file_.list(node, "roles"));
    for (const string& id : out)
      if (std::none_of(standard.roles.begin(), standard.roles.end(), [&](const Role& r) { return r.id == id; }))
        return file_.bad(node["roles"], fmt::format("no role '{}' in this file", id));
    return out;
  }

  Result<std::vector<string>> parts(const Node& node, const Standard& standard) const {
    std::vector<string> out = ASSAY_TRY(file_.list(node, "in"));
    for (string& id : out) {
      id = standard.id + ":" + id;
      if (standard.part(id) == nullptr) return file_.bad(node["in"], fmt::format("no part '{}' in this file", id));
    }
    return out;
  }

  // "S1P1" is of this file, "uk-cop:3" is of another, "5.1-1" of ETSI.
  Result<std::vector<string>> references(const Node& node, string_view key, const Standard& standard) const {
    std::vector<string> out = ASSAY_TRY(file_.list(node, key));
    const bool etsi = standard.id == "en303645" || standard.id == "ts103701";
    for (string& id : out)
      if (id.find(':') == string::npos && !etsi && !(is_digit(id[0]) && id.find('-') != string::npos))
        id = standard.id + ":" + id;
    return out;
  }

  Result<string> new_id(const Node& node, const Standard& standard) const {
    string id = standard.id + ":" + ASSAY_TRY(file_.text(node, "id"));
    if (standard.part(id) != nullptr || standard.requirement(id) != nullptr)
      return file_.bad(node, fmt::format("'{}' is there twice", id));
    return id;
  }

  Result<string> strength(const Node& node) const {
    string word = file_.maybe(node, "strength");
    if (std::find(std::begin(kStrengths), std::end(kStrengths), word) == std::end(kStrengths))
      return file_.bad(node["strength"], fmt::format("'{}' is no word for 'strength'", word));
    return word;
  }

  Result<void> read_part(const Node& node, const Standard& standard, Part& out) const {
    ASSAY_TRY(file_.keys(node, {"id", "kind", "title", "cite", "clauses", "roles", "note", "source", "confidence"}));
    out.id = ASSAY_TRY(new_id(node, standard));
    const string kind = file_.maybe(node, "kind");
    if (!kind.empty() && kind != "guideline") return file_.bad(node["kind"], "a part is a guideline, or has no kind");
    out.guideline = !kind.empty();
    out.title = ASSAY_TRY(file_.text(node, "title"));
    out.cite = file_.maybe(node, "cite");
    out.note = file_.maybe(node, "note");
    out.clauses = ASSAY_TRY(file_.list(node, "clauses"));
    out.roles = ASSAY_TRY(roles(node, standard));
    return read_backing(node, out.backing);
  }

  Result<void> read_requirement(const Node& node, const Standard& standard, Requirement& out) const {
    out.mark = node.mark();
    ASSAY_TRY(file_.keys(node, {"id", "kind", "in", "title", "cite", "strength", "roles", "note", "check", "but_not",
                                "edition", "form", "from", "see", "source", "confidence"}));
    out.id = ASSAY_TRY(new_id(node, standard));
    out.kind = ASSAY_TRY(file_.word(node, "kind", kKinds));
    out.in = ASSAY_TRY(parts(node, standard));
    out.title = ASSAY_TRY(file_.text(node, "title"));
    out.cite = file_.maybe(node, "cite");
    out.strength = ASSAY_TRY(strength(node));
    out.roles = ASSAY_TRY(roles(node, standard));
    out.note = file_.maybe(node, "note");
    out.check = file_.maybe(node, "check");
    out.but_not = file_.maybe(node, "but_not");
    out.edition = file_.maybe(node, "edition");
    out.form = file_.maybe(node, "form");
    out.from = ASSAY_TRY(file_.date(node, "from"));
    out.see = ASSAY_TRY(references(node, "see", standard));
    return read_backing(node, out.backing);
  }

  Result<void> read_remark(const Node& node, const Standard& standard, Remark& out) const {
    out.mark = node.mark();
    ASSAY_TRY(file_.keys(node, {"on", "in", "asks", "strength", "roles", "note", "check", "see"}));
    out.on = standard.id + ":" + ASSAY_TRY(file_.text(node, "on"));
    if (standard.scheme.empty()) return file_.bad(node, "remarks are for a standard with a 'scheme'");
    if (standard.remark(out.on) != nullptr) return file_.bad(node, fmt::format("two remarks on '{}'", out.on));
    out.in = ASSAY_TRY(parts(node, standard));
    out.asks = file_.maybe(node, "asks");
    out.strength = ASSAY_TRY(strength(node));
    out.roles = ASSAY_TRY(roles(node, standard));
    out.note = file_.maybe(node, "note");
    out.check = file_.maybe(node, "check");
    out.see = ASSAY_TRY(references(node, "see", standard));
    return {};
  }

  Result<void> read_note(const Node& node, const Standard& standard, Note& out) const {
    out.mark = node.mark();
    ASSAY_TRY(file_.keys(node, {"text", "about", "source", "confidence"}));
    out.text = ASSAY_TRY(file_.text(node, "text"));
    out.about = ASSAY_TRY(references(node, "about", standard));
    return read_backing(node, out.backing);
  }

  DataFile file_;
  std::vector<Error>& errors_;
};

std::vector<Standard> read_all(std::vector<Error>& errors) {
  std::vector<Standard> out;
  for (const string& name : data::list(kFolder)) {
    const auto tree = data::file(name);
    if (!tree) {
      errors.push_back(tree.error());
      continue;
    }
    Standard standard;
    StandardReader(name, errors).read(**tree, standard);
    out.push_back(std::move(standard));
  }
  std::sort(out.begin(), out.end(), [](const Standard& a, const Standard& b) { return a.id < b.id; });
  return out;
}

}  // namespace

std::string_view name(ItemKind kind) { return name_in(kKinds, kind); }

const Part* Standard::part(string_view wanted) const { return with_id(parts, wanted); }
const Requirement* Standard::requirement(string_view wanted) const { return with_id(requirements, wanted); }
const Remark* Standard::remark(string_view wanted) const {
  for (const Remark& r : remarks)
    if (r.on == wanted) return &r;
  return nullptr;
}

Result<const std::vector<Standard>*> standards() {
  struct Shelf {
    std::vector<Standard> all;
    std::vector<Error> errors;
  };
  static const Shelf shelf = [] {
    Shelf s;
    s.all = read_all(s.errors);
    return s;
  }();
  if (!shelf.errors.empty()) return fail(shelf.errors.front());
  return &shelf.all;
}

Result<const Standard*> standard(string_view id) {
  const auto& all = *ASSAY_TRY(standards());
  std::vector<string_view> known;
  for (const Standard& s : all) {
    if (s.id == id) return &s;
    known.push_back(s.id);
  }
  const string_view near = nearest(id, known);
  return fail(Error{Errc::not_found,
                    fmt::format("no standard is called '{}'", id),
                    {},
                    {},
                    near.empty() ? "assay standards lists all of them." : fmt::format("Did you mean {}?", near)});
}

std::vector<Error> check_standards() {
  std::vector<Error> errors;
  read_all(errors);
  return errors;
}

const Source* source(string_view id) {
  static const std::map<string, Source, std::less<>> all = [] {
    std::map<string, Source, std::less<>> out;
    const auto tree = data::file("sources.yaml");
    if (!tree) return out;
    for (const auto& member : (**tree)["sources"].members()) {
      const Node& n = member.value;
      out[member.key] = {member.key, n["title"].text(), n["publisher"].text(), n["url"].text(), n["class"].text()};
    }
    return out;
  }();
  const auto it = all.find(id);
  return it == all.end() ? nullptr : &it->second;
}

}  // namespace assay::catalogue
