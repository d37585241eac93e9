#include "app/sheet.h"

#include <algorithm>

#include "base/text.h"
#include "catalogue/requirements.h"

namespace assay::app {
namespace {

constexpr std::size_t kLabel = 13;    // columns of a label
constexpr std::size_t kHeadMax = 22;  // longer heads stand on a line of their own

std::string row_lines(const SheetRow& row, std::size_t head, const std::string& before) {
  std::string out = before + std::string(static_cast<std::size_t>(row.indent) * 2, ' ');
  if (row.head.empty()) return report::wrapped(out, row.body);
  if (row.body.empty()) return out + printable(row.head) + "\n";
  if (report::columns(row.head) > kHeadMax) {
    out += printable(row.head) + "\n";
    const std::string start(kLabel + 2, ' ');
    return out + report::wrapped(start, row.body);
  }
  return report::wrapped(out + report::pad(printable(row.head), head), row.body);
}

}  // namespace

void Sheet::text(std::string key, std::string label, std::string value) {
  if (value.empty()) return;
  sections.push_back({std::move(key), std::move(label), Section::Shape::text, {std::move(value)}, {}, false});
}
void Sheet::list(std::string key, std::string label, std::vector<std::string> values) {
  if (values.empty()) return;
  sections.push_back({std::move(key), std::move(label), Section::Shape::list, std::move(values), {}, false});
}
void Sheet::rows(std::string key, std::string label, std::vector<SheetRow> rows) {
  if (rows.empty()) return;
  sections.push_back({std::move(key), std::move(label), Section::Shape::rows, {}, std::move(rows), false});
}
void Sheet::backing(std::string_view confidence, const std::vector<std::string>& sources) {
  text("confidence", "confidence", std::string(confidence));
  std::vector<SheetRow> out;
  for (const std::string& one : sources) {
    const catalogue::Source* known = catalogue::source(one);
    SheetRow row{one, known != nullptr ? known->title : "", {{"id", one}}, 0};
    if (known != nullptr) {
      row.fields.emplace_back("title", known->title);
      row.fields.emplace_back("publisher", known->publisher == "-" ? "" : known->publisher);
      row.fields.emplace_back("url", known->url);
      row.fields.emplace_back("class", known->cls);
    }
    out.push_back(std::move(row));
  }
  rows("sources", "sources", std::move(out));
}
void Sheet::backing(const Backing& b) { backing(assay::name(b.confidence), b.source); }

std::string print(const Sheet& sheet, const report::Terminal& terminal) {
  std::string out = report::wrapped(terminal.bold(printable(sheet.id)) + "  ", sheet.title);
  if (!sheet.place.empty()) out += report::wrapped("", sheet.place);
  bool after_many = false;
  for (const Section& s : sheet.sections) {
    if (s.label.empty()) continue;
    std::string label = report::pad(terminal.bold(s.label), kLabel);
    if (s.private_text) {  // lines as they were written
      out += "\n" + terminal.bold(s.label) + "\n";
      each_line(s.texts.front(), [&](std::string_view line, std::size_t) { out += "  " + printable(line) + "\n"; });
      continue;
    }
    const bool many = s.shape == Section::Shape::rows && s.rows.size() > 1;
    if (many || after_many) out += "\n";
    after_many = many;
    if (s.shape == Section::Shape::text) out += report::wrapped(label, s.texts.front());
    if (s.shape == Section::Shape::list) {
      // Words that are short stand in one line; sentences get a line each.
      const bool sentences = std::any_of(s.texts.begin(), s.texts.end(), [](const std::string& t) {
        return t.find(' ') != std::string::npos && t.size() > 24;
      });
      if (!sentences) {
        out += report::wrapped(label, join(s.texts, ", "));
      } else {
        for (const std::string& t : s.texts) {
          out += report::wrapped(label + (terminal.unicode ? "• " : "- "), t);
          label = std::string(kLabel, ' ');
        }
      }
    }
    if (s.shape == Section::Shape::rows) {
      std::size_t head = 0;
      for (const SheetRow& row : s.rows)
        if (const std::size_t n = report::columns(row.head); n <= kHeadMax) head = std::max(head, n + 2);
      for (const SheetRow& row : s.rows) {
        out += row_lines(row, head, label);
        label = std::string(kLabel, ' ');
      }
    }
  }
  return out;
}

void write_json(JsonWriter& w, const Sheet& sheet) {
  w.object().field("id", sheet.id).field("kind", sheet.kind).field("title", sheet.title);
  if (!sheet.place.empty()) w.field("place", sheet.place);
  for (const Section& s : sheet.sections) {
    if (s.private_text || s.key.empty()) continue;
    w.key(s.key);
    if (s.shape == Section::Shape::text) w.value(s.texts.front());
    if (s.shape == Section::Shape::list) w.texts(s.texts);
    if (s.shape == Section::Shape::rows) {
      w.array();
      for (const SheetRow& row : s.rows) {
        w.object(true);
        for (const auto& [key, value] : row.fields)
          if (!value.empty()) w.field(key, value);
        w.end_object();
      }
      w.end_array();
    }
  }
  w.end_object();
}

}  // namespace assay::app
