// Sheets of codes, laws and other baselines: what data/standards/catalogue/ says, joined with the requirements that
// data/schemes/ holds.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "app/standards_sheets.h"
#include "base/text.h"
#include "scheme/scheme.h"

namespace assay::app {
namespace {

using catalogue::ItemKind;
using catalogue::Standard;
using std::string;
using std::string_view;

string joined(string_view a, string_view b) {
  if (a.empty() || b.empty()) return string(a.empty() ? b : a);
  return string(a) + ", " + string(b);
}

string strength_words(string_view strength) { return replace_all(string(strength), "_", " "); }

string place_of(const Standard& s, string_view cite) {
  string out = s.name;
  if (!cite.empty()) out += ", " + string(cite);
  return out;
}

std::vector<SheetRow> reference_rows(const std::vector<string>& ids);

string_view number_of(string_view id) { return id.substr(id.find(':') + 1); }

void add_notes(Sheet& sheet, const Standard& s, string_view about) {
  std::vector<SheetRow> out;
  for (const catalogue::Note& n : s.notes) {
    const bool hit =
        about.empty() ? n.about.empty() : std::find(n.about.begin(), n.about.end(), about) != n.about.end();
    if (!hit) continue;
    const string_view confidence = name(n.backing.confidence);
    out.push_back({confidence == "high" ? "-" : string(confidence),
                   n.text,
                   {{"text", n.text}, {"confidence", string(confidence)}, {"source", join(n.backing.source, ", ")}},
                   0});
  }
  sheet.rows("notes", "notes", std::move(out));
}

SheetRow requirement_row(const catalogue::Requirement& r) {
  string words = r.title;
  if (!r.but_not.empty()) words += "; but not " + r.but_not;
  if (r.from) words += fmt::format(" (since {})", r.from->text);
  if (r.backing.confidence < Confidence::medium) words += fmt::format(" [{}]", name(r.backing.confidence));
  return {string(number_of(r.id)),
          words,
          {{"id", r.id},
           {"kind", string(name(r.kind))},
           {"title", r.title},
           {"cite", r.cite},
           {"strength", r.strength},
           {"roles", join(r.roles, ", ")},
           {"but_not", r.but_not},
           {"from", r.from ? r.from->text : ""},
           {"confidence", string(name(r.backing.confidence))}},
          0};
}
SheetRow requirement_row(const scheme::Requirement& r, const catalogue::Remark* remark) {
  return {string(number_of(r.id)),
          r.title,
          {{"id", r.id},
           {"kind", "requirement"},
           {"title", r.title},
           {"cite", r.cite},
           {"strength", remark != nullptr ? remark->strength : ""},
           {"roles", remark != nullptr ? join(remark->roles, ", ") : ""},
           {"confidence", string(name(r.backing.confidence))}},
          0};
}

bool stands_in(const std::vector<string>& in, string_view part) {
  return part.empty() ? in.empty() : std::find(in.begin(), in.end(), part) != in.end();
}

// Requirements of one part (or of none), those of the scheme first.
std::vector<SheetRow> requirements_of(const Standard& s, const scheme::Scheme* scheme, string_view part) {
  std::vector<SheetRow> out;
  if (scheme != nullptr)
    for (const scheme::Requirement& r : scheme->requirements) {
      const catalogue::Remark* remark = s.remark(r.id);
      if (remark != nullptr ? stands_in(remark->in, part) : part.empty()) out.push_back(requirement_row(r, remark));
    }
  for (const catalogue::Requirement& r : s.requirements)
    if (stands_in(r.in, part)) out.push_back(requirement_row(r));
  return out;
}

Result<const scheme::Scheme*> scheme_of(const Standard& s) {
  if (s.scheme.empty()) return static_cast<const scheme::Scheme*>(nullptr);
  return ASSAY_TRY(scheme::schemes())->scheme(s.scheme);
}

Result<Sheet> standard_sheet(const Standard& s) {
  Sheet out;
  out.id = s.id;
  out.kind = "standard";
  out.title = s.name;
  out.place = joined(s.publisher, s.jurisdictions.empty() ? "" : join(s.jurisdictions, " "));
  out.text("binding", "binding", s.binding);
  out.text("scheme", "scheme", s.scheme);
  std::vector<SheetRow> editions;
  for (const catalogue::Published& p : s.editions)
    editions.push_back({p.date ? p.date->text : "no date",
                        joined(p.edition, p.note),
                        {{"edition", p.edition},
                         {"date", p.date ? p.date->text : ""},
                         {"note", p.note},
                         {"url", p.url},
                         {"confidence", string(name(p.backing.confidence))}},
                        0});
  out.rows("editions", s.binding == "law" ? "in force" : "published", std::move(editions));
  std::vector<SheetRow> roles;
  for (const catalogue::Role& r : s.roles) roles.push_back({r.id, r.title, {{"id", r.id}, {"title", r.title}}, 0});
  out.rows("roles", "roles", std::move(roles));
  const scheme::Scheme* scheme = ASSAY_TRY(scheme_of(s));
  for (const catalogue::Part& p : s.parts) {
    std::vector<SheetRow> rows = requirements_of(s, scheme, p.id);
    rows.insert(
        rows.begin(),
        SheetRow{
            p.id, joined(p.title, p.cite), {{"id", p.id}, {"kind", "part"}, {"title", p.title}, {"cite", p.cite}}, 0});
    for (std::size_t i = 1; i < rows.size(); ++i) rows[i].indent = 1;
    out.rows("part_" + p.id, string(p.id.substr(s.id.size() + 1)), std::move(rows));
  }
  out.rows("requirements", "asks", requirements_of(s, scheme, ""));
  add_notes(out, s, "");
  out.list("open_questions", "still open", s.open_questions);
  out.backing(s.backing);
  return out;
}

Result<Sheet> part_sheet(const Standard& s, const catalogue::Part& p) {
  Sheet out;
  out.id = p.id;
  out.kind = p.guideline ? "guideline" : "part";
  out.title = p.title;
  out.place = place_of(s, p.cite);
  out.list("roles", "for", p.roles);
  out.list("clauses", "EN 303 645", p.clauses);
  out.text("note", "note", p.note);
  out.rows("requirements", "asks", requirements_of(s, ASSAY_TRY(scheme_of(s)), p.id));
  std::vector<SheetRow> routes;
  for (const catalogue::Requirement& r : s.requirements)
    if (r.kind == ItemKind::route && std::find(r.see.begin(), r.see.end(), p.id) != r.see.end())
      routes.push_back(requirement_row(r));
  out.rows("routes", "or by", std::move(routes));
  add_notes(out, s, p.id);
  ASSAY_TRY(join_others(out, {p.id}));
  out.backing(p.backing);
  return out;
}

Result<Sheet> requirement_sheet(const Standard& s, const catalogue::Requirement& r) {
  Sheet out;
  out.id = r.id;
  out.kind = string(name(r.kind));
  out.title = r.title;
  out.place = place_of(s, r.cite);
  out.text("strength", "strength", strength_words(r.strength));
  out.list("roles", "for", r.roles);
  if (r.from) out.text("from", "from", r.from->text);
  out.text("edition", "edition", r.edition);
  out.text("form", "form", r.form);
  out.text("but_not", "but not", r.but_not);
  out.text("note", "note", r.note);
  out.text("check", "how to look", r.check);
  out.rows("parts", "part of", reference_rows(r.in));
  out.rows("see", "see", reference_rows(r.see));
  add_notes(out, s, r.id);
  out.rows("needed_by", "needed by", ASSAY_TRY(needed_by({r.id})));
  ASSAY_TRY(join_others(out, {r.id}));
  out.backing(r.backing);
  return out;
}

// A requirement that a scheme file holds; `s` where the catalogue has something to add.
Result<Sheet> scheme_requirement_sheet(const scheme::Scheme& scheme, const scheme::Requirement& r, const Standard* s) {
  Sheet out;
  out.id = r.id;
  out.kind = "requirement";
  out.title = r.title;
  out.place = joined(scheme.name, r.cite);
  const catalogue::Remark* remark = s != nullptr ? s->remark(r.id) : nullptr;
  if (remark != nullptr) {
    out.text("asks", "asks", remark->asks);
    out.text("strength", "strength", strength_words(remark->strength));
    out.list("roles", "for", remark->roles);
  }
  if (r.conditional) out.text("conditional", "applies", "may be not applicable");
  if (remark != nullptr) {
    out.text("note", "note", remark->note);
    out.text("check", "how to look", remark->check);
    out.rows("parts", "part of", reference_rows(remark->in));
    out.rows("see", "see", reference_rows(remark->see));
    add_notes(out, *s, r.id);
  }
  std::vector<SheetRow> routes;
  if (s != nullptr && remark != nullptr)
    for (const catalogue::Requirement& route : s->requirements)
      if (route.kind == ItemKind::route && std::any_of(route.see.begin(), route.see.end(),
                                                       [&](const string& part) { return stands_in(remark->in, part); }))
        routes.push_back(requirement_row(route));
  out.rows("routes", "or by", std::move(routes));
  out.rows("needed_by", "needed by", ASSAY_TRY(needed_by({r.id})));
  ASSAY_TRY(join_others(out, {r.id}));
  out.backing(r.backing);
  return out;
}

std::vector<SheetRow> reference_rows(const std::vector<string>& ids) {
  std::vector<SheetRow> out;
  for (const string& id : ids) {
    string title;
    const auto s = catalogue::standard(id.substr(0, id.find(':')));
    if (s) {
      if (const catalogue::Part* p = (*s)->part(id))
        title = p->title;
      else if (const catalogue::Requirement* r = (*s)->requirement(id))
        title = r->title;
      else if (const catalogue::Remark* m = (*s)->remark(id))
        title = m->asks;
    }
    out.push_back({id, title, {{"id", id}, {"title", title}}, 0});
  }
  return out;
}

bool asks(const scheme::Clause& clause, const std::vector<string>& ids, bool& only_way) {
  if (clause.kind == scheme::Clause::Kind::leaf) return std::find(ids.begin(), ids.end(), clause.id) != ids.end();
  bool hit = false, all = true;
  for (const scheme::Clause& part : clause.parts) {
    const bool one = asks(part, ids, only_way);
    hit = hit || one;
    all = all && one;
  }
  if (hit && clause.kind == scheme::Clause::Kind::any_of && !all) only_way = false;
  return hit;
}

}  // namespace

Result<std::vector<SheetRow>> needed_by(const std::vector<string>& ids) {
  std::vector<SheetRow> out;
  for (const scheme::Scheme& s : ASSAY_TRY(scheme::schemes())->schemes) {
    std::vector<string> sure, ways;
    string confidence = "high";
    for (const scheme::Level& level : s.levels) {
      bool only_way = true;
      if (!level.listed || !asks(level.asks, ids, only_way)) continue;
      (only_way ? sure : ways).push_back(level.title.empty() ? level.id : level.title);
      if (name(level.backing.confidence) != "high") confidence = name(level.backing.confidence);
    }
    if (sure.empty() && ways.empty()) continue;
    string words = s.title;
    const auto levels = [&](const std::vector<string>& list) {
      return list == std::vector<string>{"single"} ? string() : ": " + join(list, ", ");
    };
    if (!sure.empty()) words += levels(sure);
    if (!ways.empty()) words += (sure.empty() ? levels(ways) : "; " + join(ways, ", ")) + " (as one of several ways)";
    if (s.status != scheme::Status::running) words += fmt::format(" ({})", name(s.status));
    if (confidence != "high") words += fmt::format(" [{}]", confidence);
    out.push_back({s.id,
                   fmt::format("{} {}", s.jurisdiction == "international" ? "--" : s.jurisdiction, words),
                   {{"scheme", s.id},
                    {"jurisdiction", s.jurisdiction},
                    {"levels", join(sure, ", ")},
                    {"levels_one_way", join(ways, ", ")},
                    {"status", string(name(s.status))},
                    {"confidence", confidence}},
                   0});
  }
  return out;
}

Result<std::vector<Sheet>> law_sheets(string_view id) {
  std::vector<Sheet> out;
  const string_view head = id.substr(0, id.find(':'));
  const Standard* standard = nullptr;
  for (const Standard& s : *ASSAY_TRY(catalogue::standards()))
    if (s.id == head) standard = &s;
  if (standard != nullptr) {
    if (id == head) {
      out.push_back(ASSAY_TRY(standard_sheet(*standard)));
      return out;
    }
    if (const catalogue::Part* p = standard->part(id)) {
      out.push_back(ASSAY_TRY(part_sheet(*standard, *p)));
      return out;
    }
    if (const catalogue::Requirement* r = standard->requirement(id)) {
      out.push_back(ASSAY_TRY(requirement_sheet(*standard, *r)));
      return out;
    }
  }
  for (const scheme::Scheme& s : ASSAY_TRY(scheme::schemes())->schemes)
    if (const scheme::Requirement* r = s.requirement(id))
      out.push_back(ASSAY_TRY(scheme_requirement_sheet(s, *r, standard)));
  return out;
}

}  // namespace assay::app
