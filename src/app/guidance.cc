#include "app/guidance.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/json.h"
#include "base/text.h"
#include "catalogue/catalogue.h"
#include "catalogue/guidance.h"
#include "report/scan_report.h"

namespace assay::app {
namespace {

using catalogue::Guidance;
using catalogue::GuidanceDocument;
using catalogue::GuidanceReference;
using catalogue::Guideline;
using std::string;
using std::string_view;

constexpr std::size_t kShownHits = 15;

struct Shown {
  const GuidanceDocument* document = nullptr;
  std::vector<const GuidanceReference*> references;
  unsigned score = 0;  // of a search
};

// A provision, and how its guidelines were found.
struct Asked {
  string provision, title, clause, clause_title, edition;
  bool in_compared_edition = true;  // the provision's id is one of the edition that the relation was made in
  bool code_speaks = true;
  std::vector<catalogue::GuidelineOfProvision> guidelines;
};

Result<Asked> ask_for_provision(const Guidance& g, const GuidanceQuery& query) {
  string id = query.provision, edition = query.edition;
  if (id.starts_with("en303645:")) {
    const std::vector<string_view> parts = split(query.provision, ':');
    if (parts.size() == 3) {
      edition = string(parts[1]);
      id = string(parts[2]);
    }
  }
  // The edition that the relation speaks of comes first.
  std::vector<string> tried = {g.edition};
  if (!edition.empty())
    tried = {edition};
  else
    for (const catalogue::Edition* e : catalogue::editions())
      if (e->en != g.edition) tried.push_back(e->en);
  for (const string& t : tried) {
    const catalogue::Edition* e = ASSAY_TRY(catalogue::edition(t));
    const catalogue::Provision* p = e->provision(id);
    if (p == nullptr) continue;
    Asked out;
    out.provision = id;
    out.title = p->title;
    out.clause = p->clause;
    for (const catalogue::Reference& c : e->clauses)
      if (c.ref == p->clause) out.clause_title = c.text;
    out.edition = e->en;
    out.in_compared_edition = ASSAY_TRY(catalogue::edition(g.edition))->provision(id) != nullptr;
    out.code_speaks = g.code_speaks_of(id);
    out.guidelines = g.guidelines_of(id, p->clause);
    return out;
  }
  std::vector<string_view> known;
  for (const string& t : tried)
    for (const catalogue::Provision& p : ASSAY_TRY(catalogue::edition(t))->provisions) known.push_back(p.id);
  const string_view near = nearest(id, known);
  return fail(Error{Errc::not_found,
                    fmt::format("EN 303 645 V{} has no provision '{}'", join(tried, " and V"), printable(id)),
                    {},
                    {},
                    near.empty() ? "assay guide lists the provisions." : fmt::format("Did you mean {}?", near)});
}

// "guidelines 3, 5, 8"
string guidelines_text(const GuidanceDocument& d) {
  std::set<int> numbers;
  for (const GuidanceReference& r : d.references) numbers.insert(r.guideline);
  std::vector<string> texts;
  for (const int n : numbers) texts.push_back(std::to_string(n));
  return (texts.size() == 1 ? "guideline " : "guidelines ") + join(texts, ", ");
}

// Sections in the order of the source; those without a name are counted.
string sections_text(const std::vector<const GuidanceReference*>& references) {
  std::vector<string> named;
  std::size_t unnamed = 0;
  for (const GuidanceReference* r : references) {
    if (r->section.empty())
      ++unnamed;
    else
      named.push_back(r->section);
  }
  string out = join(named, "; ");
  if (unnamed > 0) {
    if (!out.empty()) out += "; ";
    out += unnamed == 1 ? "the document, no section named" : fmt::format("{} places, no section named", unnamed);
  }
  return out;
}

string counted(std::size_t n, string_view one, string_view many) {
  return fmt::format("{} {}", grouped(n), n == 1 ? one : many);
}

string reach(const Guidance& g) {
  return report::wrapped("", fmt::format("The references are the judgement of {} ({}; confidence {}). They say that a "
                                         "section is relevant, not that it asks the same. Links may be dead.",
                                         g.made_by, g.as_of.text, name(g.mapping.confidence)));
}

string provision_head(const Asked& a, const Guidance& g, const report::Terminal& t) {
  string out = t.bold(fmt::format("{}  {}", a.provision, a.title)) +
               fmt::format("\nEN 303 645 V{}, clause {} {}\n", a.edition, a.clause, a.clause_title);
  const string confidence(name(g.relation.confidence));
  if (a.guidelines.empty())
    return out + report::wrapped("", fmt::format("No guideline of the UK Code of Practice goes with clause {}, so no "
                                                 "document of this collection is placed against it.",
                                                 a.clause));
  for (const catalogue::GuidelineOfProvision& way : a.guidelines)
    out += report::wrapped(fmt::format("  guideline {}  ", way.guideline->number),
                           way.by_clause ? fmt::format("{}, through clause {} (compared for V{}; confidence {})",
                                                       way.guideline->title, a.clause, g.edition, confidence)
                                         : fmt::format("{}: its supporting text touches this provision (V{})",
                                                       way.guideline->title, g.edition));
  if (!a.code_speaks)
    out +=
        report::wrapped("", fmt::format("The Code's own text does not speak of {} (confidence {}): expect documents on "
                                        "the clause, not on this provision.",
                                        a.provision, name(g.not_in_code_confidence)));
  if (!a.in_compared_edition)
    out += report::wrapped(
        "", fmt::format("{} came with V{}; it is reached through its clause alone.", a.provision, a.edition));
  return out;
}

void write_reference_groups(JsonWriter& w, const std::vector<const GuidanceReference*>& references) {
  w.key("references").array();
  for (std::size_t i = 0; i < references.size();) {
    const int guideline = references[i]->guideline;
    w.object(true).field("guideline", guideline).key("sections").array(true);
    std::size_t unnamed = 0;
    for (; i < references.size() && references[i]->guideline == guideline; ++i) {
      if (references[i]->section.empty())
        ++unnamed;
      else
        w.value(references[i]->section);
    }
    w.end_array().field("without_section", static_cast<std::uint64_t>(unnamed)).end_object();
  }
  w.end_array();
}

string as_json(const Guidance& g, const std::vector<Shown>& shown, const Asked* asked, bool searched) {
  JsonWriter w(1);
  w.object().key("mapping").object();
  w.field("title", g.title).field("made_by", g.made_by).field("taken_from", g.taken_from).field("as_of", g.as_of.text);
  w.field("source_rows", static_cast<std::uint64_t>(g.source_rows));
  w.field("repeats_dropped", static_cast<std::uint64_t>(g.repeats_dropped));
  w.field("not_taken", g.not_taken).field("cleaning", g.cleaning).key("limits").texts(g.limits);
  w.field("confidence", name(g.mapping.confidence)).key("source").texts(g.mapping.source).end_object();
  if (asked != nullptr) {
    w.key("provision").object();
    w.field("id", fmt::format("en303645:{}:{}", asked->edition, asked->provision)).field("title", asked->title);
    w.field("clause", asked->clause).field("code_speaks_of_it", asked->code_speaks);
    w.field("code_speaks_confidence", name(g.not_in_code_confidence)).key("guidelines").array();
    for (const catalogue::GuidelineOfProvision& way : asked->guidelines)
      w.object(true)
          .field("guideline", way.guideline->number)
          .field("through", way.by_clause ? "clause" : "supporting_text")
          .end_object();
    w.end_array().end_object();
  }
  w.key("guidelines").object().field("compared_edition", fmt::format("en303645:{}", g.edition));
  w.field("confidence", name(g.relation.confidence)).key("source").texts(g.relation.source).key("list").array();
  for (const Guideline& line : g.guidelines)
    w.object(true)
        .field("number", line.number)
        .field("title", line.title)
        .field("first", line.first)
        .key("clauses")
        .texts(line.clauses)
        .key("also")
        .texts(line.also)
        .end_object();
  w.end_array().end_object().key("documents").array();
  for (const Shown& s : shown) {
    w.object().field("id", s.document->id).field("organisation", s.document->organisation);
    w.field("title", s.document->title).key("links").texts(s.document->links);
    if (searched) w.field("score", s.score);
    write_reference_groups(w, s.references);
    w.end_object();
  }
  w.end_array().end_object();
  return w.take() + "\n";
}

string as_csv(const Guidance& g, const std::vector<Shown>& shown) {
  string out = "document,organisation,title,guideline,guideline_title,section,confidence,link\r\n";
  for (const Shown& s : shown)
    for (const GuidanceReference* r : s.references) {
      const GuidanceDocument& d = *s.document;
      const std::vector<string> cells = {d.id,
                                         d.organisation,
                                         d.title,
                                         std::to_string(r->guideline),
                                         g.guideline(r->guideline)->title,
                                         r->section,
                                         string(name(g.mapping.confidence)),
                                         d.links.empty() ? "" : d.links.front()};
      for (std::size_t i = 0; i < cells.size(); ++i) out += (i > 0 ? "," : "") + csv_cell(cells[i]);
      out += "\r\n";
    }
  return out;
}

// One line a document, by organisation: what there is.
string list_text(const std::vector<Shown>& shown, const report::Terminal& t) {
  std::map<string, std::vector<const Shown*>> by_organisation;  // sorted without regard to case
  for (const Shown& s : shown) by_organisation[lower(s.document->organisation)].push_back(&s);
  string out;
  for (const auto& [key, documents] : by_organisation) {
    out += t.bold(documents.front()->document->organisation) + "\n";
    for (const Shown* s : documents) {
      out += report::wrapped("  ", s->document->title);
      out += fmt::format("    {}  {} to {}\n", s->document->id,
                         counted(s->references.size(), "reference", "references"), guidelines_text(*s->document));
    }
  }
  return out;
}

string sections_list(const Guidance& g, const std::vector<Shown>& shown, bool titles, const report::Terminal& t) {
  string out;
  for (const Shown& s : shown) {
    out += report::wrapped("", s.document->organisation + ": " + s.document->title);
    out += "  " + t.bold(s.document->id) + "\n";
    for (std::size_t i = 0; i < s.references.size();) {
      std::vector<const GuidanceReference*> group;
      const int guideline = s.references[i]->guideline;
      for (; i < s.references.size() && s.references[i]->guideline == guideline; ++i) group.push_back(s.references[i]);
      if (titles)
        out += fmt::format("  guideline {}  {}\n", guideline, g.guideline(guideline)->title) +
               report::wrapped("    ", sections_text(group));
      else
        out += report::wrapped("    ", sections_text(group));
    }
  }
  return out;
}

string document_text(const Guidance& g, const Shown& s, const report::Terminal& t) {
  const GuidanceDocument& d = *s.document;
  string out = t.bold(report::wrapped("", d.title)) + d.organisation + "\n";
  for (const string& link : d.links) out += link + "\n";
  out += "\n";
  for (std::size_t i = 0; i < s.references.size();) {
    std::vector<const GuidanceReference*> group;
    const int guideline = s.references[i]->guideline;
    for (; i < s.references.size() && s.references[i]->guideline == guideline; ++i) group.push_back(s.references[i]);
    const Guideline& line = *g.guideline(guideline);
    out += fmt::format("guideline {}  {}  (clause {})\n", guideline, line.title, join(line.clauses, ", ")) +
           report::wrapped("    ", sections_text(group));
  }
  return out;
}

Result<const GuidanceDocument*> one_document(const Guidance& g, string_view id) {
  if (const GuidanceDocument* d = g.document(id)) return d;
  std::vector<string_view> known;
  for (const GuidanceDocument& d : g.documents) known.push_back(d.id);
  const string_view near = nearest(id, known);
  return fail(Error{
      Errc::not_found,
      fmt::format("there is no guidance document '{}'", printable(id)),
      {},
      {},
      near.empty() ? "assay guidance lists the ids; --search finds words." : fmt::format("Did you mean {}?", near)});
}

Result<int> one_guideline(const Guidance& g, string_view number) {
  for (const Guideline& line : g.guidelines)
    if (std::to_string(line.number) == number) return line.number;
  std::vector<string> known;
  for (const Guideline& line : g.guidelines) known.push_back(fmt::format("{} {}", line.number, line.title));
  return fail(Error{Errc::not_found,
                    fmt::format("there is no guideline '{}'", printable(number)),
                    {},
                    {},
                    "They are: " + join(known, ", ") + "."});
}

}  // namespace

Result<string> guidance_about(const GuidanceQuery& query, GuidanceForm form, const report::Terminal& terminal) {
  const Guidance& g = *ASSAY_TRY(catalogue::guidance());
  std::optional<std::set<int>> wanted;
  const auto narrow = [&](const std::set<int>& to) {
    if (!wanted) {
      wanted = to;
      return;
    }
    std::erase_if(*wanted, [&](int n) { return !to.contains(n); });
  };
  if (!query.guideline.empty()) narrow({ASSAY_TRY(one_guideline(g, query.guideline))});
  std::optional<Asked> asked;
  if (!query.provision.empty()) {
    asked = ASSAY_TRY(ask_for_provision(g, query));
    std::set<int> numbers;
    for (const catalogue::GuidelineOfProvision& way : asked->guidelines) numbers.insert(way.guideline->number);
    narrow(numbers);
  }
  const GuidanceDocument* only = nullptr;
  if (!query.document.empty()) only = ASSAY_TRY(one_document(g, query.document));

  std::vector<Shown> shown;
  const auto keep = [&](const GuidanceDocument& d, const std::vector<const GuidanceReference*>& references,
                        unsigned score) {
    if (only != nullptr && only != &d) return;
    if (!query.organisation.empty() && lower(d.organisation).find(lower(query.organisation)) == string::npos) return;
    Shown s{&d, {}, score};
    for (const GuidanceReference* r : references)
      if (!wanted || wanted->contains(r->guideline)) s.references.push_back(r);
    if (!s.references.empty()) shown.push_back(std::move(s));
  };
  const bool searched = !query.search.empty();
  if (searched) {
    for (const catalogue::GuidanceHit& hit : ASSAY_TRY(catalogue::search_guidance(g, query.search))) {
      std::vector<const GuidanceReference*> references;
      for (const std::size_t i : hit.references) references.push_back(&hit.document->references[i]);
      if (references.empty())  // the words are in the title or the name
        for (const GuidanceReference& r : hit.document->references) references.push_back(&r);
      keep(*hit.document, references, hit.score);
    }
  } else {
    for (const GuidanceDocument& d : g.documents) {
      std::vector<const GuidanceReference*> references;
      for (const GuidanceReference& r : d.references) references.push_back(&r);
      keep(d, references, 0);
    }
  }
  if (shown.empty() && !query.organisation.empty() &&
      std::none_of(g.documents.begin(), g.documents.end(), [&](const GuidanceDocument& d) {
        return lower(d.organisation).find(lower(query.organisation)) != string::npos;
      }))
    return fail(Error{Errc::not_found,
                      fmt::format("no organisation's name holds '{}'", printable(query.organisation)),
                      {},
                      {},
                      "assay guidance lists documents by organisation."});
  if (form == GuidanceForm::json) return as_json(g, shown, asked ? &*asked : nullptr, searched);
  if (form == GuidanceForm::csv) return as_csv(g, shown);

  std::size_t references = 0;
  std::set<string_view> organisations;
  for (const Shown& s : shown) {
    references += s.references.size();
    organisations.insert(s.document->organisation);
  }
  const string total = fmt::format("{} of {}, {}", counted(shown.size(), "document", "documents"),
                                   counted(organisations.size(), "organisation", "organisations"),
                                   counted(references, "reference", "references"));
  if (only != nullptr && shown.size() == 1 && !searched)
    return document_text(g, shown.front(), terminal) + "\n" + reach(g);
  string out;
  if (asked) out += provision_head(*asked, g, terminal) + "\n";
  if (!query.guideline.empty()) {
    const Guideline& line = *g.guideline(std::stoi(query.guideline));
    out += terminal.bold(fmt::format("guideline {}  {}", line.number, line.title)) +
           fmt::format("\nclause {} of EN 303 645 V{} (confidence {}){}\n\n", join(line.clauses, ", "), g.edition,
                       name(g.relation.confidence), line.first ? "; one of the three to be done first" : "");
  }
  if (shown.empty()) {
    if (asked && asked->guidelines.empty()) return out;
    return out + "No document has that.\n";
  }
  if (!wanted && !searched) {
    out += list_text(shown, terminal) + "\n";
    if (query.organisation.empty()) {
      for (const Guideline& line : g.guidelines) out += fmt::format("guideline {:>2}  {}\n", line.number, line.title);
      out += "\n";
    }
  } else {
    const std::size_t all = shown.size();
    if (searched && all > kShownHits) shown.resize(kShownHits);
    out += sections_list(g, shown, !wanted || wanted->size() > 1, terminal);
    if (shown.size() < all)
      out += fmt::format("\n{} more with fewer hits: --format json or csv has them all.\n", all - shown.size());
    out += "\n";
  }
  return out + total + ".\n" + reach(g) + "assay guidance --document ID shows one with its links.\n";
}

}  // namespace assay::app
