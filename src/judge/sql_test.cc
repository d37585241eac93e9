#include "judge/sql.h"

#include <gtest/gtest.h>

#include "judge/queries.h"

namespace assay::judge {
namespace {

QueryRunner runner(const evidence::Evidence& evidence = {}, bool reverse = false) {
  auto db = evidence::open_memory();
  EXPECT_TRUE(evidence.fill(db->get()).has_value());
  auto out = QueryRunner::open(std::move(*db), "1.1.1", {}, reverse);
  EXPECT_TRUE(out.has_value()) << (out ? "" : out.error().text());
  return std::move(*out);
}

std::string refused(std::string_view sql) {
  static QueryRunner r = runner();
  const auto q = r.prepare(sql);
  return q ? "" : q.error().what;
}

std::string value(std::string_view sql) {
  QueryRunner r = runner();
  auto q = r.prepare(sql);
  if (!q) return "refused: " + q.error().text();
  const auto rows = r.run(*q, *Date::parse("2026-11-22"), "auth-1");
  if (!rows) return "failed: " + rows.error().text();
  if (rows->empty()) return "no row";
  const Value& v = (*rows)[0][0];
  if (const auto* s = std::get_if<std::string>(&v)) return *s;
  if (const auto* i = std::get_if<std::int64_t>(&v)) return std::to_string(*i);
  return "null";
}

TEST(Sql, RecordsWhatTheQueryItselfReads) {
  QueryRunner r = runner();
  const auto q = r.prepare(
      "WITH a AS (SELECT user FROM firmware_account) SELECT count(*) FROM a, claim_auth WHERE EXISTS (SELECT 1 FROM "
      "probe_listener)");
  ASSERT_TRUE(q.has_value()) << q.error().text();
  EXPECT_EQ(q->views, (std::set<std::string, std::less<>>{"claim_auth", "firmware_account", "probe_listener"}));
  EXPECT_TRUE(q->reads_claims());
  EXPECT_TRUE(q->reads_facts());
  const auto list = r.prepare("SELECT user FROM claim_auth_login");  // a view over a view
  ASSERT_TRUE(list.has_value()) << list.error().text();
  EXPECT_EQ(list->views, (std::set<std::string, std::less<>>{"claim_auth_login"}));
  const auto counted = r.prepare("SELECT count(*) FROM firmware_account");
  ASSERT_TRUE(counted.has_value());
  EXPECT_TRUE(counted->views.contains("firmware_account"));
}

TEST(Sql, OnlySelectsFromViews) {
  for (const std::string_view sql :
       {"DELETE FROM account", "INSERT INTO account (id) VALUES ('x')", "UPDATE account SET id = 'x'",
        "DROP TABLE account", "CREATE TABLE x (y)", "CREATE TEMP VIEW x AS SELECT 1", "ATTACH ':memory:' AS x",
        "PRAGMA user_version", "VACUUM", "BEGIN", "EXPLAIN DELETE FROM account"})
    EXPECT_NE(refused(sql), "") << sql;
  for (const std::string_view sql :
       {"SELECT id FROM account", "SELECT count(*) FROM account", "SELECT id FROM ixit_1", "SELECT 1 FROM examined",
        "SELECT 1 FROM sqlite_schema", "SELECT name FROM sqlite_temp_schema", "SELECT count(*) FROM sqlite_temp_schema",
        "SELECT name FROM pragma_table_info('account')", "SELECT 1 FROM nowhere",
        "SELECT count(*) FROM firmware_account, account",
        "WITH claim_auth AS (SELECT * FROM account) SELECT 1 FROM claim_auth",
        "WITH claim_auth (a) AS (SELECT id FROM account) SELECT a FROM claim_auth",
        "WITH x AS (SELECT id FROM account) SELECT id FROM x", "SELECT 1 WHERE EXISTS (SELECT 1 FROM account)",
        "SELECT nothing FROM claim_auth", "SELECT 1; SELECT 2"})
    EXPECT_NE(refused(sql), "") << sql;
  EXPECT_EQ(refused("SELECT id FROM claim_auth; -- done"), "");
  EXPECT_EQ(refused("SELECT 1 FROM claim_ics WHERE EXISTS (SELECT 1 FROM firmware_account)"), "");
  EXPECT_EQ(refused("SELECT count(*) FROM firmware_account a, probe_listener, (SELECT 1 FROM claim_product) x"), "");
}

TEST(Sql, FunctionsOnTheListOnly) {
  for (const std::string_view f :
       {"random()", "randomblob(4)", "load_extension('x')", "datetime('2026-01-01')", "strftime('%Y', '2026-01-01')",
        "julianday('2026-01-01')", "unixepoch()", "current_timestamp", "current_date", "last_insert_rowid()",
        "sqlite_version()", "group_concat('x')", "zeroblob(9)", "changes()"})
    EXPECT_NE(refused("SELECT " + std::string(f)), "") << f;
  EXPECT_EQ(refused("SELECT upper(lower('x')), coalesce(1, 2), substr('abc', 1, 1), instr('a', 'b'), iif(1, 2, 3)"),
            "");
  EXPECT_EQ(refused("SELECT user FROM firmware_account WHERE user LIKE 'a%' AND user GLOB 'b*'"), "");
}

TEST(Sql, Dates) {
  EXPECT_EQ(value("SELECT :at"), "2026-11-22");
  EXPECT_EQ(value("SELECT :entry || :edition"), "auth-11.1.1");
  EXPECT_EQ(value("SELECT date('2026-01-31', '+1 month')"), "2026-02-28");
  EXPECT_EQ(value("SELECT date('2026-01-31', '-1 day', '+2 years')"), "2028-01-30");
  EXPECT_EQ(value("SELECT date('2026-02-30')"), "null");
  EXPECT_EQ(value("SELECT date('soon')"), "null");
  EXPECT_EQ(value("SELECT days_between('2026-01-01', :at)"), "325");
  EXPECT_EQ(value("SELECT days_between('2026-01-01', 'never')"), "null");
  for (const std::string_view now :
       {"SELECT date('now')", "SELECT date('NOW ')", "SELECT days_between('now', :at)", "SELECT date()"})
    EXPECT_NE(value(now).find("there is no 'now' here"), std::string::npos) << value(now);
}

TEST(Sql, ListedIsSorted) {
  EXPECT_EQ(value("SELECT listed(x) FROM (SELECT 'b' AS x UNION ALL SELECT 'a' UNION ALL SELECT 'b')"), "a, b");
}

TEST(Sql, Limits) {
  EXPECT_NE(value("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT sum(x) FROM n")
                .find("limit of steps"),
            std::string::npos);
  // One call that would run for long without a step in between.
  EXPECT_NE(value("SELECT length(replace(printf('%.900000d', 1), '0', '0123456789'))").find("longer than"),
            std::string::npos);
  EXPECT_NE(value("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 30000) SELECT x FROM n")
                .find("too many rows"),
            std::string::npos);
}

TEST(Sql, Text) {
  for (const std::string_view bad :
       {"SELECT rowid FROM claim_auth", "SELECT a.OID FROM claim_auth a", "SELECT id FROM claim_auth LIMIT 1",
        "SELECT (SELECT id FROM claim_auth LIMIT 1) FROM claim_auth ORDER BY id", "SELECT :now", "SELECT ?1",
        "SELECT 'open", "SELECT 1)", "SELECT /* x"})
    EXPECT_FALSE(check_text(bad).has_value()) << bad;
  for (const std::string_view good : {"SELECT id FROM claim_auth ORDER BY id LIMIT 1", "SELECT 'rowid limit ?'",
                                      "SELECT 1 -- LIMIT\n", "SELECT 'its' AS x"})
    EXPECT_TRUE(check_text(good).has_value()) << good << ": " << check_text(good).error().text();
  EXPECT_TRUE(mentions_entry("SELECT 1 WHERE 'a' = :entry"));
  EXPECT_FALSE(mentions_entry("SELECT ':entry' -- :entry"));
}

}  // namespace
}  // namespace assay::judge
