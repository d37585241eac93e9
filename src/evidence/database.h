// A SQLite connection of ours, and the few things we do with one: set it up so that neither its content nor a query can
// do harm, run a statement within limits, read cells. Not part of the contract between the stages; evidence/ and judge/
// use it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "evidence/evidence.h"

struct sqlite3;
struct sqlite3_stmt;

namespace assay::evidence {

struct CloseDatabase {
  void operator()(sqlite3* db) const;
};
struct FinishStatement {
  void operator()(sqlite3_stmt* statement) const;
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;
using Statement = std::unique_ptr<sqlite3_stmt, FinishStatement>;

// Empty and in memory, hardened.
Result<Database> open_memory();
// DEFENSIVE, trusted_schema off, no triggers, no views but TEMP ones, values of at most `longest` bytes, no attached
// files.
Result<void> harden(sqlite3* db, std::uint64_t longest);

Result<void> execute(sqlite3* db, const std::string& sql);
// Exactly one statement; the error says where it went wrong.
Result<Statement> prepare(sqlite3* db, std::string_view sql);

Value cell_of(sqlite3_stmt* statement, int column);

// Runs to the end or a limit. Errors: Errc::limit where steps, rows or bytes ran out, Errc::invalid for what SQLite
// says. `cut`: do not fail at the limit of rows and bytes, stop there and say so.
Result<QueryResult> run(sqlite3* db, sqlite3_stmt* statement, const QueryLimits& limits, bool cut = false);

// A view in the TEMP schema of `db` for each of view_statements(ts_edition).
Result<void> make_views(sqlite3* db, std::string_view ts_edition);

}  // namespace assay::evidence
