#include "app/about.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json.h"
#include "base/text.h"
#include "catalogue/catalogue.h"
#include "evidence/claims.h"
#include "report/scan_report.h"
#include "report/terminal.h"
#include "unpack/format.h"

namespace assay::app {
namespace {

const char* type_word(evidence::Type type) {
  switch (type) {
    case evidence::Type::text:
      return "text";
    case evidence::Type::integer:
      return "integer";
    case evidence::Type::real:
      return "real";
  }
  return "text";
}

const char* kind_word(evidence::Kind kind) {
  switch (kind) {
    case evidence::Kind::fact:
      return "fact";
    case evidence::Kind::coverage:
      return "coverage";
    case evidence::Kind::claim:
      return "claim";
    case evidence::Kind::record:
      return "record";
  }
  return "fact";
}

std::string cell_text(const Value& v) {
  if (const auto* i = std::get_if<std::int64_t>(&v)) return std::to_string(*i);
  if (const auto* d = std::get_if<double>(&v)) return fmt::format("{}", *d);
  if (const auto* s = std::get_if<std::string>(&v)) return *s;
  return "";
}

}  // namespace

std::string formats_text() {
  std::string out;
  for (const unpack::Format* f : unpack::formats()) {
    out += report::pad(std::string(f->name), 14) + std::string(f->title) + "\n";
    if (!f->limits.empty()) out += std::string(14, ' ') + "limits: " + std::string(f->limits) + "\n";
  }
  return out;
}

std::string formats_json() {
  JsonWriter w(1);
  w.array();
  for (const unpack::Format* f : unpack::formats())
    w.object(true)
        .field("name", f->name)
        .field("title", f->title)
        .field("reference", f->reference)
        .field("limits", f->limits)
        .field("anywhere", f->anywhere)
        .field("tree", f->tree)
        .end_object();
  w.end_array();
  return w.take() + "\n";
}

Result<std::string> tables_about(std::string_view name, std::string_view edition, bool json) {
  const catalogue::Edition* e = ASSAY_TRY(catalogue::edition(edition));
  std::vector<const evidence::Table*> chosen;
  const std::vector<evidence::Table> views = evidence::views(e->ts);
  for (const evidence::Table& t : evidence::tables())
    if (name.empty() || t.name == name) chosen.push_back(&t);
  for (const evidence::Table& t : views)
    if (name.empty() ? t.name.starts_with("claim_") : t.name == name) chosen.push_back(&t);
  if (chosen.empty()) {
    std::vector<std::string_view> known;
    for (const evidence::Table& t : evidence::tables()) known.push_back(t.name);
    for (const evidence::Table& t : views) known.push_back(t.name);
    const std::string_view near = nearest(name, known);
    return fail(Error{Errc::not_found,
                      fmt::format("there is no table or view '{}'", name),
                      "",
                      {},
                      near.empty() ? "assay tables lists all of them." : fmt::format("Did you mean {}?", near)});
  }
  if (json) {
    JsonWriter w(1);
    w.array();
    for (const evidence::Table* t : chosen) {
      w.object()
          .field("name", t->name)
          .field("kind", kind_word(t->kind))
          .field("row", t->meaning)
          .key("columns")
          .array();
      for (const evidence::Column& c : t->columns)
        w.object(true)
            .field("name", c.name)
            .field("type", type_word(c.type))
            .field("coded", c.coded)
            .field("meaning", c.meaning)
            .end_object();
      w.end_array().end_object();
    }
    w.end_array();
    return w.take() + "\n";
  }
  std::string out;
  for (const evidence::Table* t : chosen) {
    out += fmt::format("{}  ({})\n  a row is {}\n", t->name, kind_word(t->kind), t->meaning);
    std::size_t longest = 18;
    for (const evidence::Column& c : t->columns) longest = std::max(longest, c.name.size());
    for (const evidence::Column& c : t->columns) {
      if (name.empty() && t->kind == evidence::Kind::fact &&
          (c.name == "id" || c.name == "artefact" || c.name == "source" || c.name == "place" || c.name == "at" ||
           c.name == "examiner" || c.name == "confidence"))
        continue;
      out += "    " + report::pad(c.name, longest + 2) +
             report::pad(std::string(type_word(c.type)) + (c.coded ? ", coded" : ""), 16) + c.meaning + "\n";
    }
    out += "\n";
  }
  if (name.empty())
    out +=
        "Every fact also has id, artefact, source, place, at, examiner and confidence (assay tables account shows "
        "them). A coded column is\n"
        "never null: it says 'unknown'. Views: SOURCE_TABLE for each source and fact table (firmware_listener), "
        "claim_* for the dossier.\n";
  return out;
}

std::string query_text(const evidence::QueryResult& result, bool json, bool csv) {
  if (json) {
    JsonWriter w(1);
    w.array();
    for (const evidence::Row& row : result.rows) {
      w.object(true);
      for (std::size_t i = 0; i < row.size(); ++i) {
        w.key(result.columns[i]);
        if (const auto* n = std::get_if<std::int64_t>(&row[i]))
          w.value(*n);
        else if (const auto* d = std::get_if<double>(&row[i]))
          w.value(*d);
        else if (const auto* s = std::get_if<std::string>(&row[i]))
          w.value(*s);
        else
          w.null();
      }
      w.end_object();
    }
    w.end_array();
    return w.take() + "\n";
  }
  if (csv) {
    std::string out;
    for (std::size_t i = 0; i < result.columns.size(); ++i) out += (i ? "," : "") + csv_cell(result.columns[i]);
    out += "\r\n";
    for (const evidence::Row& row : result.rows) {
      for (std::size_t i = 0; i < row.size(); ++i) out += (i ? "," : "") + csv_cell(cell_text(row[i]));
      out += "\r\n";
    }
    return out;
  }
  std::vector<std::size_t> widths;
  for (const std::string& c : result.columns) widths.push_back(report::columns(c));
  std::vector<std::vector<std::string>> cells;
  for (const evidence::Row& row : result.rows) {
    cells.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i) {
      cells.back().push_back(report::shorten(cell_text(row[i]), 100));
      widths[i] = std::max(widths[i], report::columns(cells.back().back()));
    }
  }
  std::string out;
  const auto line = [&](const std::vector<std::string>& row) {
    std::string text;
    for (std::size_t i = 0; i < row.size(); ++i) text += report::pad(row[i], i + 1 == row.size() ? 0 : widths[i] + 2);
    out += text + "\n";
  };
  line(result.columns);
  std::vector<std::string> rule;
  for (const std::size_t w : widths) rule.push_back(std::string(w, '-'));
  line(rule);
  for (const auto& row : cells) line(row);
  return out;
}

}  // namespace assay::app
