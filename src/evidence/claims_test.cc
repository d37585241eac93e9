#include "evidence/claims.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "evidence/evidence.h"

namespace assay::evidence {
namespace {

// A database with our tables, made from tables() alone, and the views of one edition.
class Database {
 public:
  explicit Database(std::string_view edition) {
    EXPECT_EQ(sqlite3_open(":memory:", &db_), SQLITE_OK);
    for (const Table& t : tables()) {
      std::string sql = "CREATE TABLE \"" + t.name + "\" (";
      for (std::size_t i = 0; i < t.columns.size(); ++i)
        sql += (i ? ", \"" : "\"") + t.columns[i].name +
               (t.columns[i].type == Type::text      ? "\" TEXT"
                : t.columns[i].type == Type::integer ? "\" INTEGER"
                                                     : "\" REAL");
      run(sql + ") STRICT");
    }
    for (const std::string& sql : view_statements(edition)) run(sql);
  }
  ~Database() { sqlite3_close(db_); }

  void run(const std::string& sql) {
    char* error = nullptr;
    EXPECT_EQ(sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, &error), SQLITE_OK) << sql << "\n"
                                                                                   << (error ? error : "");
    sqlite3_free(error);
  }
  // Rows joined by "; ", cells by "|"; NULL is "-".
  std::string ask(const std::string& sql) {
    std::string out;
    char* error = nullptr;
    const auto row = [](void* to, int count, char** cells, char**) {
      std::string& text = *static_cast<std::string*>(to);
      if (!text.empty()) text += "; ";
      for (int i = 0; i < count; ++i) text += std::string(i ? "|" : "") + (cells[i] ? cells[i] : "-");
      return 0;
    };
    EXPECT_EQ(sqlite3_exec(db_, sql.c_str(), row, &out, &error), SQLITE_OK) << sql << "\n" << (error ? error : "");
    sqlite3_free(error);
    return out;
  }
  std::vector<std::string> columns(const std::string& view) {
    std::vector<std::string> out;
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(db_, ("SELECT * FROM \"" + view + "\"").c_str(), -1, &statement, nullptr), SQLITE_OK)
        << view << ": " << sqlite3_errmsg(db_);
    for (int i = 0; i < sqlite3_column_count(statement); ++i) out.emplace_back(sqlite3_column_name(statement, i));
    sqlite3_finalize(statement);
    return out;
  }

 private:
  sqlite3* db_ = nullptr;
};

TEST(Claims, EveryNumberIsThereInBothEditions) {
  for (const char* edition : {"1.1.1", "2.1.1"})
    for (int number = 1; number <= 29; ++number) {
      int count = 0;
      for (const ClaimTable& t : claim_schema())
        if (t.number == number && t.in(edition)) {
          ++count;
          EXPECT_FALSE(t.name(edition).empty()) << number;
        }
      EXPECT_EQ(count, 1) << number << " in " << edition;
    }
  EXPECT_EQ(claim_table_named("11-SecComMech"), claim_table("ixit_11"));
  EXPECT_EQ(claim_table_named("11-ComMech"), claim_table("ixit_11"));
  EXPECT_EQ(claim_table_named("28-LogIntf"), claim_table("ixit_28_v2"));
  EXPECT_EQ(claim_table_named("28-AuthMech"), nullptr);
}

TEST(Claims, FieldsAreSound) {
  std::set<std::string> all_views;
  for (const ClaimTable& t : claim_schema()) all_views.insert(t.view);
  for (const ClaimTable& t : claim_schema()) {
    std::set<std::string> keys;
    for (const ClaimField& f : t.fields) {
      EXPECT_TRUE(keys.insert(f.key).second) << t.label() << " " << f.key;
      EXPECT_FALSE(f.name.empty() && f.name_v2.empty() && f.about.empty()) << t.label() << " " << f.key;
      for (const std::string& to : f.refers)
        EXPECT_TRUE(all_views.contains(to)) << t.label() << " " << f.key << " " << to;
      for (const char* own : {"id", "entry", "title", "tbl", "position", "editions"})
        EXPECT_NE(f.key, own) << t.label();
    }
  }
}

TEST(Claims, EveryViewCompilesAndHasTheColumnsItSays) {
  std::vector<std::pair<std::string, std::size_t>> first;
  for (const char* edition : {"1.1.1", "2.1.1"}) {
    Database db(edition);
    std::vector<std::pair<std::string, std::size_t>> shapes;
    for (const Table& view : views(edition)) {
      std::vector<std::string> said;
      for (const Column& c : view.columns) said.push_back(c.name);
      EXPECT_EQ(db.columns(view.name), said) << view.name << " in " << edition;
      EXPECT_FALSE(view.meaning.empty()) << view.name;
      shapes.emplace_back(view.name, said.size());
    }
    EXPECT_EQ(views(edition).size(), view_statements(edition).size());
    if (first.empty()) first = shapes;
    EXPECT_EQ(shapes, first) << "a view holds in both editions";
  }
}

TEST(Claims, RowsShowWhereTheyBelong) {
  const auto fill = [](Database& db) {
    db.run("INSERT INTO ixit_1 (id, entry, title, factor) VALUES ('a', 'auth-1', 'app login', 'password')");
    db.run(
        "INSERT INTO ixit_item (tbl, entry, field, position, value) VALUES ('ixit_1', 'auth-1', 'logins', 1, 'root')");
    db.run(
        "INSERT INTO ixit_15_v1 (id, entry, title, kind, proto, port) VALUES ('b', 'web', 'web', 'logical', 'tcp', "
        "443)");
    db.run("INSERT INTO ixit_15_v2 (id, entry, title, kind) VALUES ('c', 'wifi', 'Wi-Fi', 'network')");
    db.run(
        "INSERT INTO ixit_28_v2 (id, entry, title, kind, proto, port) VALUES ('d', 'web', 'web', 'logical', 'tcp', "
        "443)");
    db.run(
        "INSERT INTO ixit_item (tbl, entry, field, position, value) VALUES ('ixit_28_v2', 'web', 'authentication', 1, "
        "'auth-1')");
    db.run(
        "INSERT INTO ixit_11 (id, entry, title, editions) VALUES ('e', 'mdns', 'mDNS', '1.1.1'), ('f', 'cloud', "
        "'cloud', NULL)");
    db.run("INSERT INTO ixit_10 (id, entry, title, type) VALUES ('g', 'key', 'device key', 'critical')");
    db.run(
        "INSERT INTO ixit_item (tbl, entry, field, position, value) VALUES ('ixit_10', 'key', 'channels', 1, 'cloud'), "
        "('ixit_10', 'key', 'channels', 2, 'gone')");
    db.run("INSERT INTO ixit_28_v1 (id, entry, title) VALUES ('h', 'api', 'API')");
    db.run(
        "INSERT INTO ics (id, edition, provision, support) VALUES ('i', '1.1.1', '5.1-1', 'Y'), ('j', '2.1.1', "
        "'5.1-1', 'N')");
    db.run(
        "INSERT INTO listener (id, source, proto, port) VALUES ('k', 'firmware', 'tcp', 23), ('l', 'probe', 'tcp', "
        "80)");
  };
  Database v1("1.1.1"), v2("2.1.1");
  fill(v1);
  fill(v2);
  EXPECT_EQ(v1.ask("SELECT entry, title, user, factor FROM claim_auth_login"), "auth-1|app login|root|password");
  EXPECT_EQ(v1.ask("SELECT tbl, entry, port FROM claim_interface ORDER BY 1, 2"), "ixit_15_v1|web|443");
  EXPECT_EQ(v2.ask("SELECT tbl, entry, port FROM claim_interface ORDER BY 1, 2"),
            "ixit_15_v2|wifi|-; ixit_28_v2|web|443");
  EXPECT_EQ(v2.ask("SELECT entry, auth, port FROM claim_interface_auth"), "web|auth-1|443");
  EXPECT_EQ(v1.ask("SELECT entry, auth, port FROM claim_interface_auth"), "");
  EXPECT_EQ(v1.ask("SELECT entry FROM claim_channel ORDER BY 1"), "cloud; mdns");
  EXPECT_EQ(v2.ask("SELECT entry FROM claim_channel ORDER BY 1"), "cloud");
  EXPECT_EQ(
      v1.ask(
          "SELECT channel AS entry, title FROM claim_parameter_channel WHERE type IS NOT 'public' ORDER BY position"),
      "cloud|cloud; gone|gone");
  EXPECT_EQ(v1.ask("SELECT entry FROM claim_api"), "api");
  EXPECT_EQ(v2.ask("SELECT entry FROM claim_api"), "");
  EXPECT_EQ(v1.ask("SELECT provision, support FROM claim_ics"), "5.1-1|Y");
  EXPECT_EQ(v2.ask("SELECT provision, support FROM claim_ics"), "5.1-1|N");
  EXPECT_EQ(v1.ask("SELECT port FROM firmware_listener"), "23");
  EXPECT_EQ(v1.ask("SELECT port FROM probe_listener"), "80");
}

TEST(Claims, GivenMeansReadWholeInThatEdition) {
  const auto look = [](Evidence& e, const char* artefact, const char* table, const char* editions, bool complete) {
    e.add_artefact(artefact, artefact, "dossier", artefact, "dossier", 1,
                   {{table, "dossier/1", std::string("{\"editions\":\"") + editions + "\"}"}});
    if (complete) e.complete(artefact, table, "dossier/1");
  };
  std::vector<std::string> missing;
  Evidence e;
  EXPECT_FALSE(claims_given(e, "claim_auth", "1.1.1"));
  look(e, "a", "ixit_1", "1.1.1,2.1.1", true);
  EXPECT_TRUE(claims_given(e, "claim_auth", "1.1.1"));
  EXPECT_TRUE(claims_given(e, "claim_auth_login", "2.1.1"));
  look(e, "b", "ixit_15_v2", "2.1.1", true);
  EXPECT_FALSE(claims_given(e, "claim_interface", "1.1.1"));
  EXPECT_FALSE(claims_given(e, "claim_interface", "2.1.1", &missing));
  EXPECT_EQ(missing, std::vector<std::string>{"28-LogIntf"});
  look(e, "c", "ixit_28_v2", "2.1.1", true);
  EXPECT_TRUE(claims_given(e, "claim_interface", "2.1.1"));
  look(e, "d", "ics", "1.1.1", true);
  EXPECT_TRUE(claims_given(e, "claim_ics", "1.1.1"));
  EXPECT_FALSE(claims_given(e, "claim_ics", "2.1.1"));
  look(e, "f", "ixit_1", "1.1.1,2.1.1", false);  // a second file of the same table that has an error
  EXPECT_FALSE(claims_given(e, "claim_auth", "1.1.1"));
  EXPECT_FALSE(claims_given(e, "claim_api", "2.1.1")) << "an edition without the table has not given it";
}

TEST(Claims, AnUnexaminedPartTakesTheGivenAway) {
  Evidence e;
  e.add_artefact("a", "a", "dossier", "a", "dossier", 1, {{"ixit_1", "dossier/1", "{\"editions\":\"1.1.1\"}"}});
  e.complete("a", "ixit_1", "dossier/1");
  ASSERT_TRUE(claims_given(e, "claim_auth", "1.1.1"));
  e.add(Unexamined{"ixit/x.yaml", "", "dossier/1", "cannot be read"}, "a", "dossier");
  EXPECT_FALSE(claims_given(e, "claim_auth", "1.1.1"));
}

}  // namespace
}  // namespace assay::evidence
