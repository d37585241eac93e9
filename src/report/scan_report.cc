#include "report/scan_report.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/data.h"
#include "base/json.h"
#include "base/text.h"

namespace assay::report {
namespace {

using evidence::Evidence;
using evidence::Row;

std::int64_t number(std::string_view table, const Row& row, std::string_view column) {
  const Value& v = Evidence::cell(table, row, column);
  const auto* i = std::get_if<std::int64_t>(&v);
  return i ? *i : 0;
}
std::string text(std::string_view table, const Row& row, std::string_view column) {
  return Evidence::text(table, row, column);
}

void write_rows(JsonWriter& w, const Evidence& e, std::string_view table) {
  w.array();
  const evidence::Table* t = evidence::find_table(table);
  for (const Row& row : e.rows(table)) {
    w.object(true);
    for (std::size_t i = 0; i < t->columns.size(); ++i) {
      w.key(t->columns[i].name);
      const Value& v = row[i];
      if (const auto* n = std::get_if<std::int64_t>(&v))
        w.value(*n);
      else if (const auto* d = std::get_if<double>(&v))
        w.value(*d);
      else if (const auto* s = std::get_if<std::string>(&v)) {
        // The planned looks and scopes are JSON themselves.
        if (t->columns[i].name == "looks" || t->columns[i].name == "scope") {
          if (const auto node = parse_json(*s, "scope"))
            w.node(*node);
          else
            w.value(*s);
        } else {
          w.value(*s);
        }
      } else {
        w.null();
      }
    }
    w.end_object();
  }
  w.end_array();
}

std::string percent(std::uint64_t part, std::uint64_t of) {
  const std::uint64_t tenths = of == 0 ? 0 : (part * 1000 + of / 2) / of;
  return fmt::format("{}.{} %", tenths / 10, tenths % 10);
}

// One character a 70th of the image: what most of it is, with any refused or unknown byte showing.
std::string byte_strip(const std::vector<const Row*>& ledger, std::uint64_t size) {
  constexpr std::size_t kCells = 70;
  std::string strip(kCells, '#');
  for (std::size_t i = 0; i < kCells; ++i) {
    const std::uint64_t from = size * i / kCells, to = std::max(from + 1, size * (i + 1) / kCells);
    std::map<char, std::uint64_t> share;
    for (const Row* r : ledger) {
      const auto a = static_cast<std::uint64_t>(number("ledger", *r, "offset")),
                 n = static_cast<std::uint64_t>(number("ledger", *r, "size"));
      const std::uint64_t lo = std::max(a, from), hi = std::min(a + n, to);
      if (lo >= hi) continue;
      const std::string state = text("ledger", *r, "state");
      share[state == "claimed" ? '#' : state == "padding" ? '.' : state == "unknown" ? '?' : '!'] += hi - lo;
    }
    char best = '#';
    std::uint64_t most = 0;
    for (const auto& [c, n] : share)
      if (n > most) {
        most = n;
        best = c;
      }
    if (share.count('?') && share['?'] * 4 > to - from) best = '?';
    if (share.count('!') && share['!'] * 4 > to - from) best = '!';
    strip[i] = best;
  }
  return strip;
}

void artefact_text(std::string& out, const Evidence& e, const Row& artefact, const Terminal& t) {
  const std::string id = text("artefact", artefact, "id");
  const auto size = static_cast<std::uint64_t>(number("artefact", artefact, "size"));
  const std::string name = printable(text("artefact", artefact, "name"));
  const std::string sum = "sha256 " + text("artefact", artefact, "sha256").substr(0, 16) + (t.unicode ? "…" : "...");
  std::string head = t.bold(name) + "  " + grouped(size) + " bytes";
  if (columns(head) + columns(sum) + 2 <= Terminal::kWidth)
    out += pad(head, Terminal::kWidth - columns(sum)) + sum + "\n\n";
  else
    out += head + "\n" + sum + "\n\n";

  std::vector<const Row*> ledger;
  std::map<std::string, std::uint64_t> totals;
  for (const Row& r : e.rows("ledger")) {
    if (text("ledger", r, "artefact") != id || !text("ledger", r, "place").empty()) continue;
    ledger.push_back(&r);
    totals[text("ledger", r, "state")] += static_cast<std::uint64_t>(number("ledger", r, "size"));
  }
  if (!ledger.empty()) {
    out += "  " + byte_strip(ledger, size) + "\n";
    const std::string end = fmt::format("{:#x}", size);
    out += "  0" + pad_left(end, 69) + "\n";
    out += fmt::format("  # claimed {}   . padding {}   ? unknown {}   ! refused {}\n\n",
                       percent(totals["claimed"], size), percent(totals["padding"], size),
                       percent(totals["unknown"], size), percent(totals["refused"], size));
  }

  // Containers as a tree, with the stretches that nobody claims between them.
  std::map<std::string, std::vector<const Row*>> children;
  for (const Row& r : e.rows("node"))
    if (text("node", r, "artefact") == id) children[text("node", r, "parent")].push_back(&r);
  const std::string none;
  std::map<std::string, std::uint64_t> files;
  for (const Row& r : e.rows("file"))
    if (text("file", r, "artefact") == id && text("file", r, "type") == "file") ++files[text("file", r, "place")];
  std::size_t shown = 0, hidden = 0;
  const auto line = [&](std::uint64_t at, const std::string& indent, std::string what, std::uint64_t bytes,
                        bool with_offset) {
    const std::string left = with_offset ? fmt::format("  0x{:06x}  ", at) : std::string(12, ' ');
    const std::string right = grouped(bytes);
    const std::size_t room = Terminal::kWidth - columns(left) - columns(indent) - columns(right) - 2;
    out += left + indent + pad(shorten(what, room, t.unicode), room + 2) + right + "\n";
  };
  const std::function<void(const std::string&, const std::string&, bool)> walk =
      [&](const std::string& parent, const std::string& indent, bool in_artefact) {
        const auto it = children.find(parent);
        if (it == children.end()) return;
        std::vector<const Row*> rows = it->second;
        std::sort(rows.begin(), rows.end(), [&](const Row* a, const Row* b) {
          return number("node", *a, "offset") < number("node", *b, "offset");
        });
        for (std::size_t i = 0; i < rows.size(); ++i) {
          const Row& r = *rows[i];
          // Files inside a tree that are containers themselves would drown the rest: they are counted.
          if (text("node", r, "place").find(" > /") != std::string::npos) {
            ++hidden;
            continue;
          }
          if (++shown > 60) {
            ++hidden;
            continue;
          }
          std::string what = text("node", r, "title");
          const std::string status = text("node", r, "status");
          if (const auto n = files.find(text("node", r, "place")); n != files.end())
            what += fmt::format(": {} files", grouped(n->second));
          if (status != "whole") what += fmt::format(" ({}: {})", status, text("node", r, "reason"));
          const bool last = i + 1 == rows.size();
          const std::string branch = parent.empty() ? "" : t.unicode ? (last ? "└ " : "├ ") : (last ? "` " : "| ");
          line(static_cast<std::uint64_t>(number("node", r, "offset")), indent + branch, what,
               static_cast<std::uint64_t>(number("node", r, "size")), in_artefact || parent.empty());
          walk(text("node", r, "id"), indent + (parent.empty() ? "" : last ? "  " : t.unicode ? "│ " : "| "), false);
        }
      };
  walk(none, "", true);
  if (hidden > 0) out += fmt::format("            and {} more containers inside files\n", hidden);
  for (const Row* r : ledger) {
    const std::string state = text("ledger", *r, "state");
    if (state != "unknown" && state != "refused") continue;
    std::string what = state;
    if (state == "unknown")
      what += ", entropy " + text("ledger", *r, "entropy");
    else
      what += ": " + text("ledger", *r, "reason");
    line(static_cast<std::uint64_t>(number("ledger", *r, "offset")), "", what,
         static_cast<std::uint64_t>(number("ledger", *r, "size")), true);
  }
  if (!children.empty() || !ledger.empty()) out += "\n";
}

std::string counted(const std::map<std::string, std::uint64_t>& counts) {
  std::vector<std::string> parts;
  for (const auto& [word, n] : counts) parts.push_back(fmt::format("{} {}", n, word));
  return join(parts, ", ");
}

// One line that says what is in a table.
std::string gist(const Evidence& e, const std::string& table) {
  const std::vector<Row>& rows = e.rows(table);
  std::map<std::string, std::uint64_t> counts;
  std::vector<std::string> list;
  if (table == "account") {
    for (const Row& r : rows) {
      const std::string state = text(table, r, "state"), word = text(table, r, "password_class");
      if (state == "locked") continue;
      list.push_back(text(table, r, "user") + ": " +
                     (state == "empty"         ? "empty password"
                      : word == "default-list" ? "hash on a default list"
                                               : state));
    }
    return list.empty() ? "all locked" : join(list, ", ");
  }
  if (table == "listener") {
    std::set<std::string> ports;
    for (const Row& r : rows) ports.insert(text(table, r, "proto") + "/" + text(table, r, "port"));
    return join({ports.begin(), ports.end()}, " ");
  }
  if (table == "service") {
    std::uint64_t root = 0, enabled = 0;
    for (const Row& r : rows) {
      root += text(table, r, "user") == "root";
      enabled += text(table, r, "enabled") == "yes";
    }
    return fmt::format("{} enabled, {} run as root", enabled, root);
  }
  if (table == "binary") {
    for (const char* flag : {"nx", "pie", "canary", "fortify"}) {
      std::uint64_t n = 0;
      for (const Row& r : rows) n += text(table, r, flag) == "yes";
      list.push_back(fmt::format("{} {}", flag, n));
    }
    std::uint64_t relro = 0;
    for (const Row& r : rows) relro += text(table, r, "relro") == "full" || text(table, r, "relro") == "partial";
    list.push_back(fmt::format("relro {}", relro));
    return join(list, ", ");
  }
  if (table == "kernel") {
    std::set<std::string> versions;
    for (const Row& r : rows) versions.insert(text(table, r, "version"));
    return join({versions.begin(), versions.end()}, ", ");
  }
  const std::map<std::string, const char*> by = {
      {"file", "type"},   {"component", "method"}, {"secret", "kind"}, {"certificate", "usage"},
      {"update", "kind"}, {"public_key", "usage"}, {"node", "status"}, {"ledger", "state"}};
  if (const auto it = by.find(table); it != by.end()) {
    for (const Row& r : rows) ++counts[text(table, r, it->second)];
    return counted(counts);
  }
  return "";
}

}  // namespace

std::string scan_json(const Evidence& e, std::string_view assay_version) {
  JsonWriter w(1);
  w.object()
      .key("assay")
      .object(true)
      .field("version", assay_version)
      .field("data_version", data::version())
      .end_object();
  w.key("artefacts");
  write_rows(w, e, "artefact");
  w.key("tables").object();
  for (const evidence::Table& t : evidence::tables()) {
    if (t.name == "artefact" || t.name == "unexamined" || t.name == "ledger" || e.rows(t.name).empty()) continue;
    w.key(t.name);
    write_rows(w, e, t.name);
  }
  w.end_object();
  w.key("unexamined");
  write_rows(w, e, "unexamined");
  w.key("ledger");
  write_rows(w, e, "ledger");
  w.end_object();
  return w.take() + "\n";
}

std::string scan_text(const Evidence& e, const Terminal& t) {
  std::string out;
  for (const Row& a : e.rows("artefact")) artefact_text(out, e, a, t);
  out += t.bold("FACTS") + "               ROWS\n";
  for (const evidence::Table& table : evidence::tables()) {
    if (table.kind != evidence::Kind::fact || table.name == "node" || table.name == "ledger") continue;
    const auto& rows = e.rows(table.name);
    if (rows.empty()) continue;
    out += "  " + pad(table.name, 16) + pad_left(grouped(rows.size()), 6) + "  " +
           shorten(gist(e, table.name), 54, t.unicode) + "\n";
  }
  const auto& open = e.rows("unexamined");
  if (!open.empty()) {
    out += "\n" + t.bold("NOT LOOKED AT") + "\n";
    std::size_t n = 0;
    for (const Row& r : open) {
      if (++n > 8) {
        out += fmt::format("  and {} more: --format json lists them\n", open.size() - 8);
        break;
      }
      const std::string place = text("unexamined", r, "place");
      out +=
          "  " + t.shape(Verdict::not_assessed) + " " + shorten(text("unexamined", r, "reason"), 76, t.unicode) + "\n";
      if (!place.empty()) out += "    " + shorten_place(place, 76, t.unicode) + "\n";
    }
  }
  out +=
      "\nFacts are not verdicts: assay assess DIR judges them against the claims.\n"
      "Rows: assay scan IMAGE --format json, or --format csv --table NAME.\n";
  return out;
}

Result<std::string> table_csv(const Evidence& e, std::string_view name) {
  const evidence::Table* t = evidence::find_table(name);
  if (!t) {
    std::vector<std::string> known;
    for (const evidence::Table& table : evidence::tables())
      if (!e.rows(table.name).empty()) known.push_back(table.name);
    return fail(
        Error{Errc::invalid,
              name.empty() ? "csv holds one table: name it with --table" : fmt::format("there is no table '{}'", name),
              "usage",
              {},
              "Tables with rows: " + join(known, ", ")});
  }
  std::string out;
  for (std::size_t i = 0; i < t->columns.size(); ++i) out += (i ? "," : "") + csv_cell(t->columns[i].name);
  out += "\r\n";
  for (const Row& row : e.rows(name)) {
    for (std::size_t i = 0; i < t->columns.size(); ++i)
      out += (i ? "," : "") + csv_cell(Evidence::text(name, row, t->columns[i].name));
    out += "\r\n";
  }
  return out;
}

}  // namespace assay::report
