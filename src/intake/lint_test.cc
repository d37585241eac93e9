#include "intake/lint.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/file.h"
#include "base/text.h"

namespace assay::intake {
namespace {

namespace fs = std::filesystem;

const fs::path& example() {
  static const fs::path path = fs::path(ASSAY_SOURCE_DIR) / "examples/doorbell";
  return path;
}

// The example with one text changed into another in one file.
class Changed {
 public:
  Changed() {
    std::string name = (fs::temp_directory_path() / "assay-lint-XXXXXX").string();
    path_ = mkdtemp(name.data());
    for (const char* part : {"product.yaml", "ics.yaml", "ixit", "evidence"})
      fs::copy(example() / part, path_ / part, fs::copy_options::recursive);
  }
  ~Changed() { fs::remove_all(path_); }
  Changed& change(const char* file, const char* from, const char* to) {
    const auto text = read_file(path_ / file, 1 << 20);
    EXPECT_TRUE(text.has_value());
    const std::size_t at = text->find(from);
    EXPECT_NE(at, std::string::npos) << file << " has no " << from;
    std::string out = *text;
    out.replace(at, std::string_view(from).size(), to);
    EXPECT_TRUE(write_file(path_ / file, out).has_value());
    return *this;
  }
  Changed& remove(const char* file) {
    fs::remove(path_ / file);
    return *this;
  }
  // Whether the claims behind a view are given in V1.1.1, and how many rows it has.
  std::pair<bool, std::size_t> given(const char* view, const char* table) const {
    const auto dossier = read_dossier(path_);
    EXPECT_TRUE(dossier.has_value());
    evidence::Evidence evidence;
    add_claims(*dossier, evidence);
    evidence.finish();
    return {evidence::claims_given(evidence, view, "1.1.1"), evidence.rows(table).size()};
  }
  // "error file:line:column what [caret] hint", one a line.
  std::string said() const {
    const auto problems = lint(path_);
    EXPECT_TRUE(problems.has_value());
    std::string out;
    for (const Problem& p : *problems)
      out += std::string(name(p.severity)) + " " + p.file + ":" + std::to_string(p.line) + ":" +
             std::to_string(p.column) + " " + p.what + (p.caret.empty() ? "" : " [" + p.caret + "]") +
             (p.hint.empty() ? "" : " " + p.hint) + "\n";
    return out;
  }

 private:
  fs::path path_;
};

TEST(Lint, WhatIsStillToBeSaidIsOpenAndListed) {
  Changed d;
  EXPECT_EQ(d.given("claim_auth", "ixit_1"), std::pair(true, std::size_t{4}));
  d.change("product.yaml", "name: Hearth Doorbell 2", "name: TODO   # what it is called")
      .change("ixit/01-auth-mech.yaml", "origin: user-defined", "origin: TODO")
      .change("ixit/01-auth-mech.yaml", "channels: [ch-local]", "channels: [ch-local, TODO]");
  EXPECT_EQ(d.said(),
            "warning ixit/01-auth-mech.yaml:0:0 still to be said: auth-owner origin (line 12), auth-owner channels "
            "(line 24)\n"
            "warning product.yaml:0:0 still to be said: name (line 2)\n");
  // An open field leaves its table given: rules see that it is open.
  EXPECT_EQ(d.given("claim_auth", "ixit_1"), std::pair(true, std::size_t{4}));
  Changed none;
  none.change("ixit/05-vuln-mon.yaml", "entries:\n", "entries:\n- TODO\n");
  EXPECT_NE(none.said().find("still to be said: entries (line 3)"), std::string::npos) << none.said();
  EXPECT_EQ(none.given("claim_vuln_monitoring", "ixit_5"), std::pair(false, std::size_t{2}));
}

TEST(Lint, WhatNobodyConfirmedIsNoClaim) {
  Changed d;
  d.change("ixit/01-auth-mech.yaml", "- id: auth-app\n", "- id: auth-app\n  confirmed: no\n");
  EXPECT_EQ(d.said(), "warning ixit/01-auth-mech.yaml:0:0 not confirmed yet: auth-app\n");
  EXPECT_EQ(d.given("claim_auth", "ixit_1"), std::pair(false, std::size_t{3}));
  Changed empty;
  empty.change("ixit/20-sec-boot.yaml", "entries: []", "confirmed: no\nentries: []");
  EXPECT_NE(empty.said().find("not confirmed yet: that it is empty"), std::string::npos) << empty.said();
  EXPECT_EQ(empty.given("claim_boot", "ixit_20"), std::pair(false, std::size_t{0}));
  Changed form;
  form.change("ixit/04-conf.yaml", "form:", "confirmed: no\nform:");
  EXPECT_EQ(form.given("claim_confirmation", "ixit_4"), std::pair(false, std::size_t{0}));
  Changed row;
  const auto rows = row.given("claim_ics", "ics");
  row.change("ics.yaml", "5.1-1: {", "5.1-1: {confirmed: no, ");
  EXPECT_EQ(row.said(), "warning ics.yaml:0:0 not confirmed yet: 5.1-1\n");
  EXPECT_EQ(row.given("claim_ics", "ics"), std::pair(false, rows.second - 2));  // of both editions
}

// A suggestion has to fit together like a claim.
TEST(Lint, SuggestionsAreCheckedToo) {
  Changed d;
  d.change("ics.yaml", "5.3-14: {support: N/A, detail: \"Every component can be updated.\"}",
           "5.3-14: {support: Y, detail: \"On the page.\", confirmed: no}")
      .change("ixit/06-soft-comp.yaml", "update_mechanisms: [upd-1]", "confirmed: no\n  update_mechanisms: [upd-2]");
  const std::string said = d.said();
  EXPECT_NE(said.find("5.3-14 (V2.1.1) is answered Y, but the claims say that it does not apply"), std::string::npos)
      << said;
  EXPECT_NE(said.find("update_mechanisms refers to upd-2, which is not declared"), std::string::npos) << said;
}

TEST(Lint, TheExampleIsClean) {
  const auto problems = lint(example());
  ASSERT_TRUE(problems.has_value()) << problems.error().text();
  for (const Problem& p : *problems) ADD_FAILURE() << show(p, "examples/doorbell");
}

TEST(Lint, UnknownKeysAndWords) {
  EXPECT_EQ(Changed().change("ixit/07-upd-mech.yaml", "anti_rollback:", "antirollback:").said(),
            "error ixit/07-upd-mech.yaml:19:3 7-UpdMech has no field 'antirollback' [not known here] Did you mean "
            "'anti_rollback'?\n");
  EXPECT_EQ(
      Changed().change("ixit/10-sec-param.yaml", "  security_guarantees:", "  Security Guarantees:").said(),
      "warning ixit/10-sec-param.yaml:3:3 1 of the standard's fields left open: security_guarantees A laboratory asks "
      "for them; what "
      "cannot apply says so in a word.\n"
      "error ixit/10-sec-param.yaml:7:3 10-SecParam has no field 'Security Guarantees' [not known here] Write the key "
      "'security_guarantees'.\n");
  EXPECT_EQ(Changed().change("ixit/07-upd-mech.yaml", "transport: https", "transport: htps").said(),
            "error ixit/07-upd-mech.yaml:15:14 htps is not a word for transport [not a known word] Did you mean "
            "'https'? Known are https, "
            "http, ftp, mqtt-tls, coaps, ble, usb, file or other; leave it out where you do not know.\n");
}

TEST(Lint, ReferencesThatLeadNowhere) {
  EXPECT_EQ(Changed().change("ixit/06-soft-comp.yaml", "[upd-1]", "[upd-2]").said(),
            "error ixit/06-soft-comp.yaml:6:23 update_mechanisms refers to upd-2, which is not declared [no such id] "
            "Did you mean 'upd-1'?\n");
  // ch-mdns is declared for V2.1.1 only.
  EXPECT_EQ(Changed().change("ixit/10-sec-param.yaml", "channels: []", "channels: [ch-mdns]").said(),
            "error ixit/10-sec-param.yaml:10:14 channels refers to ch-mdns, which is not declared for EN 303 645 "
            "V3.1.3 Declare it for that "
            "edition too, or give this entry `editions:`.\n");
}

TEST(Lint, IdsGivenTwice) {
  EXPECT_EQ(Changed().change("ixit/22-ext-sens.yaml", "id: es-motion", "id: es-camera").said(),
            "error ixit/22-ext-sens.yaml:5:8 the id es-camera is taken [first in ixit/22-ext-sens.yaml:3] Ids are "
            "unique among the tables "
            "that rules read together.\n");
}

TEST(Lint, IcsAgainstTheCatalogue) {
  EXPECT_EQ(Changed().change("ics.yaml", "  5.2-1: {support: Y", "  5.2-1: {support: N/A").said(),
            "error ics.yaml:9:20 5.2-1 applies to every product [N/A is not allowed here] Answer Y or N.\n");
  EXPECT_EQ(Changed()
                .change("ics.yaml",
                        "There is no report of a review for exactly the builds in use; planned with the next hardware.",
                        "tbd")
                .said(),
            "error ics.yaml:30:31 5.5-2 is answered N without a reason [detail says nothing] Write in `detail` why it "
            "does not apply or is "
            "not met.\n");
  EXPECT_EQ(Changed().change("ics.yaml", "  5.2-1: {support: Y", "  5.2-1: {support: N").said(),
            "warning ics.yaml:9:20 5.2-1 is mandatory and answered N: the product fails it\n");
  EXPECT_EQ(Changed().change("ics.yaml", "    5.3-6A:", "    5.3-6Z:").said(),
            "warning ics.yaml:0:0 1 row of EN 303 645 V3.1.3 is not answered: 5.3-6A A provision whose row is not "
            "answered is not assessed.\n"
            "error ics.yaml:78:5 EN 303 645 V3.1.3 has no provision 5.3-6Z Did you mean '5.3-6A'?\n");
  EXPECT_EQ(Changed().change("ics.yaml", "  3.1.3:", "  3.1.2:").said().substr(0, 120),
            "error ics.yaml:73:3 there is no edition 3.1.2 of EN 303 645 Write 2.1.1 or 3.1.3: the edition of EN 303 "
            "645, not of TS 1");
}

TEST(Lint, IcsAgainstTheClaims) {
  EXPECT_EQ(Changed().change("ics.yaml", "  5.1-4: {support: Y", "  5.1-4: {support: N/A").said(),
            "error ics.yaml:7:20 5.1-4 (V2.1.1) is answered N/A, but the claims say that it applies [Owner's password "
            "for the set-up page lets "
            "users log in] It "
            "applies where the device lets users authenticate.\n"
            "error ics.yaml:7:20 5.1-4 (V3.1.3) is answered N/A, but the claims say that it applies [Owner's password "
            "for the set-up page lets "
            "users log in] It "
            "applies where users can authenticate to the device.\n");
  EXPECT_EQ(Changed().change("ics.yaml", "  5.4-2: {support: N/A", "  5.4-2: {support: Y").said().substr(0, 160),
            "warning ics.yaml:26:20 5.4-2 (V2.1.1) is answered Y, but the claims say that it does not apply [nothing "
            "says that a hard-coded "
            "per-unit identity serves security");
  // An open field is not "does not hold": no warning then.
  Changed open;
  open.change("ics.yaml", "  5.4-2: {support: N/A", "  5.4-2: {support: Y")
      .change("ixit/10-sec-param.yaml", "  hard_coded_identity: false\n", "");
  EXPECT_EQ(open.said(), "");
  EXPECT_EQ(Changed().remove("ixit/08-upd-proc.yaml").said(),
            "warning ics.yaml:17:20 5.3-8 is answered Y, but its tests read 8-UpdProc, which the dossier does not give "
            "Give the table in "
            "ixit/; an empty one has 'entries: []'.\n");
}

TEST(Lint, WhatIsSaidTwiceIsOneThing) {
  EXPECT_EQ(Changed().change("ixit/02-user-info.yaml", "support_until: 2030-01-31", "support_until: 2029-01-31").said(),
            "error ixit/02-user-info.yaml:20:18 support_until differs from product.yaml [there: 2030-01-31] One of the "
            "two is wrong; what is "
            "declared has to be one thing.\n");
  EXPECT_EQ(Changed().change("ixit/26-user-dec.yaml", "default_option: automatic", "default_option: always").said(),
            "error ixit/26-user-dec.yaml:17:19 always is not one of the options The options are automatic or ask each "
            "time.\n");
}

// Every line of every file taken away, one at a time: lint always ends, and never says less than that something is
// wrong with YAML.
TEST(Lint, EveryLineTakenAway) {
  int found = 0;
  for (const char* file : {"product.yaml", "ics.yaml", "ixit/01-auth-mech.yaml", "ixit/04-conf.yaml"}) {
    const auto text = read_file(example() / file, 1 << 20);
    ASSERT_TRUE(text.has_value());
    const auto lines = split(*text, '\n');
    for (std::size_t i = 0; i < lines.size(); i += 6) {
      if (trim(lines[i]).empty() || trim(lines[i]).front() == '#') continue;
      Changed c;
      const std::string line = std::string(lines[i]) + "\n";
      c.change(file, line.c_str(), "");
      found += !c.said().empty();
    }
  }
  EXPECT_GT(found, 20);
}

}  // namespace
}  // namespace assay::intake
