#include "evidence/database.h"

#include <sqlite3.h>

#include "base/text.h"
#include "evidence/claims.h"

namespace assay::evidence {
namespace {

// A statement that a limit must stop asks here every so many instructions.
constexpr int kStepsAtOnce = 1000;
// Every connection of this process together; what a query sorts and groups lives on this heap.
constexpr sqlite3_int64 kHeap = sqlite3_int64{1} << 30;

struct Steps {
  std::uint64_t left;
  bool out = false;
};

int count_steps(void* at) {
  Steps& steps = *static_cast<Steps*>(at);
  if (steps.left < static_cast<std::uint64_t>(kStepsAtOnce)) {
    steps.out = true;
    return 1;
  }
  steps.left -= static_cast<std::uint64_t>(kStepsAtOnce);
  return 0;
}

tl::unexpected<Error> sqlite_error(sqlite3* db) {
  const int code = sqlite3_errcode(db);
  if (code == SQLITE_TOOBIG) return fail(Errc::limit, "a value became longer than a query may make");
  if (code == SQLITE_NOMEM) return fail(Errc::limit, "the query needs more memory than it may have");
  return fail(Errc::invalid, sqlite3_errmsg(db));
}

// The operating system's layer without a clock: `date('now')` and the like would answer otherwise tomorrow. SQLite
// turns the missing answer into NULL; whoever asked is told instead.
thread_local bool clock_was_asked = false;
constexpr const char* kNoClock = "assay-no-clock";

bool register_no_clock() {
  static sqlite3_vfs vfs;
  const sqlite3_vfs* usual = sqlite3_vfs_find(nullptr);
  if (usual == nullptr) return false;
  vfs = *usual;
  vfs.zName = kNoClock;
  vfs.pNext = nullptr;
  vfs.xCurrentTimeInt64 = [](sqlite3_vfs*, sqlite3_int64*) {
    clock_was_asked = true;
    return SQLITE_ERROR;
  };
  return sqlite3_vfs_register(&vfs, 0) == SQLITE_OK;
}

}  // namespace

void CloseDatabase::operator()(sqlite3* db) const { sqlite3_close_v2(db); }
void FinishStatement::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Result<void> harden(sqlite3* db, std::uint64_t longest) {
  if (sqlite3_hard_heap_limit64(-1) == 0) sqlite3_hard_heap_limit64(kHeap);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);  // TEMP views stay
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_limit(db, SQLITE_LIMIT_LENGTH, static_cast<int>(longest));
  sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, 1 << 20);
  sqlite3_limit(db, SQLITE_LIMIT_EXPR_DEPTH, 200);
  sqlite3_limit(db, SQLITE_LIMIT_COMPOUND_SELECT, 100);
  sqlite3_limit(db, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000);
  return {};
}

Result<Database> open_memory() {
  static const bool registered = register_no_clock();
  sqlite3* raw = nullptr;
  const int code = !registered
                       ? SQLITE_ERROR
                       : sqlite3_open_v2(":memory:", &raw,
                                         SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, kNoClock);
  Database db(raw);
  if (code != SQLITE_OK) return fail(Errc::internal, "no database in memory");
  ASSAY_TRY(harden(raw, 16u << 20));
  return db;
}

Result<void> execute(sqlite3* db, const std::string& sql) {
  if (sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return sqlite_error(db);
  return {};
}

Result<Statement> prepare(sqlite3* db, std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  const char* tail = nullptr;
  const int code = sqlite3_prepare_v2(db, sql.data(), static_cast<int>(sql.size()), &raw, &tail);
  Statement statement(raw);
  if (code != SQLITE_OK) {
    Error error = sqlite_error(db).value();
    if (const int at = sqlite3_error_offset(db); at >= 0) error.offset = static_cast<std::uint64_t>(at);
    return fail(std::move(error));
  }
  if (raw == nullptr) return fail(Errc::invalid, "there is no statement");
  std::string_view rest = trim(sql.substr(static_cast<std::size_t>(tail - sql.data())));
  while (!rest.empty() && rest.front() == ';') rest = trim(rest.substr(1));
  if (!rest.empty()) {
    // Comments may follow; a second statement may not.
    sqlite3_stmt* second = nullptr;
    const int again = sqlite3_prepare_v2(db, rest.data(), static_cast<int>(rest.size()), &second, nullptr);
    const Statement drop(second);
    if (again != SQLITE_OK || second != nullptr) return fail(Errc::invalid, "one statement is run, not several");
  }
  return statement;
}

Value cell_of(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return Value(static_cast<std::int64_t>(sqlite3_column_int64(statement, column)));
    case SQLITE_FLOAT:
      return Value(sqlite3_column_double(statement, column));
    case SQLITE_NULL:
      return {};
    default: {
      const void* bytes = sqlite3_column_blob(statement, column);
      const int size = sqlite3_column_bytes(statement, column);
      return Value(std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size)));
    }
  }
}

Result<QueryResult> run(sqlite3* db, sqlite3_stmt* statement, const QueryLimits& limits, bool cut) {
  QueryResult out;
  const int columns = sqlite3_column_count(statement);
  for (int c = 0; c < columns; ++c) {
    const char* name = sqlite3_column_name(statement, c);
    out.columns.emplace_back(name != nullptr ? name : "");
  }
  Steps steps{limits.steps};
  sqlite3_progress_handler(db, kStepsAtOnce, count_steps, &steps);
  std::uint64_t bytes = 0;
  int code;
  std::optional<Error> stopped;
  clock_was_asked = false;
  while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
    Row row;
    for (int c = 0; c < columns; ++c) {
      row.push_back(cell_of(statement, c));
      bytes += 16;
      if (const auto* text = std::get_if<std::string>(&row.back())) bytes += text->size();
    }
    if (out.rows.size() >= limits.rows || bytes > limits.bytes) {
      out.cut = true;
      if (!cut)
        stopped =
            Error{Errc::limit,
                  out.rows.size() >= limits.rows ? "the query gives too many rows" : "the query gives too many bytes",
                  {},
                  {},
                  {}};
      break;
    }
    out.rows.push_back(std::move(row));
  }
  if (!out.cut && code != SQLITE_DONE)
    stopped =
        steps.out ? Error{Errc::limit, "the query ran over its limit of steps", {}, {}, {}} : sqlite_error(db).value();
  sqlite3_progress_handler(db, 0, nullptr, nullptr);
  sqlite3_reset(statement);
  if (clock_was_asked) return fail(Errc::invalid, "there is no clock here: write the day itself, as '2026-11-22'");
  if (stopped) return fail(std::move(*stopped));
  return out;
}

Result<void> make_views(sqlite3* db, std::string_view ts_edition) {
  // In memory and in one transaction: hundreds of small writes otherwise.
  ASSAY_TRY(execute(db, "PRAGMA temp_store=MEMORY; BEGIN"));
  for (const std::string& sql : view_statements(ts_edition)) ASSAY_TRY_CTX(execute(db, sql), "making a view");
  return execute(db, "COMMIT");
}

}  // namespace assay::evidence
