// Reading the register. Every key of every file is checked: a misspelt one in a data file would otherwise silently
// widen a law.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/data.h"
#include "base/text.h"
#include "scheme/reader.h"

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

Result<Carry> read_carry(const Reader& file, const Node& node, const std::string& baseline) {
  ASSAY_TRY(file.keys(node, {"from", "baseline", "relation", "source", "confidence"}));
  Carry out;
  out.from = ASSAY_TRY(file.list(node, "from"));
  for (const std::string& provision : ASSAY_TRY(file.list(node, "baseline"))) out.from.push_back(baseline + provision);
  if (out.from.empty()) return file.bad(node, "nothing to carry from");
  out.relation = ASSAY_TRY(file.word(node, "relation", kRelations));
  out.backing = ASSAY_TRY(file.backing(node));
  return out;
}

struct ClauseReader {
  const Reader& file;
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

Result<Level> read_level(const Reader& file, const Node& node, const Scheme& scheme, const Register& all) {
  ASSAY_TRY(file.keys(node, {"id", "title", "name", "from", "open", "asks", "beyond", "assessment", "against", "note",
                             "source", "confidence"}));
  Level out;
  out.id = ASSAY_TRY(file.text(node, "id"));
  out.title = file.maybe(node, "title");
  out.from = ASSAY_TRY(file.date(node, "from"));
  out.open = ASSAY_TRY(file.flag(node, "open", true));
  out.note = file.maybe(node, "note");
  out.name = file.maybe(node, "name");
  out.backing = ASSAY_TRY(file.backing(node));
  const Node& asks = node["asks"];
  if (asks.text() == "not_listed")
    out.listed = false;
  else
    out.asks = ASSAY_TRY(ClauseReader{file, scheme, all, "en303645:" + scheme.edition + ":"}.read(asks, 0));
  if (node["beyond"].text() == "unknown")
    out.beyond_known = false;
  else
    out.beyond = ASSAY_TRY(file.list(node, "beyond"));
  // `unknown` among what is known: it asks these, and more that nobody here has read.
  if (std::erase(out.beyond, "unknown") > 0) out.beyond_known = false;
  ASSAY_TRY(read_steps(file, node, all, out));
  out.against = ASSAY_TRY(read_against(file, node, scheme, all));
  return out;
}

Result<Scheme> read_scheme(const std::string& name, const Node& node, const Register& all) {
  const Reader file(name, all.sources);
  ASSAY_TRY(file.keys(
      node, {"scheme",    "title",        "name",        "kind",           "jurisdiction",   "authority", "status",
             "from",      "until",        "term_months", "mark_only",      "edition",        "scope",     "bases",
             "mandatory", "requirements", "levels",      "open_questions", "no_recognition", "force",     "covers",
             "base",      "documents",    "validity",    "keep",           "review_months",  "published", "fee",
             "times",     "enforcement",  "practical",   "restrictions",   "tiers",          "changes",   "parts",
             "source",    "confidence"}));
  Scheme out;
  out.file = name;
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
  ASSAY_TRY(file.backing(node["status"]));
  out.status = ASSAY_TRY(file.word(node["status"], "value", kStatuses));
  out.status_note = file.maybe(node["status"], "note");
  const auto dated = [&](std::string_view key) -> Result<std::optional<PartialDate>> {
    const Node& fact = node[key];
    if (fact.is_null()) return std::optional<PartialDate>();
    ASSAY_TRY(file.keys(fact, {"date", "note", "source", "confidence"}));
    ASSAY_TRY(file.backing(fact));
    return file.date(fact, "date");
  };
  out.from = ASSAY_TRY(dated("from"));
  out.until = ASSAY_TRY(dated("until"));
  if (out.from && out.until && out.until->last < out.from->first)
    return file.bad(node["until"], fmt::format("ends on {}, before it begins on {}", out.until->text, out.from->text));
  out.backing = ASSAY_TRY(file.backing(node));
  if (const Node* term = node.find("term_months")) {
    ASSAY_TRY(file.keys(*term, {"value", "note", "source", "confidence"}));
    ASSAY_TRY(file.backing(*term));
    const auto months = ASSAY_TRY(file.number(*term, "value", 1, 600));
    if (!months) return file.bad(*term, "a term in months is wanted");
    out.term_months = static_cast<int>(*months);
  }
  out.mark_only = ASSAY_TRY(file.flag(node, "mark_only", false));
  out.edition = file.maybe(node, "edition");
  if (!out.edition.empty() && all.edition(out.edition) == nullptr)
    return file.bad(node["edition"], fmt::format("no edition {} of EN 303 645", out.edition));
  out.scope = file.maybe(node, "scope");
  if (!out.scope.empty() && !all.scopes.contains(out.scope)) return file.bad(node["scope"], "no such scope list");
  out.bases = ASSAY_TRY(file.list(node, "bases"));
  for (const std::string& basis : out.bases)
    if (basis != "application" && basis != "recognition" && basis != "declaration")
      return file.bad(node["bases"], fmt::format("'{}' is no basis", basis));
  for (const Node& item : node["requirements"].items()) {
    ASSAY_TRY(file.keys(item, {"id", "title", "cite", "conditional", "carry", "source", "confidence"}));
    Requirement r;
    r.id = out.id + ":" + ASSAY_TRY(file.text(item, "id"));
    r.title = ASSAY_TRY(file.text(item, "title"));
    r.cite = file.maybe(item, "cite");
    r.conditional = ASSAY_TRY(file.flag(item, "conditional", false));
    r.backing = ASSAY_TRY(file.backing(item));
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
  for (const Node& item : node["mandatory"].items()) {
    ASSAY_TRY(file.keys(item, {"level", "categories", "from", "note", "source", "confidence"}));
    Scheme::Mandatory m;
    m.level = ASSAY_TRY(file.text(item, "level"));
    if (out.level(m.level) == nullptr)
      return file.bad(item["level"], fmt::format("no level '{}' in this file", m.level));
    ASSAY_TRY(file.backing(item));
    m.categories = ASSAY_TRY(file.list(item, "categories"));
    for (const std::string& category : m.categories)
      if (all.category(category) == nullptr)
        return file.bad(item["categories"], fmt::format("no category '{}'", category));
    const auto from = ASSAY_TRY(file.date(item, "from"));
    if (!from) return file.bad(item, "'from' is wanted");
    m.from = *from;
    m.note = ASSAY_TRY(file.text(item, "note"));
    out.mandatory.push_back(std::move(m));
  }
  ASSAY_TRY(read_facts(file, node, out));
  out.open_questions = ASSAY_TRY(file.list(node, "open_questions"));
  if (const Node* none = node.find("no_recognition")) {
    ASSAY_TRY(file.keys(*none, {"note", "source", "confidence"}));
    const Backing backing = ASSAY_TRY(file.backing(*none));
    out.no_recognition = fmt::format("{} ({}, confidence {})", ASSAY_TRY(file.text(*none, "note")),
                                     join(backing.source, ", "), assay::name(backing.confidence));
  }
  return out;
}

Result<Rule> read_rule(const Reader& file, const Node& item, const Arrangement& in, const Register& all) {
  ASSAY_TRY(file.keys(item, {"from", "from_levels", "to", "to_other", "to_level", "effect", "usable", "since", "until",
                             "edition", "scope", "covers", "conditions", "note", "source", "confidence"}));
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
  ASSAY_TRY(file.days(item, "since", r.from, r.until));
  r.edition = file.maybe(item, "edition");
  r.scope = file.maybe(item, "scope");
  if (!r.scope.empty() && !all.scopes.contains(r.scope))
    return file.bad(item["scope"], fmt::format("no scope list '{}'", r.scope));
  r.covers = ASSAY_TRY(file.list(item, "covers"));
  r.conditions = ASSAY_TRY(file.list(item, "conditions"));
  r.note = file.maybe(item, "note");
  r.backing = ASSAY_TRY(file.backing(item));
  const Scheme* from = all.scheme(r.from_scheme);
  if (from == nullptr) return file.bad(item["from"], fmt::format("no scheme '{}'", r.from_scheme));
  for (const std::string& level : r.from_levels)
    if (from->level(level) == nullptr)
      return file.bad(item["from_levels"], fmt::format("{} has no level '{}'", r.from_scheme, level));
  const Scheme* to = all.scheme(r.to_scheme);
  if (to == nullptr && !other) return file.bad(item["to"], fmt::format("no scheme '{}'", r.to_scheme));
  if (to != nullptr && other) return file.bad(item["to_other"], "to_other is for what is no scheme here");
  if (!r.to_level.empty() && (other || to->level(r.to_level) == nullptr))
    return file.bad(item["to_level"], fmt::format("{} has no level '{}'", r.to_scheme, r.to_level));
  // The same step twice on one day would be two answers to one question.
  for (const Rule& o : in.rules) {
    if (o.from_scheme != r.from_scheme || o.to_scheme != r.to_scheme || o.to_level != r.to_level) continue;
    const bool same = std::any_of(r.from_levels.begin(), r.from_levels.end(), [&](const std::string& level) {
      return std::find(o.from_levels.begin(), o.from_levels.end(), level) != o.from_levels.end();
    });
    if (same && overlap(o.from ? o.from : in.from, o.until ? o.until : in.until, r.from ? r.from : in.from,
                        r.until ? r.until : in.until))
      return file.bad(item, "two rules for the same levels hold on the same day");
  }
  return r;
}

// What a standard, not a mark, gives under a law: the way itself is decided in the scheme's file.
Result<StandardRule> read_standard_rule(const Reader& file, const Node& item, const Register& all) {
  ASSAY_TRY(file.keys(
      item, {"standard", "clauses", "to", "to_level", "part", "effect", "since", "note", "source", "confidence"}));
  StandardRule r;
  r.standard = ASSAY_TRY(file.text(item, "standard"));
  r.clauses = ASSAY_TRY(file.list(item, "clauses"));
  if (const Edition* edition = r.standard.starts_with("en303645:") ? all.edition(r.standard.substr(9)) : nullptr)
    for (const std::string& id : r.clauses)
      if (!edition->has(id)) return file.bad(item["clauses"], fmt::format("no provision '{}' in that edition", id));
  r.to_scheme = ASSAY_TRY(file.text(item, "to"));
  r.to_level = file.maybe(item, "to_level");
  const Scheme* to = all.scheme(r.to_scheme);
  if (to == nullptr) return file.bad(item["to"], fmt::format("no scheme '{}'", r.to_scheme));
  if (!r.to_level.empty() && to->level(r.to_level) == nullptr)
    return file.bad(item["to_level"], fmt::format("{} has no level '{}'", r.to_scheme, r.to_level));
  r.part = file.maybe(item, "part");
  r.effect = ASSAY_TRY(file.text(item, "effect"));
  if (std::find(std::begin(kEffects), std::end(kEffects), r.effect) == std::end(kEffects))
    return file.bad(item["effect"], "unknown effect");
  r.from = ASSAY_TRY(file.date(item, "since"));
  r.note = file.maybe(item, "note");
  r.backing = ASSAY_TRY(file.backing(item));
  return r;
}

Result<Arrangement> read_arrangement(const std::string& name, const Node& node, const Register& all) {
  const Reader file(name, all.sources);
  ASSAY_TRY(file.keys(
      node, {"arrangement", "title", "type", "parties", "live", "status", "from", "until", "since", "legal_basis",
             "products", "scope", "rules", "standards", "conditions", "note", "read", "source", "confidence"}));
  Arrangement out;
  out.file = name;
  out.id = ASSAY_TRY(file.text(node, "arrangement"));
  if (name != "recognition/" + out.id + ".yaml")
    return file.bad(node, "the file is named otherwise than its arrangement");
  out.title = ASSAY_TRY(file.text(node, "title"));
  out.type = ASSAY_TRY(file.text(node, "type"));
  out.parties = ASSAY_TRY(file.list(node, "parties"));
  out.live = ASSAY_TRY(file.flag(node, "live", true));
  out.status = ASSAY_TRY(file.said(node, "status"));
  out.since = ASSAY_TRY(file.said(node, "since"));
  out.legal_basis = ASSAY_TRY(file.said(node, "legal_basis"));
  out.products = ASSAY_TRY(file.said(node, "products"));
  out.note = file.maybe(node, "note");
  ASSAY_TRY(file.days(node, "from", out.from, out.until));
  out.scope = file.maybe(node, "scope");
  if (!out.scope.empty() && !all.scopes.contains(out.scope))
    return file.bad(node["scope"], fmt::format("no scope list '{}'", out.scope));
  out.conditions = ASSAY_TRY(file.list(node, "conditions"));
  out.backing = ASSAY_TRY(file.backing(node));
  out.read = ASSAY_TRY(file.list(node, "read"));
  for (const std::string& id : out.read)
    if (!std::binary_search(all.sources.begin(), all.sources.end(), id))
      return file.bad(node["read"], fmt::format("no source '{}' in data/sources.yaml", id));
  for (const Node& item : node["rules"].items()) out.rules.push_back(ASSAY_TRY(read_rule(file, item, out, all)));
  for (const Node& item : node["standards"].items())
    out.standards.push_back(ASSAY_TRY(read_standard_rule(file, item, all)));
  return out;
}

Result<void> read_categories(const Node& node, Register& all) {
  const Reader file("categories.yaml", all.sources);
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
    list.backing = ASSAY_TRY(file.backing(item));
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

Result<void> read_editions(const Node& node, Register& all) {
  const Reader file("crosswalk/en303645_editions.yaml", all.sources);
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

Result<void> read_sources(const Node& node, Register& all) {
  const DataFile file("sources.yaml");
  if (!node["sources"].is_mapping()) return file.bad(node, "'sources' is wanted");
  for (const Node::Member& source : node["sources"].members()) all.sources.push_back(source.key);
  std::sort(all.sources.begin(), all.sources.end());
  return {};
}

Result<void> read_step_kinds(const Node& node, Register& all) {
  const Reader file("assessment_steps.yaml", all.sources);
  constexpr std::string_view kBy[] = {"maker", "assessor", "laboratory", "body", "authority"};
  ASSAY_TRY(file.keys(node, {"steps", "source", "confidence"}));
  ASSAY_TRY(file.backing(node));
  for (const Node& item : node["steps"].items()) {
    ASSAY_TRY(file.keys(item, {"id", "title", "by", "strength", "paper", "sometimes"}));
    StepKind step;
    step.id = ASSAY_TRY(file.text(item, "id"));
    step.title = ASSAY_TRY(file.text(item, "title"));
    step.by = ASSAY_TRY(file.text(item, "by"));
    if (std::find(std::begin(kBy), std::end(kBy), step.by) == std::end(kBy))
      return file.bad(item["by"], fmt::format("'{}' is nobody who takes a step", step.by));
    const auto strength = ASSAY_TRY(file.number(item, "strength", 0, 6));
    if (!strength) return file.bad(item, "'strength' is wanted");
    step.strength = static_cast<int>(*strength);
    step.paper = file.maybe(item, "paper");
    step.sometimes = ASSAY_TRY(file.flag(item, "sometimes", false));
    const std::string id = step.id;
    if (!all.steps.emplace(id, std::move(step)).second) return file.bad(item, "this step is there twice");
  }
  return {};
}

// Standards that a way may name and that are no scheme and no edition of EN 303 645; verdicts on them are taken as
// given.
constexpr std::string_view kOtherStandards[] = {"iso-29147"};

// What other files have to hold: every id that a level asks or a carry rests on, and no carry that comes back to
// itself.
class Links {
 public:
  explicit Links(const Register& all) : all_(all) {}

  Result<void> check(const Scheme& scheme, const Node& node) const {
    const DataFile file(scheme.file);
    const std::vector<Node>& requirements = node["requirements"].items();
    for (std::size_t i = 0; i < scheme.requirements.size(); ++i) {
      const Requirement& r = scheme.requirements[i];
      for (std::size_t c = 0; c < r.carry.size(); ++c)
        for (const std::string& id : r.carry[c].from)
          if (!there(id))
            return file.bad(requirements[i]["carry"].items()[c], fmt::format("nothing is called '{}'", id));
      std::vector<std::string> path;
      if (circular(r, path))
        return file.bad(requirements[i], fmt::format("its verdict would rest on itself: {}", join(path, ", then ")));
    }
    for (const Node& level : node["levels"].items()) ASSAY_TRY(asks(file, level["asks"]));
    return {};
  }

 private:
  bool there(const std::string& id) const {
    const std::string_view head = std::string_view(id).substr(0, id.find(':'));
    if (head == "en303645") {
      const std::size_t second = id.find(':', head.size() + 1);
      if (second == std::string::npos) return false;
      const Edition* edition = all_.edition(std::string_view(id).substr(head.size() + 1, second - head.size() - 1));
      return edition != nullptr && edition->has(std::string_view(id).substr(second + 1));
    }
    if (const Scheme* s = all_.scheme(head)) return s->requirement(id) != nullptr;
    return std::find(std::begin(kOtherStandards), std::end(kOtherStandards), head) != std::end(kOtherStandards);
  }
  Result<void> asks(const DataFile& file, const Node& node) const {
    if (node.is_text() && node.text().find(':') != std::string::npos && !there(node.text()))
      return file.bad(node, fmt::format("nothing is called '{}'", node.text()));
    for (const char* key : {"all_of", "any_of"})
      for (const Node& part : node[key].items()) ASSAY_TRY(asks(file, part));
    return {};
  }
  bool circular(const Requirement& r, std::vector<std::string>& path) const {
    if (std::find(path.begin(), path.end(), r.id) != path.end()) {
      path.push_back(r.id);
      return path.front() == r.id;  // a circle further on is told where it begins
    }
    path.push_back(r.id);
    for (const Carry& c : r.carry)
      for (const std::string& id : c.from) {
        const Scheme* s = all_.scheme(std::string_view(id).substr(0, id.find(':')));
        const Requirement* next = s == nullptr ? nullptr : s->requirement(id);
        if (next != nullptr && circular(*next, path)) return true;
      }
    path.pop_back();
    return false;
  }

  const Register& all_;
};

}  // namespace

std::string_view name(Status status) { return name_in(kStatuses, status); }

Files data_files() {
  return {[](std::string_view prefix) { return data::list(prefix); },
          [](const std::string& name) { return data::file(name); }};
}

Result<Register> read_register(const Files& files, std::vector<Error>* errors) {
  Register all;
  // What everything else names has to be whole.
  ASSAY_TRY(read_sources(*ASSAY_TRY(files.file("sources.yaml")), all));
  ASSAY_TRY(read_step_kinds(*ASSAY_TRY(files.file("assessment_steps.yaml")), all));
  ASSAY_TRY(read_categories(*ASSAY_TRY(files.file("categories.yaml")), all));
  ASSAY_TRY(read_editions(*ASSAY_TRY(files.file("crosswalk/en303645_editions.yaml")), all));
  const auto keep = [&](Error error) -> Result<void> {
    if (errors == nullptr) return fail(std::move(error));
    errors->push_back(std::move(error));
    return {};
  };
  for (const std::string& file : files.list("schemes/")) {
    auto scheme = read_scheme(file, *ASSAY_TRY(files.file(file)), all);
    if (scheme)
      all.schemes.push_back(std::move(scheme).take());
    else
      ASSAY_TRY(keep(std::move(scheme).error()));
  }
  std::sort(all.schemes.begin(), all.schemes.end(), [](const Scheme& a, const Scheme& b) { return a.id < b.id; });
  const std::function<void(const Clause&)> note_elsewhere = [&](const Clause& c) {
    if (c.kind == Clause::Kind::leaf && std::any_of(std::begin(kOtherStandards), std::end(kOtherStandards),
                                                    [&](std::string_view s) { return c.id.starts_with(s); }))
      all.elsewhere.insert(c.id);
    for (const Clause& part : c.parts) note_elsewhere(part);
  };
  for (const Scheme& s : all.schemes)
    for (const Level& l : s.levels) note_elsewhere(l.asks);
  const Links links(all);
  for (const Scheme& scheme : all.schemes)
    if (auto sound = links.check(scheme, *ASSAY_TRY(files.file(scheme.file))); !sound)
      ASSAY_TRY(keep(std::move(sound).error()));
  if (auto sound = read_remarks(*ASSAY_TRY(files.file("scheme_notes.yaml")), all); !sound)
    ASSAY_TRY(keep(std::move(sound).error()));
  for (const std::string& file : files.list("recognition/")) {
    auto arrangement = read_arrangement(file, *ASSAY_TRY(files.file(file)), all);
    if (arrangement)
      all.arrangements.push_back(std::move(arrangement).take());
    else
      ASSAY_TRY(keep(std::move(arrangement).error()));
  }
  return all;
}

}  // namespace assay::scheme
