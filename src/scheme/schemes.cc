// Reading the register. Every key of every file is checked: a misspelt one in a data file would otherwise silently
// widen a law.
#include "scheme/scheme.h"

#include <algorithm>
#include <mutex>
#include <set>

#include <fmt/format.h>

#include "base/data.h"
#include "base/data_file.h"
#include "base/text.h"

namespace assay::scheme {
namespace {

constexpr std::array<std::pair<std::string_view, Status>, 4> kStatuses = {{{"running", Status::running},
                                                                           {"closed", Status::closed},
                                                                           {"planned", Status::planned},
                                                                           {"none_found", Status::none_found}}};
constexpr std::string_view kEffects[] = {"deemed_compliant",
                                         "presumption_of_conformity",
                                         "recognised_as",
                                         "simplified_application",
                                         "evidence_accepted",
                                         "evidence_helps",
                                         "none"};
constexpr std::string_view kKinds[] = {"law",   "label",    "certification", "guideline",
                                       "forum", "standard", "industry",      "none_found"};

Result<Backing> read_backing(const DataFile& file, const Node& node) {
  Backing out;
  out.confidence = ASSAY_TRY(file.word(node, "confidence", kConfidences));
  out.source = ASSAY_TRY(file.list(node, "source"));
  return out;
}

Result<Carry> read_carry(const DataFile& file, const Node& node, const std::string& baseline) {
  ASSAY_TRY(file.keys(node, {"from", "baseline", "relation", "source", "confidence"}));
  Carry out;
  out.from = ASSAY_TRY(file.list(node, "from"));
  for (const std::string& provision : ASSAY_TRY(file.list(node, "baseline"))) out.from.push_back(baseline + provision);
  if (out.from.empty()) return file.bad(node, "nothing to carry from");
  out.relation = ASSAY_TRY(file.word(node, "relation", kRelations));
  out.backing = ASSAY_TRY(read_backing(file, node));
  return out;
}

struct ClauseReader {
  const DataFile& file;
  const Scheme& scheme;
  const Register& all;
  std::string baseline;  // "en303645:2.1.1:"

  // A text is a requirement of this scheme, or with a colon a full id; a mapping is one of baseline, all_of, any_of.
  Result<Clause> read(const Node& node, int depth) const {
    if (depth > 8) return file.bad(node, "nested too deep");
    Clause out;
    if (node.is_text()) {
      out.kind = Clause::Kind::leaf;
      out.id = node.text().find(':') == std::string::npos ? scheme.id + ":" + node.text() : node.text();
      if (out.id.starts_with(scheme.id + ":") && scheme.requirement(out.id) == nullptr)
        return file.bad(node, fmt::format("no requirement '{}' in this file", node.text()));
      return out;
    }
    ASSAY_TRY(file.keys(node, {"title", "baseline", "all_of", "any_of"}));
    out.title = file.maybe(node, "title");
    if (const Node* names = node.find("baseline")) {
      std::vector<std::string> ids = names->texts();
      const Edition* edition = all.edition(scheme.edition);
      if (edition == nullptr) return file.bad(node, "the scheme names no known edition");
      if (ids == std::vector<std::string>{"mandatory"}) ids = edition->mandatory;
      for (const std::string& id : ids) {
        if (!edition->has(id)) return file.bad(*names, fmt::format("no provision '{}' in that edition", id));
        out.parts.push_back({Clause::Kind::leaf, baseline + id, {}, {}});
      }
      return out;
    }
    const Node* parts = node.find("all_of");
    if (parts == nullptr) {
      parts = node.find("any_of");
      out.kind = Clause::Kind::any_of;
    }
    if (parts == nullptr || !parts->is_sequence() || parts->items().empty())
      return file.bad(node, "one of baseline, all_of and any_of is wanted");
    for (const Node& part : parts->items()) out.parts.push_back(ASSAY_TRY(read(part, depth + 1)));
    return out;
  }
};

Result<Level> read_level(const DataFile& file, const Node& node, const Scheme& scheme, const Register& all) {
  ASSAY_TRY(
      file.keys(node, {"id", "title", "from", "open", "asks", "beyond", "steps", "note", "source", "confidence"}));
  Level out;
  out.id = ASSAY_TRY(file.text(node, "id"));
  out.title = file.maybe(node, "title");
  out.from = ASSAY_TRY(file.date(node, "from"));
  out.open = ASSAY_TRY(file.flag(node, "open", true));
  out.note = file.maybe(node, "note");
  out.steps = ASSAY_TRY(file.list(node, "steps"));
  out.backing = ASSAY_TRY(read_backing(file, node));
  const Node& asks = node["asks"];
  if (asks.text() == "not_listed")
    out.listed = false;
  else
    out.asks = ASSAY_TRY(ClauseReader{file, scheme, all, "en303645:" + scheme.edition + ":"}.read(asks, 0));
  if (node["beyond"].text() == "unknown")
    out.beyond_known = false;
  else
    out.beyond = ASSAY_TRY(file.list(node, "beyond"));
  for (const std::string& step : out.steps)
    if (!all.strength.contains(step)) return file.bad(node, fmt::format("unknown assessment step '{}'", step));
  return out;
}

Result<Scheme> read_scheme(const std::string& name, const Register& all) {
  const DataFile file(name);
  const Node& node = *ASSAY_TRY(data::file(name));
  ASSAY_TRY(file.keys(node, {"scheme",         "title",  "name",      "kind",         "jurisdiction", "authority",
                             "status",         "from",   "until",     "term_months",  "mark_only",    "edition",
                             "scope",          "bases",  "mandatory", "requirements", "levels",       "open_questions",
                             "no_recognition", "source", "confidence"}));
  Scheme out;
  out.id = ASSAY_TRY(file.text(node, "scheme"));
  if (name != "schemes/" + out.id + ".yaml") return file.bad(node, "the file is named otherwise than its scheme");
  out.title = ASSAY_TRY(file.text(node, "title"));
  out.name = ASSAY_TRY(file.text(node, "name"));
  out.kind = ASSAY_TRY(file.text(node, "kind"));
  if (std::find(std::begin(kKinds), std::end(kKinds), out.kind) == std::end(kKinds))
    return file.bad(node["kind"], "unknown kind");
  out.jurisdiction = ASSAY_TRY(file.text(node, "jurisdiction"));
  out.authority = file.maybe(node, "authority");
  ASSAY_TRY(file.keys(node["status"], {"value", "note", "source", "confidence"}));
  out.status = ASSAY_TRY(file.word(node["status"], "value", kStatuses));
  out.status_note = file.maybe(node["status"], "note");
  const auto dated = [&](std::string_view key) -> Result<std::optional<PartialDate>> {
    const Node& fact = node[key];
    if (fact.is_null()) return std::optional<PartialDate>();
    ASSAY_TRY(file.keys(fact, {"date", "note", "source", "confidence"}));
    return file.date(fact, "date");
  };
  out.from = ASSAY_TRY(dated("from"));
  out.until = ASSAY_TRY(dated("until"));
  out.backing = ASSAY_TRY(read_backing(file, node));
  if (const Node* term = node.find("term_months")) {
    ASSAY_TRY(file.keys(*term, {"value", "note", "source", "confidence"}));
    const auto months = (*term)["value"].integer();
    if (!months || *months < 1 || *months > 600) return file.bad(*term, "a term in months is wanted");
    out.term_months = static_cast<int>(*months);
  }
  out.mark_only = ASSAY_TRY(file.flag(node, "mark_only", false));
  out.edition = file.maybe(node, "edition");
  out.scope = file.maybe(node, "scope");
  if (!out.scope.empty() && !all.scopes.contains(out.scope)) return file.bad(node["scope"], "no such scope list");
  out.bases = ASSAY_TRY(file.list(node, "bases"));
  for (const Node& item : node["mandatory"].items()) {
    ASSAY_TRY(file.keys(item, {"level", "categories", "from", "note", "source", "confidence"}));
    Scheme::Mandatory m;
    m.level = ASSAY_TRY(file.text(item, "level"));
    m.categories = ASSAY_TRY(file.list(item, "categories"));
    const auto from = ASSAY_TRY(file.date(item, "from"));
    if (!from) return file.bad(item, "'from' is wanted");
    m.from = *from;
    m.note = ASSAY_TRY(file.text(item, "note"));
    out.mandatory.push_back(std::move(m));
  }
  for (const Node& item : node["requirements"].items()) {
    ASSAY_TRY(file.keys(item, {"id", "title", "cite", "conditional", "carry", "source", "confidence"}));
    Requirement r;
    r.id = out.id + ":" + ASSAY_TRY(file.text(item, "id"));
    r.title = ASSAY_TRY(file.text(item, "title"));
    r.cite = file.maybe(item, "cite");
    r.conditional = ASSAY_TRY(file.flag(item, "conditional", false));
    r.backing = ASSAY_TRY(read_backing(file, item));
    for (const Node& carry : item["carry"].items())
      r.carry.push_back(ASSAY_TRY(read_carry(file, carry, "en303645:" + out.edition + ":")));
    if (out.requirement(r.id) != nullptr) return file.bad(item, "this requirement is there twice");
    out.requirements.push_back(std::move(r));
  }
  for (const Node& item : node["levels"].items()) {
    Level level = ASSAY_TRY(read_level(file, item, out, all));
    if (out.level(level.id) != nullptr) return file.bad(item, "this level is there twice");
    out.levels.push_back(std::move(level));
  }
  out.open_questions = ASSAY_TRY(file.list(node, "open_questions"));
  if (const Node* none = node.find("no_recognition")) {
    ASSAY_TRY(file.keys(*none, {"note", "source", "confidence"}));
    const Backing backing = ASSAY_TRY(read_backing(file, *none));
    out.no_recognition = fmt::format("{} ({}, confidence {})", ASSAY_TRY(file.text(*none, "note")),
                                     join(backing.source, ", "), assay::name(backing.confidence));
  }
  return out;
}

Result<Arrangement> read_arrangement(const std::string& name, const Register& all) {
  const DataFile file(name);
  const Node& node = *ASSAY_TRY(data::file(name));
  ASSAY_TRY(file.keys(node, {"arrangement", "title", "type", "parties", "live", "status_note", "from", "until",
                             "legal_basis", "scope", "rules", "conditions", "note", "source", "confidence"}));
  Arrangement out;
  out.id = ASSAY_TRY(file.text(node, "arrangement"));
  if (name != "recognition/" + out.id + ".yaml")
    return file.bad(node, "the file is named otherwise than its arrangement");
  out.title = ASSAY_TRY(file.text(node, "title"));
  out.type = ASSAY_TRY(file.text(node, "type"));
  out.parties = ASSAY_TRY(file.list(node, "parties"));
  out.live = ASSAY_TRY(file.flag(node, "live", true));
  out.status_note = file.maybe(node, "status_note");
  out.legal_basis = file.maybe(node, "legal_basis");
  out.note = file.maybe(node, "note");
  out.from = ASSAY_TRY(file.date(node, "from"));
  out.until = ASSAY_TRY(file.date(node, "until"));
  out.scope = file.maybe(node, "scope");
  out.conditions = ASSAY_TRY(file.list(node, "conditions"));
  out.backing = ASSAY_TRY(read_backing(file, node));
  for (const Node& item : node["rules"].items()) {
    ASSAY_TRY(file.keys(item, {"from", "from_levels", "to", "to_other", "to_level", "effect", "usable", "since",
                               "until", "edition", "scope", "covers", "conditions", "note", "source", "confidence"}));
    Rule r;
    r.from_scheme = ASSAY_TRY(file.text(item, "from"));
    r.from_levels = ASSAY_TRY(file.list(item, "from_levels"));
    const bool other = item.has("to_other");  // a body or a standard, not a scheme of the register
    r.to_scheme = ASSAY_TRY(file.text(item, other ? "to_other" : "to"));
    r.to_level = file.maybe(item, "to_level");
    r.effect = ASSAY_TRY(file.text(item, "effect"));
    if (std::find(std::begin(kEffects), std::end(kEffects), r.effect) == std::end(kEffects))
      return file.bad(item["effect"], "unknown effect");
    if (item.has("usable")) r.usable = ASSAY_TRY(file.text(item, "usable"));
    r.from = ASSAY_TRY(file.date(item, "since"));
    r.until = ASSAY_TRY(file.date(item, "until"));
    r.edition = file.maybe(item, "edition");
    r.scope = file.maybe(item, "scope");
    r.covers = ASSAY_TRY(file.list(item, "covers"));
    r.conditions = ASSAY_TRY(file.list(item, "conditions"));
    r.note = file.maybe(item, "note");
    r.backing = ASSAY_TRY(read_backing(file, item));
    const Scheme* from = all.scheme(r.from_scheme);
    if (from == nullptr) return file.bad(item["from"], "no such scheme");
    for (const std::string& level : r.from_levels)
      if (from->level(level) == nullptr)
        return file.bad(item["from_levels"], fmt::format("no level '{}' there", level));
    const Scheme* to = all.scheme(r.to_scheme);
    if ((to == nullptr) != other) return file.bad(item, "to names a scheme, to_other none");
    if (!r.to_level.empty() && (other || to->level(r.to_level) == nullptr))
      return file.bad(item["to_level"], "no such level there");
    for (const std::string& scope : {r.scope, out.scope})
      if (!scope.empty() && !all.scopes.contains(scope))
        return file.bad(item, fmt::format("no scope list '{}'", scope));
    out.rules.push_back(std::move(r));
  }
  return out;
}

Result<void> read_categories(Register& all) {
  const std::string name = "categories.yaml";
  const DataFile file(name);
  const Node& node = *ASSAY_TRY(data::file(name));
  ASSAY_TRY(file.keys(node, {"categories", "scopes"}));
  std::set<std::string> words;
  for (const Node& item : node["categories"].items()) {
    ASSAY_TRY(file.keys(item, {"id", "title", "synonyms"}));
    Category c;
    c.id = ASSAY_TRY(file.text(item, "id"));
    c.title = ASSAY_TRY(file.text(item, "title"));
    c.synonyms = ASSAY_TRY(file.list(item, "synonyms"));
    if (!words.insert(c.id).second) return file.bad(item, "this word is there twice");
    for (const std::string& synonym : c.synonyms)
      if (synonym != lower(synonym) || !words.insert(synonym).second)
        return file.bad(item, fmt::format("the synonym '{}' is there twice, or not in small letters", synonym));
    all.categories.push_back(std::move(c));
  }
  for (const Node& item : node["scopes"].items()) {
    ASSAY_TRY(file.keys(item, {"id", "title", "others", "in", "out", "depends", "source", "confidence"}));
    ScopeList list;
    list.id = ASSAY_TRY(file.text(item, "id"));
    list.backing = ASSAY_TRY(read_backing(file, item));
    const std::string others = ASSAY_TRY(file.text(item, "others"));
    if (others == "in" || others == "out")
      list.others = others == "in";
    else if (others != "not_said")
      return file.bad(item["others"], "in, out or not_said is wanted");
    for (const bool in : {true, false})
      for (const Node& entry : item[in ? "in" : "out"].items()) {
        ScopeEntry e;
        e.in = in;
        std::string category = entry.text();
        if (entry.is_mapping()) {
          ASSAY_TRY(file.keys(entry, {"category", "why", "from"}));
          category = ASSAY_TRY(file.text(entry, "category"));
          e.why = file.maybe(entry, "why");
          e.from = ASSAY_TRY(file.date(entry, "from"));
        }
        if (all.category(category) == nullptr) return file.bad(entry, fmt::format("no category '{}'", category));
        if (!list.entries.emplace(category, std::move(e)).second)
          return file.bad(entry, "this category is there twice");
      }
    for (const Node& entry : item["depends"].items()) {
      ASSAY_TRY(file.keys(entry, {"category", "why"}));
      const std::string category = ASSAY_TRY(file.text(entry, "category"));
      if (all.category(category) == nullptr) return file.bad(entry, fmt::format("no category '{}'", category));
      list.depends[category] = ASSAY_TRY(file.text(entry, "why"));
    }
    all.scopes[list.id] = std::move(list);
  }
  return {};
}

Result<void> read_editions(Register& all) {
  const std::string name = "crosswalk/en303645_editions.yaml";
  const DataFile file(name);
  const Node& node = *ASSAY_TRY(data::file(name));
  ASSAY_TRY(file.keys(node, {"editions", "carry"}));
  for (const Node& item : node["editions"].items()) {
    ASSAY_TRY(file.keys(item, {"edition", "date", "mandatory", "recommended", "conditional", "source", "confidence"}));
    Edition e;
    e.edition = ASSAY_TRY(file.text(item, "edition"));
    e.mandatory = ASSAY_TRY(file.list(item, "mandatory"));
    e.recommended = ASSAY_TRY(file.list(item, "recommended"));
    e.conditional = ASSAY_TRY(file.list(item, "conditional"));
    all.editions.push_back(std::move(e));
  }
  for (const Node& direction : node["carry"].items()) {
    ASSAY_TRY(file.keys(direction, {"from", "to", "pairs"}));
    for (const Node& item : direction["pairs"].items()) {
      ASSAY_TRY(file.keys(item, {"from", "to", "relation", "not_applicable", "why", "confidence"}));
      EditionPair p;
      p.from_edition = ASSAY_TRY(file.text(direction, "from"));
      p.to_edition = ASSAY_TRY(file.text(direction, "to"));
      p.from = ASSAY_TRY(file.list(item, "from"));
      p.to = ASSAY_TRY(file.text(item, "to"));
      p.relation = ASSAY_TRY(file.word(item, "relation", kRelations));
      p.not_applicable = ASSAY_TRY(file.flag(item, "not_applicable", false));
      p.why = file.maybe(item, "why");
      p.confidence = ASSAY_TRY(file.word(item, "confidence", kConfidences));
      const Edition* from = all.edition(p.from_edition);
      const Edition* to = all.edition(p.to_edition);
      if (from == nullptr || to == nullptr || !to->has(p.to) || p.from.empty() ||
          !std::all_of(p.from.begin(), p.from.end(), [&](const std::string& id) { return from->has(id); }))
        return file.bad(item, "a provision or edition that is not there");
      all.pairs.push_back(std::move(p));
    }
  }
  return {};
}

Result<void> read_assessment(Register& all) {
  const std::string name = "sources.yaml";
  const DataFile file(name);
  const Node& node = *ASSAY_TRY(data::file(name));
  ASSAY_TRY(file.keys(node, {"sources", "assessment_strength"}));
  for (const Node::Member& source : node["sources"].members()) all.sources.push_back(source.key);
  std::sort(all.sources.begin(), all.sources.end());
  for (const Node::Member& step : node["assessment_strength"]["steps"].members()) {
    const auto strength = step.value.integer();
    if (!strength) return file.bad(step.value, "a number is wanted");
    all.strength[step.key] = static_cast<int>(*strength);
  }
  return {};
}

Result<Register> read_all() {
  Register all;
  ASSAY_TRY(read_assessment(all));
  ASSAY_TRY(read_categories(all));
  ASSAY_TRY(read_editions(all));
  for (const std::string& name : data::list("schemes/")) all.schemes.push_back(ASSAY_TRY(read_scheme(name, all)));
  std::sort(all.schemes.begin(), all.schemes.end(), [](const Scheme& a, const Scheme& b) { return a.id < b.id; });
  for (const std::string& name : data::list("recognition/"))
    all.arrangements.push_back(ASSAY_TRY(read_arrangement(name, all)));
  return all;
}

}  // namespace

std::string_view name(Status status) { return name_in(kStatuses, status); }

const Level* Scheme::level(std::string_view wanted) const {
  for (const Level& l : levels)
    if (l.id == wanted) return &l;
  return nullptr;
}
const Requirement* Scheme::requirement(std::string_view wanted) const {
  for (const Requirement& r : requirements)
    if (r.id == wanted) return &r;
  return nullptr;
}
bool Edition::has(std::string_view provision) const {
  return std::find(mandatory.begin(), mandatory.end(), provision) != mandatory.end() ||
         std::find(recommended.begin(), recommended.end(), provision) != recommended.end();
}
bool Edition::is_conditional(std::string_view provision) const {
  return std::find(conditional.begin(), conditional.end(), provision) != conditional.end();
}
const Scheme* Register::scheme(std::string_view id) const {
  for (const Scheme& s : schemes)
    if (s.id == id) return &s;
  return nullptr;
}
const Edition* Register::edition(std::string_view wanted) const {
  for (const Edition& e : editions)
    if (e.edition == wanted) return &e;
  return nullptr;
}
bool Register::is_mandatory(std::string_view id) const {
  const std::size_t first = id.find(':'), second = id.rfind(':');
  if (first == second) return false;
  const Edition* e = edition(id.substr(first + 1, second - first - 1));
  return e != nullptr &&
         std::find(e->mandatory.begin(), e->mandatory.end(), id.substr(second + 1)) != e->mandatory.end();
}
const Category* Register::category(std::string_view word) const {
  std::string wanted = replace_all(replace_all(lower(trim(word)), "_", "-"), " ", "-");
  for (const Category& c : categories) {
    if (c.id == wanted) return &c;
    for (const std::string& synonym : c.synonyms)
      if (replace_all(synonym, " ", "-") == wanted) return &c;
  }
  return nullptr;
}
int Register::assessment_strength(const Level& level) const {
  int out = 0;
  for (const std::string& step : level.steps)
    if (const auto it = strength.find(step); it != strength.end()) out = std::max(out, it->second);
  return out;
}

Result<const Register*> schemes() {
  static std::mutex mutex;
  static std::optional<Register> read;
  const std::lock_guard lock(mutex);
  if (!read) read = ASSAY_TRY(read_all());
  return &*read;
}

std::string not_in_effect(const Scheme& scheme, const Level& level, Date at) {
  if (scheme.status == Status::closed)
    return "the scheme is closed" + (scheme.status_note.empty() ? "" : ": " + scheme.status_note);
  if (scheme.status != Status::running)
    return "the scheme is not open" + (scheme.status_note.empty() ? "" : ": " + scheme.status_note);
  if (!level.open) return "this level is not open, or not known to be";
  const std::optional<PartialDate>& from = level.from ? level.from : scheme.from;
  if (!from) return "no day is known from which it holds";
  if (at < from->first) return fmt::format("holds from {}, not yet on {}", from->text, at.iso());
  if (scheme.until && at > scheme.until->last) return fmt::format("ended {}", scheme.until->text);
  return {};
}

LevelTitle level_title(const Scheme& scheme, const Level& level) {
  return {scheme.id, level.id, scheme.kind, scheme.jurisdiction,
          level.title.empty() ? scheme.title : scheme.title + " " + level.title};
}
Result<std::vector<LevelTitle>> level_titles() {
  const Register& all = *ASSAY_TRY(schemes());
  std::vector<LevelTitle> out;
  for (const Scheme& scheme : all.schemes)
    for (const Level& level : scheme.levels)
      if (!scheme.mark_only) out.push_back(level_title(scheme, level));
  return out;
}

}  // namespace assay::scheme
