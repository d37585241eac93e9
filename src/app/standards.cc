#include "app/standards.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/standards_sheets.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "catalogue/catalogue.h"
#include "catalogue/guidance.h"
#include "catalogue/requirements.h"
#include "crosswalk/crosswalk.h"
#include "evidence/claims.h"
#include "scheme/scheme.h"

namespace assay::app {
namespace {

using std::string;
using std::string_view;

constexpr string_view kEn = "en303645", kTs = "ts103701";

Result<Editions> chosen(const StandardsOptions& options) {
  if (!options.edition.empty()) return Editions{ASSAY_TRY(catalogue::edition(options.edition))};
  return catalogue::editions();
}

std::size_t tables_in(string_view ts) {
  std::vector<int> numbers;
  for (const evidence::ClaimTable& t : evidence::claim_schema())
    if (t.in(ts) && std::find(numbers.begin(), numbers.end(), t.number) == numbers.end()) numbers.push_back(t.number);
  return numbers.size();
}

// What a standard holds: a count and its word, in the order in which people ask.
using Counts = std::vector<std::pair<string, std::size_t>>;

Counts counts_of(const catalogue::Edition& e, bool en) {
  const auto mandatory = static_cast<std::size_t>(std::count_if(
      e.provisions.begin(), e.provisions.end(), [](const catalogue::Provision& p) { return p.mandatory; }));
  if (en)
    return {{"provisions", e.provisions.size()},
            {"mandatory", mandatory},
            {"recommended", e.provisions.size() - mandatory},
            {"conditions", e.conditions.size()},
            {"features", e.features.size()}};
  return {{"groups", e.provisions.size()},
          {"cases", e.cases.size()},
          {"units", e.units.size()},
          {"ixit_tables", tables_in(e.ts)}};
}

Result<Counts> counts_of(const catalogue::Standard& s) {
  std::size_t guidelines = 0;
  for (const catalogue::Part& p : s.parts) guidelines += p.guideline ? 1 : 0;
  Counts out;
  if (guidelines > 0) out.emplace_back("guidelines", guidelines);
  std::size_t held = 0;
  if (!s.scheme.empty())
    if (const scheme::Scheme* scheme = ASSAY_TRY(scheme::schemes())->scheme(s.scheme))
      held = scheme->requirements.size();
  for (const auto& [kind, word] : {std::pair{catalogue::ItemKind::requirement, "requirements"},
                                   {catalogue::ItemKind::duty, "duties"},
                                   {catalogue::ItemKind::exclusion, "exclusions"},
                                   {catalogue::ItemKind::role, "roles"},
                                   {catalogue::ItemKind::scope, "scope_tests"},
                                   {catalogue::ItemKind::exception, "exceptions"},
                                   {catalogue::ItemKind::route, "ways_deemed_compliant"},
                                   {catalogue::ItemKind::field, "statement_fields"},
                                   {catalogue::ItemKind::intent, "intents"}}) {
    std::size_t n = kind == catalogue::ItemKind::requirement ? held : 0;
    for (const catalogue::Requirement& r : s.requirements) n += r.kind == kind ? 1 : 0;
    if (n > 0) out.emplace_back(word, n);
  }
  return out;
}

string counts_words(const Counts& counts) {
  std::vector<string> out;
  if (counts.size() > 2 && counts[1].first == "mandatory") {  // two numbers inside a third
    Counts rest(counts.begin() + 3, counts.end());
    return fmt::format("{} provisions ({} mandatory, {} recommended), {}", counts[0].second, counts[1].second,
                       counts[2].second, counts_words(rest));
  }
  for (const auto& [word, n] : counts) {
    if (n == 0) continue;
    string w = replace_all(word, "_", " ");
    if (w == "ixit tables") w = "IXIT tables";
    if (n == 1) w = w == "duties" ? "duty" : w.substr(0, w.size() - 1);
    out.push_back(fmt::format("{} {}", n, w));
  }
  return join(out, ", ");
}

struct Listed {
  const catalogue::Standard* standard;
  string edition, date;
  Counts counts;
};

Result<std::vector<Listed>> listed(const StandardsOptions& options) {
  const Editions editions = ASSAY_TRY(chosen(options));
  std::vector<Listed> out;
  for (const string_view id : {kEn, kTs})
    for (const catalogue::Edition* e : editions)
      out.push_back({ASSAY_TRY(catalogue::standard(id)), id == kEn ? e->en : e->ts, id == kEn ? e->en_date : e->ts_date,
                     counts_of(*e, id == kEn)});
  for (const catalogue::Standard& s : *ASSAY_TRY(catalogue::standards())) {
    if (s.id == kEn || s.id == kTs) continue;
    string date = s.editions.empty() || !s.editions.front().date ? "" : s.editions.front().date->text;
    const scheme::Scheme* scheme = s.scheme.empty() ? nullptr : ASSAY_TRY(scheme::schemes())->scheme(s.scheme);
    if (date.empty() && scheme != nullptr && scheme->from) date = scheme->from->text;
    out.push_back({&s, "", date, ASSAY_TRY(counts_of(s))});
  }
  return out;
}

// "en303645:2.1.1:5.3-2" to its edition and "5.3-2"; what names no edition keeps those chosen.
Result<std::pair<Editions, string>> split_id(string_view id, Editions editions) {
  for (const string_view standard : {kEn, kTs}) {
    if (!id.starts_with(standard) || (id.size() > standard.size() && id[standard.size()] != ':')) continue;
    const std::vector<string_view> parts = split(id, ':');
    if (parts.size() > 3) return fail(Errc::invalid, fmt::format("'{}' has more than three parts", id));
    string rest(parts.size() > 1 ? parts.back() : "");
    const string_view edition = parts.size() > 1 ? parts[1] : "";
    Editions out;
    for (const catalogue::Edition* e : catalogue::editions())
      if (edition == (standard == kEn ? e->en : e->ts)) out.push_back(e);
    if (parts.size() == 3 && out.empty())
      return fail(Error{Errc::not_found,
                        fmt::format("there is no edition '{}' of {}", edition, standard),
                        {},
                        {},
                        "assay standards lists the editions."});
    if (!out.empty()) {
      if (parts.size() == 2) rest.clear();
      return std::pair(out, rest);
    }
    return std::pair(editions, rest);
  }
  return std::pair(editions, string(id));
}

Error unknown(string_view id) {
  std::vector<string> known = {string(kEn), string(kTs)};
  for (const catalogue::Edition* e : catalogue::editions()) {
    for (const catalogue::Provision& p : e->provisions) known.push_back(p.id);
    for (const catalogue::Case& c : e->cases) known.push_back(c.id);
    for (const catalogue::Unit& u : e->units) known.push_back(u.short_id);
  }
  if (const auto all = catalogue::standards())
    for (const catalogue::Standard& s : **all) {
      known.push_back(s.id);
      for (const catalogue::Part& p : s.parts) known.push_back(p.id);
      for (const catalogue::Requirement& r : s.requirements) known.push_back(r.id);
      for (const catalogue::Remark& r : s.remarks) known.push_back(r.on);
    }
  const std::vector<string_view> views(known.begin(), known.end());
  const string_view near = nearest(id, views);
  return {Errc::not_found,
          fmt::format("there is no standard, provision, case, unit, IXIT table or requirement '{}'", id),
          {},
          {},
          near.empty() ? "assay standards lists the standards; assay standards show uk-psti what one holds."
                       : fmt::format("Did you mean {}?", near)};
}

// The ids under which a licensee may have laid text beside this sheet: in full, without edition, and the number alone.
std::vector<string> text_ids(const Sheet& sheet, const string& asked) {
  std::vector<string> out = {sheet.id, asked};
  const std::size_t colon = sheet.id.rfind(':');
  if (colon != string::npos && (sheet.id.starts_with(kEn) || sheet.id.starts_with(kTs)))
    out.push_back(sheet.id.substr(colon + 1));
  return out;
}

}  // namespace

// How many documents of the world's guidance speak to a provision (through its guideline) or to a guideline.
Result<std::vector<SheetRow>> guidance_rows(const std::vector<string>& ids) {
  const catalogue::Guidance& all = *ASSAY_TRY(catalogue::guidance());
  std::vector<SheetRow> out;
  const auto add = [&](const catalogue::Guideline& g, string_view how, string ask) {
    const string number = std::to_string(g.number);
    if (std::any_of(out.begin(), out.end(), [&](const SheetRow& r) { return r.fields.front().second == number; }))
      return;
    std::size_t documents = 0, references = 0;
    for (const catalogue::GuidanceDocument& d : all.documents) {
      const auto n = std::count_if(d.references.begin(), d.references.end(),
                                   [&](const catalogue::GuidanceReference& r) { return r.guideline == g.number; });
      documents += n > 0 ? 1 : 0;
      references += static_cast<std::size_t>(n);
    }
    out.push_back(
        {"uk-cop:" + number,
         fmt::format("{}: {} documents, {} references{}. assay guidance {}", g.title, documents, references, how, ask),
         {{"guideline", number},
          {"title", g.title},
          {"documents", std::to_string(documents)},
          {"references", std::to_string(references)},
          {"confidence", string(name(all.mapping.confidence))},
          {"source", join(all.mapping.source, ", ")}},
         0});
  };
  for (const string& id : ids) {
    const std::vector<string_view> pieces = split(id, ':');
    if (pieces.size() == 2 && pieces[0] == "uk-cop") {
      const string number(pieces[1].substr(0, pieces[1].find('.')));
      for (const catalogue::Guideline& g : all.guidelines)
        if (std::to_string(g.number) == number) add(g, "", "--guideline " + number);
    }
    if (pieces.size() != 3 || pieces[0] != kEn) continue;
    const catalogue::Provision* p = ASSAY_TRY(catalogue::edition(pieces[1]))->provision(pieces[2]);
    if (p == nullptr) continue;
    for (const catalogue::GuidelineOfProvision& way : all.guidelines_of(p->id, p->clause))
      add(*way.guideline, way.by_clause ? " on the guideline" : "", "--provision " + p->id);
  }
  return out;
}

Result<void> join_others(Sheet& sheet, const std::vector<string>& ids) {
  const crosswalk::Crosswalk& all = *ASSAY_TRY(crosswalk::load());
  for (const string& id : ids) {
    std::vector<SheetRow> out;
    for (const crosswalk::Link* link : all.about(id)) {
      const bool source = link->to != id;
      const Relation relation = source ? link->relation : reversed(link->relation);
      // From several to one: together they stand in this relation, alone in none that is known.
      std::vector<string> with;
      if (source)
        for (const string& other : link->from)
          if (other != id) with.emplace_back(crosswalk::number_of(other));
      const std::vector<string> others = source ? std::vector<string>{link->to} : link->from;
      const crosswalk::Item* item = others.size() == 1 ? all.item(others.front()) : nullptr;
      std::vector<string> beside;
      for (std::size_t i = 1; i < others.size(); ++i) beside.emplace_back(crosswalk::number_of(others[i]));
      string words = others.front() + (beside.empty() ? "" : " with " + join(beside, ", "));
      if (item != nullptr) words += ": " + item->title;
      if (!with.empty()) words += fmt::format(" (with {})", join(with, ", "));
      if (link->backing.confidence != Confidence::high) words += fmt::format(" [{}]", name(link->backing.confidence));
      out.push_back({replace_all(string(name(relation)), "_", " "),
                     words,
                     {{"of", id},
                      {"relation", string(name(relation))},
                      {"other", join(others, " ")},
                      {"with", join(with, " ")},
                      {"residual", link->residual},
                      {"confidence", string(name(link->backing.confidence))},
                      {"source", join(link->backing.source, ", ")}},
                     0});
    }
    std::stable_sort(out.begin(), out.end(), [](const SheetRow& a, const SheetRow& b) { return a.head > b.head; });
    const std::vector<string_view> pieces = split(id, ':');
    const string edition(pieces.size() == 3 ? pieces[1] : "");
    const bool several = ids.size() > 1;
    sheet.rows(several ? "relations_" + replace_all(edition, ".", "_") : "relations",
               several ? "V" + edition : "relations", std::move(out));
  }
  sheet.rows("guidance", "guidance", ASSAY_TRY(guidance_rows(ids)));
  return {};
}

Result<string> standards_list(const StandardsOptions& options) {
  const std::vector<Listed> all = ASSAY_TRY(listed(options));
  if (options.json) {
    JsonWriter w(1);
    w.array();
    for (const Listed& l : all) {
      w.object().field("id", l.standard->id).field("title", l.standard->title).field("name", l.standard->name);
      w.field("binding", l.standard->binding).key("jurisdictions").texts(l.standard->jurisdictions);
      if (!l.edition.empty()) w.field("edition", l.edition);
      if (!l.date.empty()) w.field("date", l.date);
      w.key("counts").object(true);
      for (const auto& [word, n] : l.counts) w.field(word, static_cast<std::uint64_t>(n));
      w.end_object().field("confidence", name(l.standard->backing.confidence)).end_object();
    }
    w.end_array();
    return w.take() + "\n";
  }
  string out = options.terminal.bold("STANDARD        DATE        HOLDS") + "\n";
  for (const Listed& l : all) {
    const string id = l.edition.empty() ? l.standard->id : l.standard->id + ":" + l.edition;
    const string title = l.edition.empty() ? l.standard->title : l.standard->title + " V" + l.edition;
    out += report::wrapped(report::pad(id, 16) + report::pad(l.date, 12), title + ": " + counts_words(l.counts));
  }
  return out + "\nassay standards show ID prints one; assay standards diff 2.1.1 3.1.3 what changed.\n";
}

Result<string> standards_show(string_view asked, const StandardsOptions& options) {
  const auto [editions, id] = ASSAY_TRY(split_id(asked, ASSAY_TRY(chosen(options))));
  std::vector<Sheet> sheets;
  if (id.empty()) {
    const string_view standard = asked.substr(0, asked.find(':'));
    const catalogue::Standard& s = *ASSAY_TRY(catalogue::standard(standard));
    Sheet sheet = ASSAY_TRY(etsi_standard(s, editions));
    // What stands around its provisions and units, as for any other standard.
    Sheet around = std::move(ASSAY_TRY(law_sheets(standard)).front());
    for (Section& section : around.sections)
      if (section.key != "editions") sheet.sections.push_back(std::move(section));
    sheet.place = around.place;
    sheets.push_back(std::move(sheet));
  } else {
    sheets = ASSAY_TRY(etsi_sheets(id, editions));
    if (sheets.empty()) sheets = ASSAY_TRY(law_sheets(asked));
  }
  if (sheets.empty()) return fail(unknown(asked));
  if (options.json) {
    JsonWriter w(1);
    w.object().field("asked", asked).key("found").array();
    for (const Sheet& sheet : sheets) write_json(w, sheet);
    w.end_array().end_object();
    return w.take() + "\n";
  }
  string out;
  for (Sheet& sheet : sheets) {
    if (!options.texts.empty()) {
      string text = ASSAY_TRY(text_beside(options.texts, text_ids(sheet, id.empty() ? string(asked) : id)));
      if (!text.empty())
        sheet.sections.insert(
            sheet.sections.begin(),
            Section{"text", "text (yours, never exported)", Section::Shape::text, {std::move(text)}, {}, true});
    }
    out += (out.empty() ? "" : "\n") + print(sheet, options.terminal);
  }
  return out;
}

Result<string> text_beside(const std::filesystem::path& directory, const std::vector<string>& ids) {
  constexpr std::uint64_t kLargest = 64u << 10;
  std::error_code error;
  if (!std::filesystem::is_directory(directory, error))
    return fail(Error{Errc::not_found,
                      "is no directory",
                      directory.string(),
                      {},
                      "It holds files named by id, 5.1-1.txt, or one texts.yaml."});
  for (const string& id : ids) {
    if (id.empty() || id.find('/') != string::npos || id[0] == '.') continue;
    const std::filesystem::path file = directory / (id + ".txt");
    const std::filesystem::file_status status = std::filesystem::symlink_status(file, error);
    if (status.type() == std::filesystem::file_type::not_found) continue;
    if (!std::filesystem::is_regular_file(status))
      return fail(Error{Errc::invalid, "is no regular file", file.string(), {}, {}});
    return clean_utf8(ASSAY_TRY(read_file(file, kLargest)));
  }
  const std::filesystem::path yaml = directory / "texts.yaml";
  if (!std::filesystem::exists(yaml, error)) return string();
  const Node tree = ASSAY_TRY(parse_yaml(ASSAY_TRY(read_file(yaml, NodeLimits{}.bytes)), yaml.string()));
  for (const string& id : ids)
    if (const Node* text = tree.find(id)) {
      if (!text->is_text())
        return fail(Error{Errc::malformed,
                          fmt::format("'{}' has to be text", id),
                          fmt::format("{}:{}:{}", yaml.string(), text->mark().line, text->mark().column),
                          {},
                          {}});
      return text->text();
    }
  return string();
}

}  // namespace assay::app
