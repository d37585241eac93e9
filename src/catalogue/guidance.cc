#include "catalogue/guidance.h"

#include <algorithm>
#include <memory>
#include <set>

#include <fmt/format.h>

#include "base/data.h"
#include "base/data_file.h"
#include "base/text.h"
#include "catalogue/catalogue.h"
#include "catalogue/requirements.h"

namespace assay::catalogue {
namespace {

using std::string;
using std::string_view;

constexpr string_view kGuidelines = "guidance/guidelines.yaml";
constexpr string_view kDocuments = "guidance/documents.yaml";

bool contains(const std::vector<string>& list, string_view wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

Result<Backing> read_backing(const DataFile& file, const Node& node) {
  Backing out;
  out.confidence = ASSAY_TRY(file.word(node, "confidence", kConfidences));
  out.source = ASSAY_TRY(file.list(node, "source"));
  if (out.source.empty()) return file.bad(node, "a 'source' is wanted here");
  for (const string& id : out.source)
    if (source(id) == nullptr) return file.bad(node["source"], fmt::format("no source '{}' in data/sources.yaml", id));
  return out;
}

Result<void> read_guidelines(Guidance& out) {
  const DataFile file{string(kGuidelines)};
  const Node& root = *ASSAY_TRY(data::file(kGuidelines));
  ASSAY_TRY(file.keys(root, {"mapping", "relation", "guidelines"}));
  const Node& mapping = root["mapping"];
  ASSAY_TRY(file.keys(mapping, {"title", "made_by", "taken_from", "counts", "as_of", "not_taken", "cleaning", "limits",
                                "confidence", "source"}));
  out.title = ASSAY_TRY(file.text(mapping, "title"));
  out.made_by = ASSAY_TRY(file.text(mapping, "made_by"));
  out.taken_from = ASSAY_TRY(file.text(mapping, "taken_from"));
  out.not_taken = ASSAY_TRY(file.text(mapping, "not_taken"));
  out.cleaning = ASSAY_TRY(file.text(mapping, "cleaning"));
  const std::optional<PartialDate> as_of = ASSAY_TRY(file.date(mapping, "as_of"));
  if (!as_of) return file.bad(mapping, "'as_of' has to be a date");
  out.as_of = *as_of;
  out.limits = ASSAY_TRY(file.list(mapping, "limits"));
  out.mapping = ASSAY_TRY(read_backing(file, mapping));
  const Node& relation = root["relation"];
  ASSAY_TRY(file.keys(relation, {"edition", "confidence", "source", "not_in_code", "not_in_code_confidence"}));
  out.edition = ASSAY_TRY(file.text(relation, "edition"));
  const Edition* edition = ASSAY_TRY(catalogue::edition(out.edition));
  out.relation = ASSAY_TRY(read_backing(file, relation));
  out.not_in_code = ASSAY_TRY(file.list(relation, "not_in_code"));
  for (const string& id : out.not_in_code)
    if (edition->provision(id) == nullptr)
      return file.bad(relation["not_in_code"], fmt::format("V{} has no provision '{}'", out.edition, id));
  out.not_in_code_confidence = ASSAY_TRY(file.word(relation, "not_in_code_confidence", kConfidences));
  for (const Node& n : root["guidelines"].items()) {
    ASSAY_TRY(file.keys(n, {"number", "title", "clauses", "also", "priority", "words"}));
    Guideline g;
    g.number = static_cast<int>(n["number"].integer().value_or(0));
    if (g.number != static_cast<int>(out.guidelines.size()) + 1)
      return file.bad(n, "guidelines have to be numbered from 1, in order");
    g.title = ASSAY_TRY(file.text(n, "title"));
    g.words = ASSAY_TRY(file.text(n, "words"));
    g.clauses = ASSAY_TRY(file.list(n, "clauses"));
    for (const string& clause : g.clauses)
      if (std::none_of(edition->clauses.begin(), edition->clauses.end(),
                       [&](const catalogue::Reference& c) { return c.ref == clause; }))
        return file.bad(n["clauses"], fmt::format("V{} has no clause '{}'", out.edition, clause));
    g.also = ASSAY_TRY(file.list(n, "also"));
    for (const string& id : g.also)
      if (edition->provision(id) == nullptr)
        return file.bad(n["also"], fmt::format("V{} has no provision '{}'", out.edition, id));
    const string priority = file.maybe(n, "priority");
    if (!priority.empty() && priority != "top3") return file.bad(n["priority"], "'priority' is 'top3' or left out");
    g.first = !priority.empty();
    out.guidelines.push_back(std::move(g));
  }
  return {};
}

// A document or a section that went missing would never be missed otherwise.
Result<void> check_counts(Guidance& g) {
  const DataFile file{string(kGuidelines)};
  const Node& counts = (*ASSAY_TRY(data::file(kGuidelines)))["mapping"]["counts"];
  std::set<string_view> organisations;
  std::size_t references = 0, without_section = 0;
  for (const GuidanceDocument& d : g.documents) {
    organisations.insert(d.organisation);
    references += d.references.size();
    for (const GuidanceReference& r : d.references) without_section += r.section.empty() ? 1 : 0;
  }
  ASSAY_TRY(file.keys(
      counts, {"documents", "organisations", "references", "without_section", "source_rows", "repeats_dropped"}));
  const std::pair<string_view, std::size_t> wanted[] = {{"documents", g.documents.size()},
                                                        {"organisations", organisations.size()},
                                                        {"references", references},
                                                        {"without_section", without_section}};
  for (const auto& [key, there] : wanted)
    if (counts[key].integer() != static_cast<std::int64_t>(there))
      return file.bad(counts[key], fmt::format("documents.yaml has {} {}", there, key));
  const auto before = counts["source_rows"].integer(), dropped = counts["repeats_dropped"].integer();
  if (!before || !dropped || *before - *dropped != static_cast<std::int64_t>(references))
    return file.bad(counts, "'source_rows' less 'repeats_dropped' has to be the number of references");
  g.source_rows = static_cast<std::size_t>(*before);
  g.repeats_dropped = static_cast<std::size_t>(*dropped);
  return {};
}

Result<void> read_documents(Guidance& out) {
  const DataFile file{string(kDocuments)};
  const Node& root = *ASSAY_TRY(data::file(kDocuments));
  ASSAY_TRY(file.keys(root, {"documents"}));
  for (const Node& n : root["documents"].items()) {
    ASSAY_TRY(file.keys(n, {"id", "organisation", "title", "links", "references"}));
    GuidanceDocument d;
    d.id = ASSAY_TRY(file.text(n, "id"));
    if (!out.documents.empty() && out.documents.back().id >= d.id)
      return file.bad(n, fmt::format("'{}' has to stand before '{}', once", d.id, out.documents.back().id));
    d.organisation = ASSAY_TRY(file.text(n, "organisation"));
    d.title = ASSAY_TRY(file.text(n, "title"));
    d.links = ASSAY_TRY(file.list(n, "links"));
    int last = 0;
    for (const Node::Member& m : n["references"].members()) {
      const Guideline* g = nullptr;
      for (const Guideline& known : out.guidelines)
        if (std::to_string(known.number) == m.key) g = &known;
      if (g == nullptr || g->number <= last)
        return file.bad(m.value, fmt::format("'{}' is no guideline, or stands out of order", m.key));
      last = g->number;
      if (!m.value.is_sequence() || m.value.items().empty()) return file.bad(m.value, "a list of sections is wanted");
      for (const Node& section : m.value.items()) {
        if (!section.is_text()) return file.bad(section, "a section has to be text");
        d.references.push_back({g->number, section.text()});
      }
    }
    if (d.references.empty()) return file.bad(n, "a document without references says nothing");
    out.documents.push_back(std::move(d));
  }
  return {};
}

// Letters and figures; other alphabets stay whole.
std::vector<string> search_words(string_view text) {
  std::vector<string> out;
  string word;
  const string small = lower(text);
  for (std::size_t i = 0; i <= small.size(); ++i) {
    const char c = i < small.size() ? small[i] : ' ';
    if (is_alnum(c) || (static_cast<unsigned char>(c) & 0x80) != 0) {
      word += c;
    } else if (!word.empty()) {
      if (word.size() > 3 && word.back() == 's') word.pop_back();
      out.push_back(std::move(word));
      word.clear();
    }
  }
  return out;
}

bool has(const std::vector<string>& words, string_view wanted) {
  return std::any_of(words.begin(), words.end(),
                     [&](const string& w) { return wanted.size() > 2 ? w.starts_with(wanted) : w == wanted; });
}

}  // namespace

const GuidanceDocument* Guidance::document(string_view id) const {
  for (const GuidanceDocument& d : documents)
    if (d.id == id) return &d;
  return nullptr;
}

const Guideline* Guidance::guideline(int number) const {
  for (const Guideline& g : guidelines)
    if (g.number == number) return &g;
  return nullptr;
}

std::vector<GuidelineOfProvision> Guidance::guidelines_of(string_view provision, string_view clause) const {
  std::vector<GuidelineOfProvision> out;
  for (const Guideline& g : guidelines)
    if (contains(g.also, provision)) out.push_back({&g, false});
  for (const Guideline& g : guidelines)
    if (contains(g.clauses, clause)) out.push_back({&g, true});
  return out;
}

bool Guidance::code_speaks_of(string_view provision) const { return !contains(not_in_code, provision); }

Result<const Guidance*> guidance() {
  static std::unique_ptr<const Guidance> kept;
  if (kept == nullptr) {
    auto read = std::make_unique<Guidance>();
    ASSAY_TRY(read_guidelines(*read));
    ASSAY_TRY(read_documents(*read));
    ASSAY_TRY(check_counts(*read));
    kept = std::move(read);
  }
  return kept.get();
}

Result<std::vector<GuidanceHit>> search_guidance(const Guidance& guidance, string_view words) {
  std::vector<string> wanted;
  for (string& w : search_words(words))
    if (!contains(wanted, w)) wanted.push_back(std::move(w));
  std::vector<std::vector<string>> ours;  // by guideline
  const Edition* edition = ASSAY_TRY(catalogue::edition(guidance.edition));
  for (const Guideline& g : guidance.guidelines) {
    string text = g.title + " " + g.words;
    for (const Provision& p : edition->provisions)
      if (contains(g.clauses, p.clause) || contains(g.also, p.id)) text += " " + p.title + " " + p.asks;
    ours.push_back(search_words(text));
  }
  std::vector<GuidanceHit> hits;
  std::size_t most = 1;
  for (const GuidanceDocument& d : guidance.documents) {
    GuidanceHit hit{&d, 0, 0, {}};
    const std::vector<string> title = search_words(d.title + " " + d.id);
    const std::vector<string> organisation = search_words(d.organisation);
    std::vector<std::size_t> in_section(d.references.size()), in_guideline(d.references.size());
    std::size_t in_title = 0;
    for (const string& w : wanted) {
      unsigned score = (has(organisation, w) ? 6 : 0);
      if (has(title, w)) {
        score += 8;
        ++in_title;
      }
      unsigned sections = 0;
      bool guideline = false;
      for (std::size_t i = 0; i < d.references.size(); ++i) {
        const GuidanceReference& r = d.references[i];
        if (has(search_words(r.section), w)) {
          ++in_section[i];
          ++sections;
        }
        if (has(ours[static_cast<std::size_t>(r.guideline) - 1], w)) {
          ++in_guideline[i];
          guideline = true;
        }
      }
      score += std::min(sections, 3u) * 3 + (guideline ? 1 : 0);
      if (score > 0) ++hit.words;
      hit.score += score;
    }
    // Words that stand together mean more than the same words in several places.
    const std::size_t together = d.references.empty() ? 0 : *std::max_element(in_section.begin(), in_section.end());
    if (wanted.size() > 1 && together == wanted.size()) hit.score += 20;
    if (wanted.size() > 1 && in_title == wanted.size()) hit.score += 10;
    // A word in the section itself says more than one in the guideline it was put under.
    const std::vector<std::size_t>& found = together > 0 ? in_section : in_guideline;
    const std::size_t best = found.empty() ? 0 : *std::max_element(found.begin(), found.end());
    for (std::size_t i = 0; i < found.size() && best > 0; ++i)
      if (found[i] == best) hit.references.push_back(i);
    if (hit.words < most) continue;
    most = hit.words;
    hits.push_back(std::move(hit));
  }
  hits.erase(std::remove_if(hits.begin(), hits.end(), [&](const GuidanceHit& h) { return h.words < most; }),
             hits.end());
  std::stable_sort(hits.begin(), hits.end(),
                   [](const GuidanceHit& a, const GuidanceHit& b) { return a.score > b.score; });
  return hits;
}

}  // namespace assay::catalogue
