#include "intake/persons.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "evidence/tables.h"
#include "intake/check.h"

namespace assay::intake {
namespace {

using std::string;
using std::string_view;
using Kind = PersonRecord::Kind;

constexpr std::pair<string_view, Kind> kKinds[] = {
    {"verdict", Kind::verdict}, {"observation", Kind::observation}, {"scope", Kind::scope}, {"close", Kind::close}};
const std::vector<string> kKindWords = {"verdict", "observation", "scope", "close"};
const std::vector<string> kVerdicts = {"pass", "fail", "inconclusive"};
constexpr std::uint64_t kLargest = 4u << 20;

// A double-quoted YAML scalar; JSON's are such.
string yaml_text(string_view text) { return JsonWriter().value(text).take(); }

PersonRecord read_record(Check& check, const Node& node) {
  PersonRecord r;
  check.keys(node,
             {"kind", "by", "date", "reason", "evidence", "unit", "entry", "value", "rows_digest", "overrules",
              "closes", "table", "values", "scope"},
             "a record");
  const string kind = check.word(node, "kind", kKindWords, true);
  for (const auto& [word, k] : kKinds)
    if (kind == word) r.kind = k;
  r.by = check.text(node, "by", true);
  r.date = check.date(node, "date", true);
  r.reason = check.text(node, "reason", true);
  r.evidence = check.text(node, "evidence");
  r.unit = check.text(node, "unit", kind == "verdict");
  r.entry = check.text(node, "entry");
  r.value = kind == "verdict" ? check.word(node, "value", kVerdicts, true) : check.text(node, "value");
  r.rows_digest = check.text(node, "rows_digest");
  r.overrules = check.list(node, "overrules");
  r.closes = check.text(node, "closes", kind == "close");
  r.table = check.text(node, "table", kind == "scope");
  const evidence::Table* table = nullptr;
  if (!r.table.empty()) {
    table = evidence::find_table(r.table);
    if (table == nullptr || table->kind != evidence::Kind::fact) {
      std::vector<string_view> known;
      for (const evidence::Table& t : evidence::tables())
        if (t.kind == evidence::Kind::fact) known.push_back(t.name);
      check.error(node["table"], fmt::format("there is no table of facts called '{}'", r.table.substr(0, 64)), {},
                  suggestion(r.table, known, "`assay tables` lists them."));
      table = nullptr;
    }
  }
  if (node.has("values") && check.mapping(node["values"], "values")) {
    for (const Node::Member& m : node["values"].members()) {
      if (table == nullptr || !table->column(m.key)) {
        check.problems().add(Severity::error, check.file(), m,
                             table == nullptr ? "values need the table they are a row of"
                                              : fmt::format("{} has no column '{}'", r.table, m.key.substr(0, 64)));
        continue;
      }
      for (const char* ours : {"id", "artefact", "source", "place", "at", "examiner", "confidence"})
        if (m.key == ours)
          check.problems().add(Severity::error, check.file(), m, fmt::format("'{}' is filled in by assay", m.key));
      if (check.is_text(m.value, m.key)) r.values.emplace_back(m.key, m.value.text());
    }
  }
  if (node.has("scope")) {
    if (check.mapping(node["scope"], "scope")) r.scope = JsonWriter().node(node["scope"]).take();
  } else if (kind == "scope") {
    r.scope = "{}";
  }
  r.file = check.file().name;
  r.line = node.mark().line;
  return r;
}

// One item of the list, as read_records() reads it.
string as_yaml(const PersonRecord& r) {
  string out = fmt::format("- kind: {}\n  by: {}\n  date: {}\n  reason: {}\n", name(r.kind), yaml_text(r.by),
                           yaml_text(r.date), yaml_text(r.reason));
  const auto put = [&](const char* key, const string& value) {
    if (!value.empty()) out += fmt::format("  {}: {}\n", key, yaml_text(value));
  };
  put("unit", r.unit);
  put("entry", r.entry);
  put("value", r.value);
  put("evidence", r.evidence);
  put("rows_digest", r.rows_digest);
  put("closes", r.closes);
  put("table", r.table);
  if (!r.overrules.empty()) {
    out += "  overrules:\n";
    for (const string& row : r.overrules) out += "  - " + yaml_text(row) + "\n";
  }
  if (!r.values.empty()) {
    out += "  values:\n";
    for (const auto& [column, value] : r.values) out += fmt::format("    {}: {}\n", column, yaml_text(value));
  }
  if (!r.scope.empty()) out += "  scope: " + r.scope + "\n";
  return out;
}

string file_name_of(string_view by) {
  string out;
  for (const char c : lower(by.substr(0, 80)))
    if (is_alnum(c))
      out += c;
    else if (!out.empty() && out.back() != '-')
      out += '-';
  while (!out.empty() && out.back() == '-') out.pop_back();
  return (out.empty() ? "somebody" : out) + ".yaml";
}

// Held while a record is appended.
struct Lock {
  int fd = -1;
  ~Lock() {
    if (fd >= 0) ::close(fd);
  }
};

}  // namespace

string_view name(Kind kind) {
  for (const auto& [word, k] : kKinds)
    if (k == kind) return word;
  return "verdict";
}

std::vector<PersonRecord> read_records(SourceFile& file, Problems& problems) {
  std::vector<PersonRecord> out;
  Check check(file, problems);
  if (file.tree.is_null()) return out;
  if (!check.mapping(file.tree, file.name)) return out;
  check.keys(file.tree, {"records"}, "a file of records");
  if (!check.sequence(file.tree["records"], "records")) return out;
  for (const Node& node : file.tree["records"].items()) {
    if (!check.mapping(node, "a record")) continue;
    const std::size_t before = problems.all().size();
    PersonRecord r = read_record(check, node);
    const auto& all = problems.all();
    if (std::none_of(all.begin() + static_cast<std::ptrdiff_t>(before), all.end(),
                     [](const Problem& p) { return p.severity == Severity::error; }))
      out.push_back(std::move(r));
  }
  return out;
}

Result<std::filesystem::path> append_record(const std::filesystem::path& directory, const PersonRecord& record) {
  const std::filesystem::path persons = directory / "persons";
  std::error_code error;
  // A dossier may come from a stranger: what is recorded in it stays in it.
  if (std::filesystem::is_symlink(persons, error))
    return fail(Error{Errc::invalid,
                      "is a link; records are only written into the dossier itself",
                      persons.string(),
                      {},
                      "Put a directory in its place."});
  ASSAY_TRY(make_directory(persons));
  Lock lock{::open(persons.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (lock.fd < 0 || ::flock(lock.fd, LOCK_EX) != 0)
    return fail(Error{Errc::io, "cannot be locked", persons.string(), {}, {}});
  const std::filesystem::path path = persons / file_name_of(record.by);
  string text = "# Written by `assay verdict` and `assay observe`. Records are only added.\nrecords:\n";
  if (std::filesystem::exists(path, error)) {
    text = ASSAY_TRY(read_file(path, kLargest));
    if (!text.empty() && text.back() != '\n') text += '\n';
  }
  text += as_yaml(record);

  // What was there and what is added have to be readable as they will stand.
  SourceFile file;
  file.name = path.string();
  file.text = text;
  file.tree = ASSAY_TRY(parse_yaml(text, file.name));
  Problems problems;
  const std::vector<PersonRecord> records = read_records(file, problems);
  for (const Problem& p : problems.all())
    if (p.severity == Severity::error)
      return fail(Error{Errc::invalid, p.what, fmt::format("{}:{}:{}", file.name, p.line, p.column), {}, p.hint});
  if (records.empty() || records.back().by != record.by || records.back().reason != record.reason)
    return fail(
        Error{Errc::invalid, "records do not stand at its end: a record cannot be added", path.string(), {}, {}});
  ASSAY_TRY(write_file(path, text, Links::refuse));
  return path;
}

}  // namespace assay::intake
