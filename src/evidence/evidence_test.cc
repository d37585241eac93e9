#include "evidence/evidence.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/file.h"
#include "evidence/database.h"

namespace assay::evidence {
namespace {

struct Folder {
  std::filesystem::path path;
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "assay-evidence-XXXXXX").string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    path = name;
  }
  ~Folder() { std::filesystem::remove_all(path); }
};

Evidence sample(bool other_order = false) {
  Evidence e;
  e.add_artefact("fw", "00", "firmware", "image.bin", "firmware", 12,
                 {{"account", "accounts/1", "{}"}, {"file", "files/1", R"({"files": 3})"}});
  std::vector<Fact> facts(2);
  facts[0].table = "account";
  facts[0].place = "squashfs > /etc/shadow";
  facts[0].at = 7;
  facts[0].examiner = "accounts/1";
  facts[0].set("user", "root").set("state", "empty").set("uid", 0);
  facts[0].excerpt = make_excerpt(as_bytes("root::0:0:::"), 0, 4, "an empty password");
  facts[1] = facts[0];
  facts[1].values[0].second = std::string("admin");
  facts[1].excerpt.reset();
  if (other_order) std::swap(facts[0], facts[1]);
  for (const Fact& f : facts) e.add(f, "fw", "firmware");
  e.add(facts[0], "fw", "firmware");  // seen twice: one row
  e.add(Unexamined{"squashfs > /x", "", "accounts/1", "too large"}, "fw", "firmware");
  e.complete("fw", "account", "accounts/1");
  e.finish();
  return e;
}

// Runs SQL on a stored file, as somebody who tampers with it would.
void tamper(const std::filesystem::path& path, const char* sql) {
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
  char* error = nullptr;
  EXPECT_EQ(sqlite3_exec(db, sql, nullptr, nullptr, &error), SQLITE_OK) << (error ? error : "");
  sqlite3_close(db);
}

std::string load_error(const std::filesystem::path& path) {
  const auto e = Evidence::load(path);
  return e ? "" : e.error().text();
}

TEST(Evidence, RowsSortedAndOnce) {
  const Evidence e = sample();
  ASSERT_EQ(e.rows("account").size(), 2u);
  EXPECT_EQ(Evidence::text("account", e.rows("account")[0], "hash_kind"), "unknown");  // coded, not said
  EXPECT_TRUE(
      std::holds_alternative<std::monostate>(Evidence::cell("account", e.rows("account")[0], "shell")));  // not coded
  EXPECT_EQ(Evidence::text("account", e.rows("account")[0], "at"), "7");
  EXPECT_EQ(e.rows("nothing").size(), 0u);
  const std::string id = Evidence::text("account", e.rows("account")[1], "id");
  EXPECT_EQ(id.size(), std::string("account-").size() + 12);
  ASSERT_NE(e.row("account", id), nullptr);
  EXPECT_EQ(e.row("account", "account-000000000000"), nullptr);
  ASSERT_EQ(e.rows("excerpt").size(), 1u);
}

TEST(Evidence, LooksOpenAtOnceAndComplete) {
  Evidence e;
  e.add_artefact("s", "", "probe", "session", "probe", 0,
                 {{"listener", "tcp/1", R"({"proto":"tcp"})"}, {"listener", "tcp/1", R"({"proto":"udp"})"}});
  ASSERT_EQ(e.rows("examined").size(), 2u);
  const std::string id = Evidence::text("examined", e.rows("examined")[1], "id");
  e.complete("s", "listener", "tcp/1", R"({"proto":"udp"})");
  EXPECT_EQ(Evidence::text("examined", e.rows("examined")[0], "complete"), "0");
  EXPECT_EQ(Evidence::text("examined", e.rows("examined")[1], "complete"), "1");
  EXPECT_EQ(Evidence::text("examined", e.rows("examined")[1], "id"), id);  // the same look
  e.complete("s", "account", "tcp/1");                                     // nobody planned it
  EXPECT_EQ(e.rows("examined").size(), 2u);
}

TEST(Evidence, SameRowsSameBytes) {
  const Folder f;
  const Evidence a = sample(), b = sample(true);
  EXPECT_EQ(a.digest(), b.digest());
  ASSERT_TRUE(a.save(f.path / "a.db").has_value());
  ASSERT_TRUE(b.save(f.path / "b.db").has_value());
  EXPECT_EQ(*read_file(f.path / "a.db", 1u << 24), *read_file(f.path / "b.db", 1u << 24));
  const auto back = Evidence::load(f.path / "a.db");
  ASSERT_TRUE(back.has_value()) << back.error().text();
  EXPECT_EQ(back->digest(), a.digest());
  JsonWriter one, two;
  a.write_json(one, {"ledger"});
  back->write_json(two, {"ledger"});
  const std::string json = one.take();
  EXPECT_EQ(json, two.take());
  EXPECT_NE(json.find("\"account\""), std::string::npos);
}

TEST(Evidence, ValuesFitTheirColumns) {
  Evidence e;
  e.add_row("account", {{"source", "firmware"},
                        {"uid", "12"},
                        {"user", std::int64_t{7}},
                        {"shell", std::string("a\0b\xff", 4)},
                        {"state", Value()}});
  e.add_row("account", {{"source", "firmware"}, {"uid", "twelve"}});
  EXPECT_EQ(Evidence::cell("account", e.rows("account")[0], "uid"), Value(std::int64_t{12}));
  EXPECT_EQ(Evidence::cell("account", e.rows("account")[0], "user"), Value("7"));
  EXPECT_EQ(Evidence::text("account", e.rows("account")[0], "shell"),
            "a\xef\xbf\xbd"
            "b\xef\xbf\xbd");
  EXPECT_EQ(Evidence::cell("account", e.rows("account")[1], "uid"), Value());
}

TEST(Load, RefusesWhatIsNotOurs) {
  const Folder f;
  const auto fresh = [&](const char* name) {
    EXPECT_TRUE(sample().save(f.path / name).has_value());
    return f.path / name;
  };
  EXPECT_NE(load_error(f.path / "absent.db").find("cannot be read"), std::string::npos);
  std::ofstream(f.path / "empty.db").close();
  EXPECT_NE(load_error(f.path / "empty.db").find("empty"), std::string::npos);
  std::ofstream(f.path / "text.db") << std::string(5000, 'x');
  EXPECT_NE(load_error(f.path / "text.db").find("not an evidence database"), std::string::npos);

  auto p = fresh("newer.db");
  tamper(p, "PRAGMA user_version=2");
  EXPECT_NE(load_error(p).find("newer assay (schema 2, this one knows 1)"), std::string::npos) << load_error(p);
  p = fresh("other.db");
  tamper(p, "PRAGMA application_id=5");
  EXPECT_NE(load_error(p).find("not one that assay wrote"), std::string::npos);
  for (const char* sql :
       {"CREATE VIEW v AS SELECT 1", "CREATE TABLE extra (x)", "ALTER TABLE account ADD COLUMN extra TEXT",
        "DROP TABLE examined", "CREATE TRIGGER t AFTER INSERT ON account BEGIN SELECT 1; END",
        "CREATE INDEX i ON account(user)", "ALTER TABLE account DROP COLUMN shell",
        "DROP TABLE meta; CREATE TABLE meta (id TEXT, value TEXT GENERATED ALWAYS AS (upper(id)))",
        "DROP TABLE meta; CREATE TABLE meta (id TEXT, value TEXT DEFAULT 'x') STRICT",
        "INSERT INTO account SELECT * FROM account", "UPDATE account SET id = NULL"}) {
    p = fresh("tampered.db");
    tamper(p, sql);
    EXPECT_NE(load_error(p), "") << sql;
  }
}

TEST(Load, TruncatedAndDamagedIsAnErrorOrTheSame) {
  const Folder f;
  ASSERT_TRUE(sample().save(f.path / "a.db").has_value());
  const std::string whole = *read_file(f.path / "a.db", 1u << 24);
  for (std::size_t size = 0; size < whole.size(); size += 4096 * 7 + 100) {
    std::ofstream(f.path / "b.db", std::ios::binary | std::ios::trunc) << whole.substr(0, size);
    EXPECT_NE(load_error(f.path / "b.db"), "") << size;
  }
  for (std::size_t at = 0; at < whole.size(); at += whole.size() / 97) {
    std::string bad = whole;
    bad[at] = static_cast<char>(bad[at] ^ 0x55);
    std::ofstream(f.path / "b.db", std::ios::binary | std::ios::trunc) << bad;
    (void)load_error(f.path / "b.db");  // no crash, no hang; what is read was held against our tables
  }
}

TEST(Query, SelectsAndNothingElse) {
  const Folder f;
  const auto p = f.path / "a.db";
  ASSERT_TRUE(sample().save(p).has_value());
  const auto rows = query(p, "SELECT user FROM firmware_account ORDER BY user", "1.1.1");
  ASSERT_TRUE(rows.has_value()) << rows.error().text();
  EXPECT_EQ(rows->columns, std::vector<std::string>{"user"});
  ASSERT_EQ(rows->rows.size(), 2u);
  EXPECT_EQ(rows->rows[0][0], Value("admin"));
  for (const char* sql : {"DELETE FROM account", "DROP TABLE account", "ATTACH 'x.db' AS x", "PRAGMA user_version=9",
                          "SELECT load_extension('x')", "SELECT random()",
                          "INSERT INTO account(id) VALUES('x') RETURNING id", "SELECT 1; SELECT 2", "", "-- nothing",
                          "SELECT ?", "EXPLAIN SELECT 1", "VACUUM INTO 'y.db'", "SELECT no FROM account"})
    EXPECT_FALSE(query(p, sql, "1.1.1").has_value()) << sql;
  EXPECT_NE(query(p, "DELETE FROM account", "1.1.1").error().text().find("only SELECT"), std::string::npos);
  constexpr std::string_view kEndless =
      "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n";
  const auto cut = query(p, kEndless, "1.1.1", {.steps = 50'000'000, .rows = 10, .bytes = 1 << 20});
  ASSERT_TRUE(cut.has_value());
  EXPECT_TRUE(cut->cut);
  EXPECT_EQ(cut->rows.size(), 10u);
  const auto slow = query(p, "SELECT count(*) FROM (" + std::string(kEndless) + ")", "1.1.1", {.steps = 1'000'000});
  ASSERT_FALSE(slow.has_value());
  EXPECT_EQ(slow.error().code, Errc::limit);
}

}  // namespace
}  // namespace assay::evidence
