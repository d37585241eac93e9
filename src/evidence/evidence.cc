#include "evidence/evidence.h"

#include <sqlite3.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"
#include "evidence/database.h"

namespace assay::evidence {
namespace {

using std::string_view;

constexpr int kApplicationId = 0x41534159;  // "ASAY"
constexpr std::uint64_t kLargestFile = std::uint64_t{1} << 30;
constexpr std::uint64_t kMostRows = 5'000'000;
constexpr std::uint64_t kLongestValue = 16u << 20;

string_view type_name(Type type) {
  switch (type) {
    case Type::text:
      return "TEXT";
    case Type::integer:
      return "INTEGER";
    case Type::real:
      return "REAL";
  }
  return "TEXT";
}

// "offset" and "at" and the like are harmless as names, but quoting costs nothing.
std::string quote_name(string_view name) { return "\"" + std::string(name) + "\""; }

std::string create_statement(string_view table, const std::vector<const Column*>& columns) {
  std::string sql = "CREATE TABLE " + quote_name(table) + " (";
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Column& c = *columns[i];
    sql += (i ? ", " : "") + quote_name(c.name) + " " + std::string(type_name(c.type));
    if (c.coded) sql += " NOT NULL DEFAULT 'unknown'";
  }
  return sql + ") STRICT";
}

std::vector<const Column*> all_columns(const Table& table) {
  std::vector<const Column*> out;
  for (const Column& c : table.columns) out.push_back(&c);
  return out;
}

std::string number_text(double number) {
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
  return {buffer, end};
}

std::string value_text(const Value& value) {
  if (const auto* i = std::get_if<std::int64_t>(&value)) return std::to_string(*i);
  if (const auto* d = std::get_if<double>(&value)) return number_text(*d);
  if (const auto* s = std::get_if<std::string>(&value)) return *s;
  return {};
}

// What the column can hold: text that is no number does not become one, it is NULL; coded columns are never NULL.
Value fitted(const Column& column, Value value) {
  switch (column.type) {
    case Type::text:
      if (!std::holds_alternative<std::monostate>(value) && !std::holds_alternative<std::string>(value))
        value = value_text(value);
      if (auto* s = std::get_if<std::string>(&value)) {
        // SQLite's text ends at a NUL for some functions, and JSON wants UTF-8: one spelling everywhere.
        if (s->find('\0') != std::string::npos) *s = replace_all(std::move(*s), string_view("\0", 1), "\xef\xbf\xbd");
        if (!is_utf8(*s)) *s = clean_utf8(*s);
      }
      break;
    case Type::integer:
      if (const auto* s = std::get_if<std::string>(&value)) {
        std::int64_t number = 0;
        const auto [end, error] = std::from_chars(s->data(), s->data() + s->size(), number);
        value = error == std::errc() && end == s->data() + s->size() ? Value(number) : Value();
      } else if (const auto* d = std::get_if<double>(&value)) {
        value = *d == std::floor(*d) && std::abs(*d) < 9e15 ? Value(static_cast<std::int64_t>(*d)) : Value();
      }
      break;
    case Type::real:
      if (const auto* s = std::get_if<std::string>(&value)) {
        double number = 0;
        const auto [end, error] = std::from_chars(s->data(), s->data() + s->size(), number);
        value = error == std::errc() && end == s->data() + s->size() ? Value(number) : Value();
      } else if (const auto* i = std::get_if<std::int64_t>(&value)) {
        value = static_cast<double>(*i);
      }
      if (const auto* d = std::get_if<double>(&value)) {
        if (!std::isfinite(*d))
          value = Value();
        else if (*d == 0)
          value = 0.0;  // no negative zero
      }
      break;
  }
  if (column.coded && std::holds_alternative<std::monostate>(value)) value = std::string("unknown");
  return value;
}

void put_text(std::string& out, string_view text) {
  out += std::to_string(text.size());
  out += ':';
  out += text;
}
void put_value(std::string& out, const Value& value) {
  out += std::holds_alternative<std::monostate>(value) ? 'n'
         : std::holds_alternative<std::int64_t>(value) ? 'i'
         : std::holds_alternative<double>(value)       ? 'r'
                                                       : 't';
  put_text(out, value_text(value));
}

// What does not belong to the identity of a row: it changes while the row stays the same one.
bool changes(string_view table, string_view column) {
  return column == "id" || (table == "examined" && column == "complete") ||
         (table == "unexamined" && column == "closed_by");
}

const std::vector<Row>& no_rows() {
  static const std::vector<Row> none;
  return none;
}

const Table& known(string_view table) {
  const Table* t = find_table(table);
  ASSAY_CHECK(t != nullptr);
  return *t;
}

Result<std::int64_t> number_of(sqlite3* db, string_view sql) {
  const Statement s = ASSAY_TRY(prepare(db, sql));
  const QueryResult r = ASSAY_TRY(run(db, s.get(), {}));
  if (r.rows.size() != 1 || r.rows[0].size() != 1 || !std::holds_alternative<std::int64_t>(r.rows[0][0]))
    return fail(Errc::malformed, "the database does not answer " + std::string(sql));
  return std::get<std::int64_t>(r.rows[0][0]);
}

}  // namespace

std::string row_id(string_view table, const Row& row) {
  const Table& t = known(table);
  std::string content;
  for (std::size_t i = 0; i < t.columns.size() && i < row.size(); ++i) {
    if (changes(table, t.columns[i].name) || std::holds_alternative<std::monostate>(row[i])) continue;
    // Named and without NULLs: a column that a later version adds does not change the ids of rows that lack it.
    put_text(content, t.columns[i].name);
    put_value(content, row[i]);
  }
  return std::string(table) + "-" + sha256_hex(as_bytes(content)).substr(0, 12);
}

std::string Evidence::add_row(string_view table, const std::vector<std::pair<std::string, Value>>& values) {
  const Table& t = known(table);
  Row row(t.columns.size());
  for (const auto& [column, value] : values) {
    const auto at = t.column(column);
    ASSAY_CHECK(at.has_value());
    row[*at] = value;
  }
  for (std::size_t i = 0; i < row.size(); ++i) row[i] = fitted(t.columns[i], std::move(row[i]));
  const auto id_at = t.column("id");
  ASSAY_CHECK(id_at.has_value());
  if (std::holds_alternative<std::monostate>(row[*id_at])) row[*id_at] = row_id(table, row);
  std::string id = std::get<std::string>(row[*id_at]);
  const auto it = tables_.find(table);
  (it != tables_.end() ? it->second : tables_[std::string(table)]).push_back(std::move(row));
  return id;
}

void Evidence::add_artefact(string_view id, string_view sha256, string_view source, string_view name, string_view kind,
                            std::uint64_t size, const std::vector<Look>& looks) {
  JsonWriter json;
  json.array();
  for (const Look& look : looks) {
    json.object().field("table", look.table).field("examiner", look.examiner);
    const Result<Node> scope = parse_json(look.scope, "scope");
    ASSAY_CHECK(scope.has_value() && scope->is_mapping());
    json.key("scope").node(*scope).end_object();
  }
  json.end_array();
  add_row("artefact", {{"id", std::string(id)},
                       {"sha256", sha256.empty() ? Value() : Value(std::string(sha256))},
                       {"source", std::string(source)},
                       {"name", std::string(name)},
                       {"kind", kind.empty() ? Value() : Value(std::string(kind))},
                       {"size", static_cast<std::int64_t>(size)},
                       {"looks", json.take()}});
  for (const Look& look : looks)
    add_row("examined", {{"artefact", std::string(id)},
                         {"source", std::string(source)},
                         {"tbl", look.table},
                         {"examiner", look.examiner},
                         {"scope", look.scope},
                         {"complete", std::int64_t{0}}});
}

void Evidence::complete(string_view artefact, string_view table, string_view examiner, string_view scope) {
  const auto it = tables_.find("examined");
  if (it == tables_.end()) return;
  const Table& t = known("examined");
  Row* found = nullptr;
  for (Row& row : it->second) {
    if (text("examined", row, "artefact") != artefact || text("examined", row, "tbl") != table ||
        text("examined", row, "examiner") != examiner || text("examined", row, "complete") != "0")
      continue;
    // Several looks of one examiner differ in scope: the one that was planned so, else the first still open.
    const bool planned_so = !scope.empty() && text("examined", row, "scope") == scope;
    if (found == nullptr || planned_so) found = &row;
    if (planned_so) break;
  }
  if (found == nullptr) return;  // a look that nobody planned covers nothing
  if (!scope.empty()) (*found)[*t.column("scope")] = std::string(scope);
  (*found)[*t.column("complete")] = std::int64_t{1};
}

void Evidence::add(const Fact& fact, string_view artefact, string_view source) {
  std::vector<std::pair<std::string, Value>> values = fact.values;
  values.emplace_back("artefact", std::string(artefact));
  values.emplace_back("source", std::string(source));
  if (!fact.place.empty()) values.emplace_back("place", fact.place);
  if (fact.at) values.emplace_back("at", static_cast<std::int64_t>(*fact.at));
  if (!fact.examiner.empty()) values.emplace_back("examiner", fact.examiner);
  values.emplace_back("confidence", fact.confidence.empty() ? Value() : Value(fact.confidence));
  const std::string id = add_row(fact.table, values);
  if (!fact.excerpt) return;
  const Excerpt& e = *fact.excerpt;
  std::string hidden;
  for (const auto& [from, size] : e.hidden)
    hidden += (hidden.empty() ? "" : ",") + std::to_string(from) + "+" + std::to_string(size);
  add_row("excerpt", {{"tbl", fact.table},
                      {"fact", id},
                      {"at", static_cast<std::int64_t>(e.at)},
                      {"hex", hex(e.bytes)},
                      {"mark_from", std::int64_t{e.mark_from}},
                      {"mark_size", std::int64_t{e.mark_size}},
                      {"hidden", hidden.empty() ? Value() : Value(hidden)},
                      {"note", e.note.empty() ? Value() : Value(e.note)}});
}

void Evidence::add(const Unexamined& row, string_view artefact, string_view source) {
  const auto or_null = [](const std::string& s) { return s.empty() ? Value() : Value(s); };
  add_row("unexamined", {{"artefact", std::string(artefact)},
                         {"place", or_null(row.place)},
                         {"source", std::string(source)},
                         {"tbl", or_null(row.table)},
                         {"examiner", or_null(row.examiner)},
                         {"reason", row.reason}});
}

bool Evidence::close(string_view unexamined, string_view person) {
  const auto it = tables_.find("unexamined");
  if (it == tables_.end()) return false;
  const std::size_t closed_by = *known("unexamined").column("closed_by");
  bool found = false;
  for (Row& row : it->second)
    if (text("unexamined", row, "id") == unexamined) {
      row[closed_by] = std::string(person);
      found = true;
    }
  return found;
}

const std::vector<Row>& Evidence::rows(string_view table) const {
  const auto it = tables_.find(table);
  return it == tables_.end() ? no_rows() : it->second;
}

const Row* Evidence::row(string_view table, string_view id) const {
  if (find_table(table) == nullptr) return nullptr;
  for (const Row& r : rows(table))
    if (text(table, r, "id") == id) return &r;
  return nullptr;
}

const Value& Evidence::cell(string_view table, const Row& row, string_view column) {
  static const Value none;
  const Table* t = find_table(table);
  if (t == nullptr) return none;
  const auto at = t->column(column);
  return at && *at < row.size() ? row[*at] : none;
}

std::string Evidence::text(string_view table, const Row& row, string_view column) {
  return value_text(cell(table, row, column));
}

void Evidence::finish() {
  for (auto& [name, rows] : tables_) {
    const Table& t = known(name);
    std::vector<std::size_t> order;
    for (const string_view first : {"artefact", "place", "at"})
      if (const auto at = t.column(first)) order.push_back(*at);
    std::sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
      for (const std::size_t c : order)
        if (a[c] != b[c]) return a[c] < b[c];
      return a < b;
    });
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  }
}

std::string Evidence::digest() const {
  Sha256Stream all;
  for (const Table& t : tables()) {
    const std::vector<Row>& list = rows(t.name);
    if (list.empty()) continue;
    std::string head;
    put_text(head, t.name);
    all.add(as_bytes(head));
    for (const Row& row : list) {
      std::string content;
      for (std::size_t i = 0; i < row.size(); ++i) {
        if (std::holds_alternative<std::monostate>(row[i])) continue;
        put_text(content, t.columns[i].name);
        put_value(content, row[i]);
      }
      content += '\n';
      all.add(as_bytes(content));
    }
  }
  return hex(all.finish());
}

void Evidence::write_json(JsonWriter& out, const std::vector<string_view>& except) const {
  out.object();
  for (const Table& t : tables()) {
    const std::vector<Row>& list = rows(t.name);
    if (list.empty() || std::find(except.begin(), except.end(), t.name) != except.end()) continue;
    out.key(t.name).array();
    for (const Row& row : list) {
      out.object(true);
      for (std::size_t i = 0; i < row.size(); ++i) {
        out.key(t.columns[i].name);
        if (const auto* n = std::get_if<std::int64_t>(&row[i]))
          out.value(*n);
        else if (const auto* d = std::get_if<double>(&row[i]))
          out.value(*d);
        else if (const auto* s = std::get_if<std::string>(&row[i]))
          out.value(*s);
        else
          out.null();
      }
      out.end_object();
    }
    out.end_array();
  }
  out.end_object();
}

Result<void> Evidence::fill(sqlite3* db) const {
  ASSAY_TRY(execute(db, "BEGIN"));
  for (const Table& t : tables()) {
    ASSAY_TRY(execute(db, create_statement(t.name, all_columns(t))));
    const std::vector<Row>& list = rows(t.name);
    if (list.empty()) continue;
    std::string sql = "INSERT INTO " + quote_name(t.name) + " VALUES (?";
    for (std::size_t i = 1; i < t.columns.size(); ++i) sql += ",?";
    const Statement insert = ASSAY_TRY(prepare(db, sql + ")"));
    for (const Row& row : list) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        const int at = static_cast<int>(i) + 1;
        if (const auto* n = std::get_if<std::int64_t>(&row[i]))
          sqlite3_bind_int64(insert.get(), at, *n);
        else if (const auto* d = std::get_if<double>(&row[i]))
          sqlite3_bind_double(insert.get(), at, *d);
        else if (const auto* s = std::get_if<std::string>(&row[i]))
          sqlite3_bind_text64(insert.get(), at, s->data(), s->size(), SQLITE_STATIC, SQLITE_UTF8);
        else
          sqlite3_bind_null(insert.get(), at);
      }
      const int code = sqlite3_step(insert.get());
      sqlite3_reset(insert.get());
      if (code != SQLITE_DONE)
        return fail(Errc::internal, "a row of " + t.name + " could not be stored: " + sqlite3_errmsg(db));
    }
  }
  return execute(db, "COMMIT");
}

Result<std::string> Evidence::file() const {
  Database db = ASSAY_TRY(open_memory());
  // secure_delete: no bytes of other pages in what a page does not use, so that the same rows give the same file.
  ASSAY_TRY(execute(db.get(), "PRAGMA page_size=4096; PRAGMA secure_delete=ON; PRAGMA application_id=" +
                                  std::to_string(kApplicationId) +
                                  "; PRAGMA user_version=" + std::to_string(kSchemaVersion)));
  ASSAY_TRY(fill(db.get()));
  sqlite3_int64 size = 0;
  const std::unique_ptr<unsigned char, decltype(&sqlite3_free)> bytes(sqlite3_serialize(db.get(), "main", &size, 0),
                                                                      &sqlite3_free);
  if (bytes == nullptr) return fail(Errc::limit, "the evidence does not fit into memory");
  return std::string(as_text(Bytes(bytes.get(), static_cast<std::size_t>(size))));
}

Result<void> Evidence::save(const std::filesystem::path& path) const { return write_file(path, ASSAY_TRY(file())); }

namespace {

Error at_file(Error error, const std::filesystem::path& path) {
  if (error.where.empty()) error.where = path.string();
  return error;
}

Result<void> load_rows(sqlite3* db, const Table& t, std::vector<Row>& out, std::uint64_t& count) {
  // What we would have written for the columns that are there: nothing else is read (no generated columns, no
  // constraints of theirs).
  const Statement info = ASSAY_TRY(prepare(db, "SELECT name FROM pragma_table_xinfo('" + t.name + "')"));
  const QueryResult columns = ASSAY_TRY(run(db, info.get(), {}));
  std::vector<const Column*> there;
  std::vector<std::size_t> place;
  for (const Row& row : columns.rows) {
    const std::string name = value_text(row[0]);
    const auto at = t.column(name);
    if (!at)
      return fail(Errc::malformed, "table " + t.name + " has a column " + name + " that this assay does not know");
    there.push_back(&t.columns[*at]);
    place.push_back(*at);
  }
  const Statement schema =
      ASSAY_TRY(prepare(db, "SELECT sql FROM sqlite_schema WHERE type='table' AND name='" + t.name + "'"));
  const QueryResult sql = ASSAY_TRY(run(db, schema.get(), {}));
  if (sql.rows.size() != 1 || value_text(sql.rows[0][0]) != create_statement(t.name, there))
    return fail(Errc::malformed, "table " + t.name + " is not made as assay makes it");
  if (t.kind != Kind::claim && there.size() != t.columns.size())
    return fail(Errc::malformed, "table " + t.name + " lacks columns");

  std::string select = "SELECT ";
  for (std::size_t i = 0; i < there.size(); ++i) select += (i ? ", " : "") + quote_name(there[i]->name);
  const Statement read = ASSAY_TRY(prepare(db, select + " FROM " + quote_name(t.name)));
  int code;
  std::set<std::string, std::less<>> ids;
  while ((code = sqlite3_step(read.get())) == SQLITE_ROW) {
    if (++count > kMostRows)
      return fail(Errc::limit, "the database has more than " + std::to_string(kMostRows) + " rows");
    Row row(t.columns.size());
    for (std::size_t i = 0; i < place.size(); ++i) row[place[i]] = cell_of(read.get(), static_cast<int>(i));
    for (std::size_t i = 0; i < row.size(); ++i) row[i] = fitted(t.columns[i], std::move(row[i]));
    const auto* id = std::get_if<std::string>(&row[*t.column("id")]);
    if (id == nullptr || id->empty()) return fail(Errc::malformed, "a row of " + t.name + " has no id");
    if (!ids.insert(*id).second) return fail(Errc::malformed, "table " + t.name + " has the id " + *id + " twice");
    out.push_back(std::move(row));
  }
  if (code != SQLITE_DONE) return fail(Errc::malformed, "table " + t.name + " cannot be read: " + sqlite3_errmsg(db));
  return {};
}

}  // namespace

Result<Evidence> Evidence::load(const std::filesystem::path& path) {
  const auto read = [&]() -> Result<Evidence> {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(path, error);
    if (error) return fail(Errc::not_found, "cannot be read: " + error.message());
    if (size > kLargestFile) return fail(Errc::limit, "evidence of more than 1 GiB is not read");
    if (size == 0) return fail(Errc::malformed, "the file is empty, not an evidence database");
    // Immutable: no lock, no journal and no write-ahead log that lies beside it is looked at.
    std::string uri = "file:";
    for (const char c : path.string()) {
      if (is_alnum(c) || c == '/' || c == '.' || c == '-' || c == '_')
        uri += c;
      else
        uri += "%" + hex(as_bytes(string_view(&c, 1)));
    }
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2((uri + "?immutable=1&mode=ro").c_str(), &raw,
                                     SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nullptr);
    const Database db(raw);
    if (code != SQLITE_OK) return fail(Errc::io, "cannot be opened");
    ASSAY_TRY(harden(raw, kLongestValue));
    sqlite3_exec(raw, "PRAGMA cell_size_check=ON", nullptr, nullptr, nullptr);
    const Result<std::int64_t> application = number_of(raw, "PRAGMA application_id");
    if (!application) return fail(Errc::malformed, "not an evidence database, or damaged: " + application.error().what);
    if (*application != kApplicationId) return fail(Errc::malformed, "a database, but not one that assay wrote");
    const std::int64_t version = ASSAY_TRY(number_of(raw, "PRAGMA user_version"));
    if (version > kSchemaVersion)
      return fail(Errc::unsupported, "was written by a newer assay (schema " + std::to_string(version) +
                                         ", this one knows " + std::to_string(kSchemaVersion) + ")");
    if (version < 1) return fail(Errc::malformed, "says no version of its tables");

    // SQLite takes what is missing of the last page for zeros.
    const std::int64_t pages = ASSAY_TRY(number_of(raw, "PRAGMA page_count"));
    const std::int64_t page = ASSAY_TRY(number_of(raw, "PRAGMA page_size"));
    if (pages <= 0 || page <= 0 || static_cast<std::uintmax_t>(pages) * static_cast<std::uintmax_t>(page) != size)
      return fail(Errc::malformed, "is damaged: its end is missing, or something follows it");

    const Statement check = ASSAY_TRY(prepare(raw, "PRAGMA quick_check(1)"));
    const Result<QueryResult> sound = run(raw, check.get(), {.steps = 4'000'000'000, .rows = 10, .bytes = 1 << 20});
    if (!sound) return fail(Errc::malformed, "is damaged: " + sound.error().what);
    if (sound->rows.size() != 1 || value_text(sound->rows[0][0]) != "ok")
      return fail(Errc::malformed,
                  "is damaged" + (sound->rows.empty() ? std::string() : ": " + value_text(sound->rows[0][0])));

    const Statement schema = ASSAY_TRY(prepare(raw, "SELECT type, name FROM sqlite_schema"));
    const QueryResult objects =
        ASSAY_TRY(run(raw, schema.get(), {.steps = 1'000'000, .rows = 1000, .bytes = 8u << 20}));
    std::set<std::string, std::less<>> names;
    for (const Row& row : objects.rows) {
      const std::string type = value_text(row[0]), name = value_text(row[1]);
      if (type != "table" || find_table(name) == nullptr)
        return fail(Errc::malformed, "holds a " + type + " `" + name + "` that assay does not make");
      names.insert(name);
    }
    Evidence out;
    std::uint64_t count = 0;
    for (const Table& t : tables()) {
      if (!names.contains(t.name)) {
        if (t.kind == Kind::claim) continue;  // a table of claims that older data did not know: not given
        return fail(Errc::malformed, "lacks the table `" + t.name + "`");
      }
      std::vector<Row> rows;
      ASSAY_TRY(load_rows(raw, t, rows, count));
      if (!rows.empty()) out.tables_[t.name] = std::move(rows);
    }
    out.finish();
    return out;
  };
  Result<Evidence> out = read();
  if (!out) return fail(at_file(std::move(out).error(), path));
  return out;
}

namespace {

// SELECT and nothing else. What gives other answers on another day or another machine is refused as well.
int only_select(void*, int action, const char*, const char* second, const char*, const char*) {
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
      return SQLITE_OK;
    case SQLITE_FUNCTION:
      for (const char* refused : {"load_extension", "random", "randomblob", "fts3_tokenizer", "current_timestamp",
                                  "current_date", "current_time"})
        if (sqlite3_stricmp(second, refused) == 0) return SQLITE_DENY;
      return SQLITE_OK;
    default:
      return SQLITE_DENY;
  }
}

}  // namespace

Result<QueryResult> query(const std::filesystem::path& path, string_view sql, string_view ts_edition,
                          const QueryLimits& limits) {
  const Evidence evidence = ASSAY_TRY(Evidence::load(path));
  const Database db = ASSAY_TRY(open_memory());
  ASSAY_TRY(evidence.fill(db.get()));
  ASSAY_TRY(make_views(db.get(), ts_edition));
  sqlite3_set_authorizer(db.get(), only_select, nullptr);
  const Result<Statement> statement = prepare(db.get(), sql);
  if (!statement) {
    Error error = statement.error();
    if (error.what == "not authorized") error.what = "only SELECT is run here: this reads, and changes nothing";
    error.where = "SQL";
    return fail(std::move(error));
  }
  if (sqlite3_stmt_readonly(statement->get()) == 0 || sqlite3_column_count(statement->get()) == 0 ||
      sqlite3_stmt_isexplain(statement->get()) != 0)
    return fail(Errc::invalid, "only SELECT is run here: this reads, and changes nothing");
  if (sqlite3_bind_parameter_count(statement->get()) != 0)
    return fail(Errc::invalid, "there are no parameters here: write the value itself");
  return run(db.get(), statement->get(), limits, true);
}

void Evidence::take(Evidence&& other) {
  for (auto& [name, rows] : other.tables_) {
    std::vector<Row>& ours = tables_[name];
    ours.insert(ours.end(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
  }
}

void Evidence::drop_sources(const std::vector<std::string_view>& sources) {
  for (auto& [name, rows] : tables_) {
    const Table* table = find_table(name);
    const auto source = table->column("source");
    if (source)
      std::erase_if(rows, [&](const Row& r) {
        const auto* s = std::get_if<std::string>(&r[*source]);
        return s && std::find(sources.begin(), sources.end(), *s) != sources.end();
      });
    if (const auto closed = table->column("closed_by"))
      for (Row& r : rows) r[*closed] = Value{};
  }
}

}  // namespace assay::evidence
