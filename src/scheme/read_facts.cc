// Reading what is known about a scheme beside what decides.
#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "scheme/reader.h"

namespace assay::scheme {
namespace {

constexpr std::array<std::pair<std::string_view, Force>, 5> kForces = {
    {{"not_known", Force::not_known},
     {"voluntary", Force::voluntary},
     {"mandatory_for_some", Force::mandatory_for_some},
     {"mandatory", Force::mandatory},
     {"intent", Force::intent}}};
constexpr std::array<std::pair<std::string_view, Fee::Kind>, 4> kFees = {{{"not_found", Fee::Kind::not_found},
                                                                          {"none", Fee::Kind::none},
                                                                          {"by_offer", Fee::Kind::by_offer},
                                                                          {"amount", Fee::Kind::amount}}};
constexpr std::string_view kUnits[] = {"days", "working_days", "weeks", "months"};
constexpr std::string_view kTimes[] = {"procedure",     "review",         "inspection", "evaluation",
                                       "renewal_opens", "renewal_closes", "meetings",   "lapses_after_change"};
constexpr std::string_view kFeesFor[] = {"application", "text"};
constexpr std::string_view kSets[] = {"mandatory", "cls_l1_13", "jcstar_star1", "cra_default"};

template <std::size_t N>
bool is_one(const std::string_view (&words)[N], std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}
bool share(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  if (a.empty() || b.empty()) return true;
  return std::any_of(a.begin(), a.end(),
                     [&](const std::string& one) { return std::find(b.begin(), b.end(), one) != b.end(); });
}

Result<std::vector<std::string>> levels_of(const Reader& file, const Node& node, const Scheme& scheme) {
  std::vector<std::string> levels = ASSAY_TRY(file.list(node, "levels"));
  for (const std::string& id : levels)
    if (scheme.level(id) == nullptr) return file.bad(node["levels"], fmt::format("no level '{}' in this file", id));
  return levels;
}

Result<Fee> read_fee(const Reader& file, const Node& node, const Scheme& scheme) {
  ASSAY_TRY(file.keys(node, {"value", "amounts", "note", "source", "confidence"}));
  Fee out;
  out.kind = ASSAY_TRY(file.word(node, "value", kFees));
  out.note = file.maybe(node, "note");
  out.backing = ASSAY_TRY(file.backing(node));
  for (const Node& item : node["amounts"].items()) {
    ASSAY_TRY(file.keys(item, {"amount", "currency", "of", "levels", "with_tax", "from", "until"}));
    Amount a;
    const auto amount = ASSAY_TRY(file.number(item, "amount", 0, 1'000'000'000'000));
    if (!amount) return file.bad(item, "'amount' has to be a whole number");
    a.amount = *amount;
    a.currency = ASSAY_TRY(file.text(item, "currency"));
    if (a.currency.size() != 3) return file.bad(item["currency"], "a currency of three letters is wanted (ISO 4217)");
    a.of = ASSAY_TRY(file.text(item, "of"));
    if (!is_one(kFeesFor, a.of)) return file.bad(item["of"], fmt::format("'{}' is no word for 'of'", a.of));
    a.levels = ASSAY_TRY(levels_of(file, item, scheme));
    a.with_tax = ASSAY_TRY(file.flag(item, "with_tax", false));
    ASSAY_TRY(file.days(item, "from", a.from, a.until));
    for (const Amount& other : out.amounts)
      if (other.of == a.of && share(other.levels, a.levels) && overlap(other.from, other.until, a.from, a.until))
        return file.bad(item, "two amounts hold on the same day");
    out.amounts.push_back(std::move(a));
  }
  if (out.kind == Fee::Kind::amount && out.amounts.empty()) return file.bad(node, "no amount is given");
  return out;
}

Result<Time> read_time(const Reader& file, const Node& node, const Scheme& scheme) {
  ASSAY_TRY(file.keys(node, {"what", "levels", "at_least", "at_most", "unit", "note", "source", "confidence"}));
  Time out;
  out.what = ASSAY_TRY(file.text(node, "what"));
  if (!is_one(kTimes, out.what)) return file.bad(node["what"], fmt::format("'{}' is no word for 'what'", out.what));
  out.levels = ASSAY_TRY(levels_of(file, node, scheme));
  const auto least = ASSAY_TRY(file.number(node, "at_least", 0, 10'000));
  const auto most = ASSAY_TRY(file.number(node, "at_most", 0, 10'000));
  if (least) out.at_least = static_cast<int>(*least);
  if (most) out.at_most = static_cast<int>(*most);
  if (least && most && *least > *most) return file.bad(node, "'at_least' is more than 'at_most'");
  out.unit = file.maybe(node, "unit");
  if ((least || most) && !is_one(kUnits, out.unit))
    return file.bad(node, "'unit' has to be days, working_days, weeks or months");
  out.note = file.maybe(node, "note");
  out.backing = ASSAY_TRY(file.backing(node));
  return out;
}

Result<Document> read_document(const Reader& file, const Node& node) {
  ASSAY_TRY(file.keys(node, {"id", "title", "edition", "date", "from", "note", "source", "confidence"}));
  Document out;
  out.id = ASSAY_TRY(file.text(node, "id"));
  out.title = ASSAY_TRY(file.text(node, "title"));
  out.edition = file.maybe(node, "edition");
  out.note = file.maybe(node, "note");
  out.date = ASSAY_TRY(file.date(node, "date"));
  out.from = ASSAY_TRY(file.date(node, "from"));
  out.backing = ASSAY_TRY(file.backing(node));
  return out;
}

}  // namespace

std::string_view name(Force force) { return name_in(kForces, force); }
std::string_view name(Fee::Kind kind) { return name_in(kFees, kind); }

Result<Backing> Reader::backing(const Node& node) const {
  Backing out;
  out.confidence = ASSAY_TRY(word(node, "confidence", kConfidences));
  out.source = ASSAY_TRY(list(node, "source"));
  if (out.confidence != Confidence::none && out.source.empty()) return bad(node, "a fact without a source");
  for (const std::string& id : out.source)
    if (!std::binary_search(sources_.begin(), sources_.end(), id))
      return bad(node["source"], fmt::format("no source '{}' in data/sources.yaml", id));
  return out;
}

Result<Said> Reader::said(const Node& node, std::string_view key) const {
  Said out;
  const Node* fact = node.find(key);
  if (fact == nullptr) {
    out.backing.confidence = Confidence::none;
    return out;
  }
  ASSAY_TRY(keys(*fact, {"note", "items", "source", "confidence"}));
  out.note = maybe(*fact, "note");
  out.items = ASSAY_TRY(list(*fact, "items"));
  out.backing = ASSAY_TRY(backing(*fact));
  if (out.found() && out.note.empty() && out.items.empty()) return bad(*fact, "a fact that says nothing");
  return out;
}

Result<std::optional<std::int64_t>> Reader::number(const Node& node, std::string_view key, std::int64_t least,
                                                   std::int64_t most) const {
  const Node* value = node.find(key);
  if (value == nullptr) return std::optional<std::int64_t>();
  const auto number = value->integer();
  if (!number || *number < least || *number > most)
    return bad(*value, fmt::format("'{}' has to be a number from {} to {}", key, least, most));
  return number;
}

Result<void> Reader::days(const Node& node, std::string_view from_key, std::optional<PartialDate>& from,
                          std::optional<PartialDate>& until) const {
  from = ASSAY_TRY(date(node, from_key));
  until = ASSAY_TRY(date(node, "until"));
  if (from && until && until->last < from->first)
    return bad(node["until"], fmt::format("ends on {}, before it begins on {}", until->text, from->text));
  return {};
}

bool overlap(const std::optional<PartialDate>& from_a, const std::optional<PartialDate>& until_a,
             const std::optional<PartialDate>& from_b, const std::optional<PartialDate>& until_b) {
  if (until_a && from_b && until_a->last < from_b->first) return false;
  return !(until_b && from_a && until_b->last < from_a->first);
}

Result<void> read_steps(const Reader& file, const Node& node, const Register& all, Level& out) {
  const Node* assessment = node.find("assessment");
  if (assessment == nullptr) return file.bad(node, "'assessment' is wanted");
  ASSAY_TRY(file.keys(*assessment, {"steps", "source", "confidence"}));
  out.assessment = ASSAY_TRY(file.backing(*assessment));
  const Node& steps = (*assessment)["steps"];
  if (!steps.is_sequence()) return file.bad(*assessment, "'steps' has to be a list");
  for (const Node& item : steps.items()) {
    Step step;
    step.id = item.text();
    if (item.is_mapping()) {
      ASSAY_TRY(file.keys(item, {"step", "from", "until"}));
      step.id = ASSAY_TRY(file.text(item, "step"));
      ASSAY_TRY(file.days(item, "from", step.from, step.until));
    }
    if (all.steps.find(step.id) == all.steps.end())
      return file.bad(item, fmt::format("unknown assessment step '{}'", step.id));
    for (const Step& other : out.steps)
      if (other.id == step.id && overlap(other.from, other.until, step.from, step.until))
        return file.bad(item, "this step is there twice on the same day");
    out.steps.push_back(std::move(step));
  }
  return {};
}

Result<Against> read_against(const Reader& file, const Node& node, const Scheme& scheme, const Register& all) {
  Against out;
  out.backing.confidence = Confidence::none;
  const Node* against = node.find("against");
  if (against == nullptr) return out;
  ASSAY_TRY(file.keys(*against, {"set", "relation", "touches", "source", "confidence"}));
  out.set = ASSAY_TRY(file.text(*against, "set"));
  if (!is_one(kSets, out.set)) return file.bad((*against)["set"], fmt::format("no set '{}'", out.set));
  if ((*against)["relation"].text() != "unrelated")
    out.relation = ASSAY_TRY(file.word(*against, "relation", kRelations));
  out.touches = ASSAY_TRY(file.list(*against, "touches"));
  const Edition* edition = all.edition(scheme.edition);
  for (const std::string& id : out.touches)
    if (edition == nullptr || !edition->has(id))
      return file.bad((*against)["touches"], fmt::format("no provision '{}' in that edition", id));
  out.backing = ASSAY_TRY(file.backing(*against));
  return out;
}

Result<void> read_facts(const Reader& file, const Node& node, Scheme& out) {
  out.force_note.backing.confidence = Confidence::none;
  if (const Node* force = node.find("force")) {
    ASSAY_TRY(file.keys(*force, {"value", "note", "source", "confidence"}));
    out.force = ASSAY_TRY(file.word(*force, "value", kForces));
    out.force_note.note = file.maybe(*force, "note");
    out.force_note.backing = ASSAY_TRY(file.backing(*force));
  }
  out.covers = ASSAY_TRY(file.said(node, "covers"));
  out.base = ASSAY_TRY(file.said(node, "base"));
  out.validity = ASSAY_TRY(file.said(node, "validity"));
  out.published = ASSAY_TRY(file.said(node, "published"));
  out.enforcement = ASSAY_TRY(file.said(node, "enforcement"));
  out.practical = ASSAY_TRY(file.said(node, "practical"));
  out.restrictions = ASSAY_TRY(file.said(node, "restrictions"));
  out.tiers = ASSAY_TRY(file.said(node, "tiers"));
  for (const Node& item : node["documents"].items()) out.documents.push_back(ASSAY_TRY(read_document(file, item)));
  out.fee.backing.confidence = Confidence::none;
  if (const Node* fee = node.find("fee")) out.fee = ASSAY_TRY(read_fee(file, *fee, out));
  for (const Node& item : node["times"].items()) out.times.push_back(ASSAY_TRY(read_time(file, item, out)));
  if (const Node* keep = node.find("keep")) {
    ASSAY_TRY(file.keys(*keep, {"what", "months", "or_support_period", "source", "confidence"}));
    Keep k;
    k.what = ASSAY_TRY(file.text(*keep, "what"));
    k.months = static_cast<int>(ASSAY_TRY(file.number(*keep, "months", 1, 1200)).value_or(0));
    k.or_support_period = ASSAY_TRY(file.flag(*keep, "or_support_period", false));
    k.backing = ASSAY_TRY(file.backing(*keep));
    out.keep = std::move(k);
  }
  if (const Node* review = node.find("review_months")) {
    ASSAY_TRY(file.keys(*review, {"value", "note", "source", "confidence"}));
    ASSAY_TRY(file.backing(*review));
    out.review_months = static_cast<int>(ASSAY_TRY(file.number(*review, "value", 1, 600)).value_or(0));
  }
  for (const Node& item : node["changes"].items()) {
    ASSAY_TRY(file.keys(item, {"date", "what", "planned", "source", "confidence"}));
    Change c;
    const auto date = ASSAY_TRY(file.date(item, "date"));
    if (!date) return file.bad(item, "'date' is wanted");
    c.date = *date;
    c.what = ASSAY_TRY(file.text(item, "what"));
    c.planned = ASSAY_TRY(file.flag(item, "planned", false));
    c.backing = ASSAY_TRY(file.backing(item));
    out.changes.push_back(std::move(c));
  }
  std::stable_sort(out.changes.begin(), out.changes.end(),
                   [](const Change& a, const Change& b) { return a.date.first < b.date.first; });
  for (const Node& item : node["parts"].items()) {
    ASSAY_TRY(file.keys(item, {"id", "note", "source", "confidence"}));
    Part p;
    p.id = ASSAY_TRY(file.text(item, "id"));
    p.note = ASSAY_TRY(file.text(item, "note"));
    p.backing = ASSAY_TRY(file.backing(item));
    out.parts.push_back(std::move(p));
  }
  return {};
}

Result<void> read_remarks(const Node& node, Register& all) {
  const Reader file("scheme_notes.yaml", all.sources);
  constexpr std::string_view kKinds[] = {"difference", "path", "answer", "none_found", "reading"};
  ASSAY_TRY(file.keys(node, {"notes"}));
  for (const Node& item : node["notes"].items()) {
    ASSAY_TRY(file.keys(item, {"id", "kind", "title", "schemes", "note", "consequence", "source", "confidence"}));
    Remark r;
    r.id = ASSAY_TRY(file.text(item, "id"));
    r.kind = ASSAY_TRY(file.text(item, "kind"));
    if (!is_one(kKinds, r.kind)) return file.bad(item["kind"], fmt::format("'{}' is no word for 'kind'", r.kind));
    r.title = ASSAY_TRY(file.text(item, "title"));
    r.schemes = ASSAY_TRY(file.list(item, "schemes"));
    for (const std::string& id : r.schemes)
      if (all.scheme(id) == nullptr) return file.bad(item["schemes"], fmt::format("no scheme '{}'", id));
    r.note = ASSAY_TRY(file.text(item, "note"));
    r.consequence = file.maybe(item, "consequence");
    r.backing = ASSAY_TRY(file.backing(item));
    all.remarks.push_back(std::move(r));
  }
  return {};
}

}  // namespace assay::scheme
