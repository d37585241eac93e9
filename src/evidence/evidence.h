// Evidence: all rows of one examination, in memory; written to and read from one SQLite file.
//
// A file may come from a stranger: load() opens it read-only and defensive, holds its tables against ours and copies
// rows of plain values; nothing of its schema (views, triggers) is ever run.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "evidence/tables.h"
#include "model/fact.h"

struct sqlite3;

namespace assay::evidence {

using Row = std::vector<Value>;  // parallel to Table::columns

struct Look {
  std::string table, examiner;
  std::string scope = "{}";  // JSON object
};

class Evidence {
 public:
  // An artefact with its planned looks. Each look gets its `examined` row with complete 0 at once. `id` is the sha256,
  // or a name of its own where there is no file ("person", "dossier").
  void add_artefact(std::string_view id, std::string_view sha256, std::string_view source, std::string_view name,
                    std::string_view kind, std::uint64_t size, const std::vector<Look>& looks);
  // The look reached its end: complete 1, and the scope as it turned out (empty: as planned).
  void complete(std::string_view artefact, std::string_view table, std::string_view examiner,
                std::string_view scope = {});
  void add(const Fact& fact, std::string_view artefact, std::string_view source);
  void add(const Unexamined& row, std::string_view artefact, std::string_view source);
  // A person set an `unexamined` row aside: `closed_by` becomes the id of the person's row. False where there is no
  // such row.
  bool close(std::string_view unexamined, std::string_view person);
  // A row of any table as it stands: column → value; `id` is made where it is missing. Returns the id.
  std::string add_row(std::string_view table, const std::vector<std::pair<std::string, Value>>& values);

  // All rows of another one beside ours; before finish().
  void take(Evidence&& other);

  // Takes out every row of these sources, and opens again what a person's row had closed: for reading the claims anew.
  void drop_sources(const std::vector<std::string_view>& sources);

  const std::vector<Row>& rows(std::string_view table) const;  // empty where there is none
  const Row* row(std::string_view table, std::string_view id) const;
  static const Value& cell(std::string_view table, const Row& row, std::string_view column);
  // The cell as text: "" for NULL, numbers written out.
  static std::string text(std::string_view table, const Row& row, std::string_view column);

  // Sorts every table (by artefact, place, at, then all columns) and drops equal rows: after this, same facts, same
  // bytes.
  void finish();
  // SHA-256 over the canonical rows of all tables, hex; after finish().
  std::string digest() const;

  // The object {NAME: [{column: value}, …], …} of the JSON contract (interfaces: scan, capture, probe); tables without
  // rows are left out, `except` too.
  void write_json(JsonWriter& out, const std::vector<std::string_view>& except = {}) const;

  Result<std::string> file() const;                            // the bytes of the SQLite file
  Result<void> save(const std::filesystem::path& path) const;  // written beside, then renamed
  static Result<Evidence> load(const std::filesystem::path& path);
  // Fills an open, empty database with our tables and rows.
  Result<void> fill(sqlite3* db) const;

 private:
  std::map<std::string, std::vector<Row>, std::less<>> tables_;
};

// "table-0123456789ab": of a row's content.
std::string row_id(std::string_view table, const Row& row);

struct QueryResult {
  std::vector<std::string> columns;
  std::vector<Row> rows;
  bool cut = false;  // a limit of rows or bytes ended it
};
struct QueryLimits {
  std::uint64_t steps = 50'000'000;  // virtual machine instructions
  std::uint64_t rows = 100'000;
  std::uint64_t bytes = 64u << 20;
};
// Anybody's SQL on a stored database: one SELECT, read-only by authorizer; views of `ts_edition` are there too.
Result<QueryResult> query(const std::filesystem::path& path, std::string_view sql, std::string_view ts_edition,
                          const QueryLimits& limits = {});

}  // namespace assay::evidence
