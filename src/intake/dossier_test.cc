#include "intake/dossier.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"
#include "evidence/database.h"

namespace assay::intake {
namespace {

namespace fs = std::filesystem;
using evidence::Evidence;

// A dossier in a temporary directory.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "assay-dossier-XXXXXX").string();
    path = mkdtemp(name.data());
  }
  ~Folder() { fs::remove_all(path); }
  Folder& put(const std::string& name, const std::string& text) {
    fs::create_directories((path / name).parent_path());
    std::ofstream(path / name) << text;
    return *this;
  }
  Dossier read() const {
    auto d = read_dossier(path);
    EXPECT_TRUE(d.has_value());
    return std::move(*d);
  }
  fs::path path;
};

const std::string kProduct = "name: Thing\nmodel: T1\nmaker: Maker Ltd\ncategory: camera\n";

std::string errors(const Dossier& d) {
  std::string out;
  for (const Problem& p : d.problems)
    if (p.severity == Severity::error)
      out += (out.empty() ? "" : "; ") + p.file + ":" + std::to_string(p.line) + ": " + p.what;
  return out;
}

// Rows of a query over the claims of a dossier, cells by "|", rows by "; ".
std::string ask(const Dossier& d, std::string_view edition, const std::string& sql) {
  Evidence evidence;
  add_claims(d, evidence);
  evidence.finish();
  const auto db = evidence::open_memory();
  EXPECT_TRUE(db && evidence.fill(db->get()) && evidence::make_views(db->get(), edition));
  const auto statement = evidence::prepare(db->get(), sql);
  EXPECT_TRUE(statement.has_value()) << (statement ? "" : statement.error().text());
  if (!statement) return "";
  const auto result = evidence::run(db->get(), statement->get(), {});
  EXPECT_TRUE(result.has_value());
  std::string out;
  for (const evidence::Row& row : result->rows) {
    if (!out.empty()) out += "; ";
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i) out += "|";
      if (const auto* n = std::get_if<std::int64_t>(&row[i]))
        out += std::to_string(*n);
      else if (const auto* s = std::get_if<std::string>(&row[i]))
        out += *s;
      else
        out += "-";
    }
  }
  return out;
}

bool given(const Dossier& d, std::string_view view, std::string_view edition) {
  Evidence evidence;
  add_claims(d, evidence);
  return evidence::claims_given(evidence, view, edition);
}

TEST(Dossier, TheExampleGivesEveryTableInBothEditions) {
  const auto d = read_dossier(fs::path(ASSAY_SOURCE_DIR) / "examples/doorbell");
  ASSERT_TRUE(d.has_value());
  EXPECT_EQ(errors(*d), "");
  EXPECT_EQ(d->product.id, "northlight-home-ltd-hd2-c100");
  EXPECT_EQ(d->product.firmware_version, "1.5.0");
  ASSERT_NE(d->firmware_named("v1"), nullptr);
  EXPECT_EQ(d->firmware_named("v1")->file, "firmware/doorbell-v1.bin");
  EXPECT_EQ(d->firmware_named("v1")->made_by, "firmware/make");
  EXPECT_EQ(d->newest_firmware()->name, "v2");
  EXPECT_EQ(d->editions, (std::vector<std::string>{"2.1.1", "3.1.3"}));
  Evidence evidence;
  add_claims(*d, evidence);
  for (const char* edition : {"1.1.1", "2.1.1"}) {
    for (const char* view : {"claim_ics", "claim_product"})
      EXPECT_TRUE(evidence::claims_given(evidence, view, edition)) << view;
    for (const evidence::ClaimTable& t : evidence::claim_schema()) {
      if (t.in(edition)) {
        EXPECT_TRUE(evidence::claims_given(evidence, t.view, edition)) << t.label() << " in " << edition;
      }
    }
  }
}

TEST(Dossier, TheExampleReadsThroughTheViews) {
  const auto d = read_dossier(fs::path(ASSAY_SOURCE_DIR) / "examples/doorbell");
  ASSERT_TRUE(d.has_value());
  for (const char* edition : {"1.1.1", "2.1.1"}) {
    EXPECT_EQ(
        ask(*d, edition,
            "SELECT proto, port FROM claim_interface WHERE port IS NOT NULL AND status = 'enabled' ORDER BY port"),
        "tcp|443; udp|5353; tcp|8554");
    EXPECT_EQ(ask(*d, edition, "SELECT entry, user, origin FROM claim_auth_login ORDER BY user"),
              "auth-owner|owner|user-defined; auth-root|root|user-defined");
    EXPECT_EQ(ask(*d, edition, "SELECT support_until, constrained FROM claim_product"), "2030-01-31|0");
    EXPECT_EQ(ask(*d, edition, "SELECT secure_development FROM claim_confirmation"), "1");
    EXPECT_EQ(ask(*d, edition, "SELECT count(*) FROM claim_boot"), "0");
    EXPECT_EQ(ask(*d, edition, "SELECT channel, title FROM claim_parameter_channel WHERE entry = 'par-wifi'"),
              "ch-local|https in the home network");
  }
  EXPECT_EQ(ask(*d, "1.1.1", "SELECT entry FROM claim_channel WHERE encrypted = 0 ORDER BY 1"),
            "ch-infrastructure; ch-mdns");
  EXPECT_EQ(ask(*d, "2.1.1", "SELECT entry FROM claim_channel WHERE encrypted = 0"), "");
  EXPECT_EQ(ask(*d, "1.1.1", "SELECT DISTINCT tbl FROM claim_interface"), "ixit_15_v1");
  EXPECT_EQ(ask(*d, "2.1.1", "SELECT tbl, count(*) FROM claim_interface GROUP BY tbl"), "ixit_15_v2|5; ixit_28_v2|4");
  EXPECT_EQ(ask(*d, "1.1.1", "SELECT count(*), sum(mandatory), sum(support IS NULL) FROM claim_ics"), "67|32|0");
  EXPECT_EQ(ask(*d, "2.1.1", "SELECT count(*), sum(mandatory), sum(support IS NULL) FROM claim_ics"), "78|36|0");
  EXPECT_EQ(ask(*d, "2.1.1", "SELECT source, path, kind FROM document_document WHERE kind = 'support'"),
            "document|evidence/support-statement.md|support");
}

TEST(Dossier, AMistakeTakesTheGivenAway) {
  Folder f;
  f.put("product.yaml", kProduct)
      .put("ixit/1.yaml", "table: 1-AuthMech\nentries:\n- {id: a, factor: password}\n- {id: b, factor: pasword}\n");
  const Dossier d = f.read();
  EXPECT_EQ(errors(d), "ixit/1.yaml:4: pasword is not a word for factor");
  EXPECT_FALSE(given(d, "claim_auth", "1.1.1"));
  EXPECT_TRUE(given(d, "claim_product", "1.1.1"));
  // The rows are there all the same; the wrong field is open.
  EXPECT_EQ(ask(d, "1.1.1", "SELECT entry, factor FROM claim_auth ORDER BY entry"), "a|password; b|-");
}

TEST(Dossier, AnEmptyTableIsGivenAndAMissingOneIsNot) {
  Folder f;
  f.put("product.yaml", kProduct).put("ixit/1.yaml", "table: 1-AuthMech\nentries: []\n");
  const Dossier d = f.read();
  EXPECT_TRUE(given(d, "claim_auth", "1.1.1"));
  EXPECT_TRUE(given(d, "claim_auth", "2.1.1"));
  EXPECT_FALSE(given(d, "claim_update", "1.1.1"));
  EXPECT_FALSE(given(d, "claim_ics", "1.1.1"));
}

TEST(Dossier, AFileThatCannotBeReadTakesAllAway) {
  Folder f;
  f.put("product.yaml", kProduct)
      .put("ixit/1.yaml", "table: 1-AuthMech\nentries: []\n")
      .put("ixit/2.yaml", "table: [\n");
  const Dossier d = f.read();
  EXPECT_FALSE(given(d, "claim_auth", "1.1.1")) << "nobody knows which table 2.yaml was to give";
}

TEST(Dossier, ATableForOneEditionIsGivenForThatOneOnly) {
  Folder f;
  f.put("product.yaml", kProduct).put("ixit/1.yaml", "table: 1-AuthMech\neditions: [2.1.1]\nentries:\n- {id: a}\n");
  const Dossier d = f.read();
  EXPECT_EQ(errors(d), "");
  EXPECT_TRUE(given(d, "claim_auth", "1.1.1"));
  EXPECT_FALSE(given(d, "claim_auth", "2.1.1"));
  EXPECT_EQ(ask(d, "2.1.1", "SELECT entry FROM claim_auth"), "");
}

TEST(Dossier, AListIsOpenOrEmptyOrFull) {
  Folder f;
  f.put("product.yaml", kProduct)
      .put("ixit/6.yaml",
           "table: 6-SoftComp\nentries:\n- {id: a}\n- {id: b, update_mechanisms: []}\n- {id: c, update_mechanisms: [u, "
           "w]}\n"
           "- {id: d, update_mechanisms: u}\n");
  const Dossier d = f.read();
  EXPECT_EQ(ask(d, "1.1.1", "SELECT entry, update_mechanisms FROM claim_component ORDER BY entry"),
            "a|-; b|0; c|2; d|1");
  EXPECT_EQ(ask(d, "1.1.1", "SELECT entry, position, mechanism FROM claim_component_update ORDER BY 1, 2"),
            "c|1|u; c|2|w; d|1|u");
}

TEST(Dossier, NothingLeadsOut) {
  Folder f, other;
  other.put("secret.md", "# secret\n");
  f.put("product.yaml", kProduct +
                            "firmware:\n- {version: '1', file: ../x.bin}\n- {version: '2', file: /etc/passwd}\n"
                            "documents:\n- {path: evidence/link.md}\n");
  fs::create_directories(f.path / "evidence");
  fs::create_symlink(other.path / "secret.md", f.path / "evidence/link.md");
  fs::create_directories(f.path / "ixit");
  fs::create_symlink(other.path / "secret.md", f.path / "ixit/link.yaml");
  const Dossier d = f.read();
  EXPECT_EQ(d.firmware.size(), 0u);
  for (const Document& doc : d.documents) EXPECT_EQ(doc.sha256, "") << doc.path;
  EXPECT_NE(errors(d).find("file leads out of the dossier"), std::string::npos) << errors(d);
  EXPECT_NE(errors(d).find("ixit/link.yaml:0: leads out of the dossier"), std::string::npos) << errors(d);
}

TEST(Dossier, ProductMistakesAreAllSaid) {
  Folder f;
  f.put("product.yaml",
        "name: Thing\nmodl: T1\nmaker: [a]\ncategory: dorbell\nsupport_until: 2030-13-31\nmarkets: [UK, "
        "gb]\nconstrained: 'no'\n"
        "held:\n- {scheme: sg-cls, from: 2026-02-01, until: 2026-01-01, basis: gift}\nfirmware:\n- {version: 1.0}\n");
  const Dossier d = f.read();
  EXPECT_EQ(
      errors(d),
      "product.yaml:1: model is missing; product.yaml:2: product.yaml has no key 'modl'; product.yaml:3: maker is not "
      "a text; "
      "product.yaml:4: 'dorbell' is not a category; product.yaml:5: support_until is not a date; product.yaml:6: 'gb' "
      "is not a "
      "market; product.yaml:7: constrained is neither true nor false; product.yaml:9: the mark ends before it begins; "
      "product.yaml:9: gift is not a word for basis; product.yaml:11: file is missing");
  EXPECT_EQ(d.product.markets, std::vector<std::string>{"GB"});
  for (const Problem& p : d.problems)
    if (p.line == 5) {
      EXPECT_EQ(p.caret, "there is no month 13");
      EXPECT_EQ(show(p, "d"),
                "d/product.yaml:5:16: support_until is not a date\n\n"
                "  4 | category: dorbell\n"
                "  5 | support_until: 2030-13-31\n"
                "    |                ^^^^^^^^^^ there is no month 13\n"
                "  6 | markets: [UK, gb]\n\n"
                "Write year-month-day, for example 2030-01-31.");
    }
}

TEST(Dossier, PersonsRecordsBecomeRows) {
  Folder f;
  f.put("product.yaml", kProduct).put("evidence/photo.jpg", "x");
  const Dossier before = f.read();
  PersonRecord verdict;
  verdict.kind = PersonRecord::Kind::verdict;
  verdict.by = "R. Okafor, \"Saltmarsh\"";
  verdict.date = "2026-11-18";
  verdict.reason = "records seen: #1\nand more";
  verdict.unit = "ts103701:1.1.1:5.2-2-1.a";
  verdict.value = "pass";
  verdict.evidence = "evidence/photo.jpg";
  verdict.overrules = {"listener-0123456789ab"};
  ASSERT_TRUE(append_record(f.path, verdict).has_value());
  PersonRecord look = verdict;
  look.kind = PersonRecord::Kind::scope;
  look.unit.clear();
  look.value.clear();
  look.overrules.clear();
  look.table = "discovery";
  look.scope = R"({"sweep": "radio", "devices": 3})";
  const auto path = append_record(f.path, look);
  ASSERT_TRUE(path.has_value()) << path.error().text();
  EXPECT_EQ(path->filename(), "r-okafor-saltmarsh.yaml");
  PersonRecord seen = look;
  seen.kind = PersonRecord::Kind::observation;
  seen.scope.clear();
  seen.table = "listener";
  seen.values = {{"proto", "tcp"}, {"port", "23"}};
  ASSERT_TRUE(append_record(f.path, seen).has_value());

  const Dossier d = f.read();
  EXPECT_EQ(errors(d), "");
  ASSERT_EQ(d.persons.size(), 3u);
  EXPECT_EQ(d.persons[0].by, verdict.by);
  EXPECT_EQ(d.persons[0].reason, verdict.reason);
  EXPECT_EQ(ask(d, "1.1.1", "SELECT kind, unit, value, overrules FROM person_person WHERE kind = 'verdict'"),
            "verdict|ts103701:1.1.1:5.2-2-1.a|pass|listener-0123456789ab");
  EXPECT_EQ(ask(d, "1.1.1", "SELECT proto, port, examiner FROM person_listener"),
            "tcp|23|person/R. Okafor, \"Saltmarsh\"");
  EXPECT_EQ(ask(d, "1.1.1",
                "SELECT tbl, scope->>'sweep', scope->>'devices' + 1, complete FROM examined WHERE tbl = 'discovery'"),
            "discovery|radio|4|1");
}

TEST(Dossier, ARecordThatIsWrongIsRefusedAndNothingIsWritten) {
  Folder f;
  PersonRecord r;
  r.by = "A";
  r.date = "2026-13-01";
  r.reason = "b";
  r.unit = "u";
  r.value = "pass";
  // A dossier of a stranger must not have a record written elsewhere.
  fs::create_directories(f.path / "elsewhere");
  fs::create_directory_symlink("elsewhere", f.path / "persons");
  const auto through = append_record(f.path, r);
  ASSERT_FALSE(through.has_value());
  EXPECT_NE(through.error().what.find("is a link"), std::string::npos) << through.error().what;
  fs::remove(f.path / "persons");
  const auto path = append_record(f.path, r);
  ASSERT_FALSE(path.has_value());
  EXPECT_EQ(path.error().what, "date is not a date");
  EXPECT_FALSE(fs::exists(f.path / "persons/a.yaml"));
  r.date = "2026-11-01";
  r.value = "perhaps";
  EXPECT_FALSE(append_record(f.path, r).has_value());
  r.value = "fail";
  ASSERT_TRUE(append_record(f.path, r).has_value());
  std::ofstream(f.path / "persons/a.yaml", std::ios::app) << "other: 1\n";
  EXPECT_FALSE(append_record(f.path, r).has_value()) << "a file somebody edited is not made worse";
}

TEST(Dossier, AClosedRowNamesThePerson) {
  Folder f;
  f.put("product.yaml", kProduct);
  Evidence evidence;
  evidence.add_artefact("x", "x", "firmware", "x", "firmware", 1, {});
  evidence.add(Unexamined{"part", "listener", "e/1", "crashed"}, "x", "firmware");
  const std::string row = Evidence::text("unexamined", evidence.rows("unexamined").front(), "id");
  f.put("persons/a.yaml",
        "records:\n- {kind: close, by: A, date: 2026-11-01, reason: empty part, closes: " + row + "}\n");
  const Dossier d = f.read();
  EXPECT_EQ(errors(d), "");
  add_claims(d, evidence);
  close_rows(d, evidence);
  EXPECT_EQ(Evidence::text("unexamined", evidence.rows("unexamined").front(), "closed_by").substr(0, 7), "person-");
}

// Same files, same rows, whatever the directory is called.
TEST(Dossier, SameInputsSameRows) {
  const fs::path example = fs::path(ASSAY_SOURCE_DIR) / "examples/doorbell";
  Folder f;
  for (const char* part : {"product.yaml", "ics.yaml", "ixit", "evidence"})
    fs::copy(example / part, f.path / part, fs::copy_options::recursive);
  std::string digests[2];
  const fs::path paths[] = {example, f.path};
  for (int i = 0; i < 2; ++i) {
    const auto d = read_dossier(paths[i]);
    ASSERT_TRUE(d.has_value());
    Evidence evidence;
    add_claims(*d, evidence);
    evidence.finish();
    digests[i] = evidence.digest();
  }
  EXPECT_EQ(digests[0], digests[1]);
}

// A dossier may come from a stranger: whatever the bytes, it is read to the end and says something.
TEST(Dossier, HostileBytes) {
  const fs::path example = fs::path(ASSAY_SOURCE_DIR) / "examples/doorbell";
  const auto product = read_file(example / "product.yaml", 1 << 20), ics = read_file(example / "ics.yaml", 1 << 20),
             auth = read_file(example / "ixit/15-interfaces.yaml", 1 << 20);
  ASSERT_TRUE(product && ics && auth);
  Folder f;
  std::uint64_t seed = 20261124;
  const auto random = [&seed](std::uint64_t below) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (seed >> 33) % below;
  };
  for (int i = 0; i < 400; ++i) {
    std::string texts[] = {*product, *ics, *auth};
    std::string& t = texts[i % 3];
    if (i % 2 == 0)
      t.resize(random(t.size()));
    else
      for (int n = 0; n < 8; ++n) t[random(t.size())] = static_cast<char>(random(256));
    f.put("product.yaml", texts[0]).put("ics.yaml", texts[1]).put("ixit/15.yaml", texts[2]);
    const Dossier d = f.read();
    Evidence evidence;
    add_claims(d, evidence);
    for (const Problem& p : d.problems) {
      const std::string shown = show(p, "d");
      EXPECT_TRUE(is_utf8(shown));
      for (const char c : shown) ASSERT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n');
    }
  }
}

TEST(Dossier, LimitsAreSaid) {
  Folder f;
  std::string many = "table: 1-AuthMech\nentries:\n";
  for (int i = 0; i < 30000; ++i) many += "- {id: a" + std::to_string(i) + "}\n";
  f.put("product.yaml", kProduct).put("ixit/1.yaml", many).put("ixit/2.yaml", std::string(3u << 20, '#'));
  f.put("ixit/3.yaml", "table: " + std::string(100000, '['));
  const Dossier d = f.read();
  EXPECT_EQ(d.entries.size(), 20000u);
  EXPECT_LE(d.problems.size(), 3000u);
  EXPECT_NE(errors(d).find("more than 20000 entries"), std::string::npos);
  EXPECT_NE(errors(d).find("ixit/2.yaml:0: is larger than"), std::string::npos);
  EXPECT_NE(errors(d).find("nested deeper than"), std::string::npos);
}

}  // namespace
}  // namespace assay::intake
