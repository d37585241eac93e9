// What a wrong fact does: mistakes of form are refused with file and line, and a corrected fact moves the decisions
// that rest on it, and no others.
#include <gtest/gtest.h>

#include "scheme/case_runner.h"

namespace assay::scheme::test {
namespace {

struct Plant {
  const char* what;
  const char* file;
  const char* from;  // the first place that has it …
  const char* to;    // … becomes this
  const char* says;  // part of the message
};

// Every kind of mistake that a data file can have, planted in the data at hand.
constexpr Plant kPlants[] = {
    {"unknown key", "schemes/sg-cls.yaml", "title: CLS\n", "titel: CLS\n", "unknown key 'titel'"},
    {"unknown kind", "schemes/sg-cls.yaml", "kind: label", "kind: sticker", "unknown kind"},
    {"file named otherwise", "schemes/sg-cls.yaml", "scheme: sg-cls", "scheme: sg-cls2", "named otherwise"},
    {"unknown word of confidence", "schemes/sg-cls.yaml", "confidence: high", "confidence: sure", "'sure' is no word"},
    {"missing source", "schemes/sg-cls.yaml", "source: [sg_csa_faq], confidence: high", "source: [], confidence: high",
     "a fact without a source"},
    {"unknown source", "schemes/sg-cls.yaml", "sg_csa_faq", "sg_csa_fax", "no source 'sg_csa_fax'"},
    {"unknown source of a rule", "recognition/sg-uk.yaml", "source: [uk_policywire", "source: [uk_policywise",
     "no source 'uk_policywise'"},
    {"unknown provision", "schemes/sg-cls.yaml", "'5.3-16']", "'5.3-61']", "no provision '5.3-61'"},
    {"unknown requirement", "schemes/uk-psti.yaml", "S1P3.5]}", "S1P3.6]}", "no requirement 'S1P3.6'"},
    {"unknown clause of another standard", "schemes/uk-psti.yaml", "'iso-29147:6.2.2'", "'iso-29417:6.2.2'",
     "nothing is called 'iso-29417:6.2.2'"},
    {"carry from nothing", "schemes/au-smart.yaml", "'uk-psti:S1P1.3d'], relation", "'uk-psti:S1P1.3x'], relation",
     "nothing is called 'uk-psti:S1P1.3x'"},
    {"carry from a provision that is not there", "schemes/eu-cra.yaml", "baseline: ['5.6-9']", "baseline: ['5.6-99']",
     "nothing is called 'en303645:2.1.1:5.6-99'"},
    {"unknown edition", "schemes/sg-cls.yaml", "edition: '2.1.1'", "edition: '2.2.2'", "no edition 2.2.2"},
    {"unknown relation", "schemes/eu-cra.yaml", "relation: overlaps", "relation: superset", "'superset' is no word"},
    {"unknown step", "schemes/kr-cic.yaml", "lab_conformance_test", "lab_conformance_tset", "unknown assessment step"},
    {"a step twice", "schemes/de-itsik.yaml", "steps: [manufacturer_declaration,",
     "steps: [manufacturer_declaration, manufacturer_declaration,", "twice on the same day"},
    {"no such day", "schemes/sg-cls.yaml", "date: '2020-10'", "date: '2020-13'", "month 13"},
    {"ends before it begins", "schemes/de-itsik.yaml", "edition: '2.1.1'",
     "until: {date: '2020', source: [background], confidence: low}\nedition: '2.1.1'", "before it begins"},
    {"rule ends before it begins", "recognition/sg-uk.yaml", "since: '2025-12-04'",
     "since: '2025-12-04'\n  until: '2024'", "before it begins"},
    {"two rules at once", "recognition/sg-de.yaml", "rules:\n",
     "rules:\n- {from: de-itsik, from_levels: [single], to: sg-cls, to_level: L2, effect: evidence_accepted, source: "
     "[derived], confidence: low}\n",
     "two rules for the same levels hold on the same day"},
    {"two fees at once", "schemes/jp-jcstar.yaml", "until: '2025-09-30'", "until: '2025-10-01'",
     "two amounts hold on the same day"},
    {"fee of no level", "schemes/jp-jcstar.yaml", "levels: [STAR-1]", "levels: [STAR-9]", "no level 'STAR-9'"},
    {"a level twice", "schemes/sg-cls.yaml", "- id: L2", "- id: L1", "this level is there twice"},
    {"a requirement twice", "schemes/uk-psti.yaml", "- id: S1P1.3b", "- id: S1P1.3a",
     "this requirement is there twice"},
    {"mandatory level that does not exist", "schemes/sg-cls.yaml", "{level: L1,", "{level: L0,", "no level 'L0'"},
    {"mandatory for an unknown category", "schemes/sg-cls.yaml", "categories: [router]", "categories: [ruoter]",
     "no category 'ruoter'"},
    {"unknown scope list", "schemes/sg-cls.yaml", "scope: sg-cls", "scope: sg-clz", "no such scope list"},
    {"unknown basis", "schemes/sg-cls.yaml", "bases: [application", "bases: [aplication", "is no basis"},
    {"rule from no scheme", "recognition/sg-uk.yaml", "from: sg-cls", "from: sg-clz", "no scheme 'sg-clz'"},
    {"rule to no scheme", "recognition/sg-uk.yaml", "to: uk-psti", "to: uk-psty", "no scheme 'uk-psty'"},
    {"rule from a level that does not exist", "recognition/sg-uk.yaml", "[L1, L2, L3, L4]", "[L1, L2, L3, L5]",
     "sg-cls has no level 'L5'"},
    {"rule to a level that does not exist", "recognition/sg-de.yaml", "to_level: L2", "to_level: L9",
     "sg-cls has no level 'L9'"},
    {"unknown effect", "recognition/sg-uk.yaml", "effect: deemed_compliant", "effect: deemed", "unknown effect"},
    {"unknown scope of an arrangement", "recognition/sg-kr.yaml", "scope: sg-kr", "scope: sg-rk",
     "no scope list 'sg-rk'"},
    {"standard with a clause that does not exist", "recognition/uk-std.yaml", "clauses: ['5.2-1']",
     "clauses: ['5.2-9']", "no provision '5.2-9'"},
    {"unknown category of a scope list", "categories.yaml", "category: ev-charger", "category: ev-changer",
     "no category 'ev-changer'"},
    {"a synonym twice", "categories.yaml", "synonyms: [ip camera,", "synonyms: [smart lock,", "is there twice"},
    {"a note about no scheme", "scheme_notes.yaml", "schemes: [jp-jcstar,", "schemes: [jp-jstar,",
     "no scheme 'jp-jstar'"},
    {"strength out of range", "assessment_steps.yaml", "strength: 6", "strength: 7", "from 0 to 6"},
    {"a pair of editions that is not there", "crosswalk/en303645_editions.yaml", "from: ['5.0-1']", "from: ['5.0-9']",
     "not there"},
};

TEST(Facts, EveryPlantedMistakeIsRefusedWithItsPlace) {
  for (const Plant& plant : kPlants) {
    SCOPED_TRACE(plant.what);
    Edited data;
    const auto planted = data.edit(plant.file, plant.from, plant.to);
    ASSERT_TRUE(planted) << planted.error().text();
    const auto read = read_register(data.files());
    ASSERT_FALSE(read) << "the mistake was not seen";
    const std::string text = read.error().text();
    EXPECT_NE(text.find(plant.says), std::string::npos) << text;
    // "data/schemes/sg-cls.yaml:12:3"
    const std::size_t at = text.find("data/" + std::string(plant.file) + ":");
    ASSERT_NE(at, std::string::npos) << text;
    EXPECT_TRUE(is_digit(text[at + 6 + std::string(plant.file).size()])) << text;
  }
}

TEST(Facts, ACircleOfCarriesIsRefused) {
  Edited data;
  // The Australian rule rests on the British one; let that rest on the Australian.
  ASSERT_TRUE(data.edit("schemes/uk-psti.yaml", "carry: [{baseline: ['5.1-1'], relation: equal,",
                        "carry: [{from: ['au-smart:S1C2'], relation: equal,"));
  const auto read = read_register(data.files());
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().text().find("rest on itself: "), std::string::npos) << read.error().text();
  EXPECT_NE(read.error().text().find("data/schemes/"), std::string::npos);
}

// A check of somebody's own data names a mistake of each file, not the first alone.
TEST(Facts, MistakesOfSeveralFilesAreAllTold) {
  Edited data;
  ASSERT_TRUE(data.edit("schemes/sg-cls.yaml", "kind: label", "kind: sticker"));
  ASSERT_TRUE(data.edit("schemes/kr-cic.yaml", "kr_mt_2025", "kr_mt_2052"));
  ASSERT_TRUE(data.edit("recognition/uk-std.yaml", "effect: deemed_compliant", "effect: deemed"));
  std::vector<Error> errors;
  const auto read = read_register(data.files(), &errors);
  ASSERT_TRUE(read);
  std::string all;
  for (const Error& e : errors) all += e.text() + "\n";
  for (const char* file : {"schemes/sg-cls.yaml", "schemes/kr-cic.yaml", "recognition/uk-std.yaml"})
    EXPECT_NE(all.find(file), std::string::npos) << all;
}

struct Correction {
  const char* file;
  const char* from;
  const char* to;
  std::vector<std::string> moves;  // the golden decisions that no longer hold
};

std::vector<std::string> moved_by(const Correction& correction) {
  Edited data;
  const auto edited = data.edit(correction.file, correction.from, correction.to);
  EXPECT_TRUE(edited) << edited.error().text();
  const auto read = read_register(data.files());
  EXPECT_TRUE(read) << read.error().text();
  const auto cases = all_cases();
  std::vector<std::string> out;
  if (!read || !cases) return out;
  CaseRunner runner(*read);
  for (const Case& one : *cases)
    if (one.file == "golden.yaml" && !runner.run(one.test).empty()) out.push_back(one.test["case"].text());
  return out;
}

// The doubtful facts that a reader is most likely to settle, each with the decisions it moves.
TEST(Facts, ACorrectionMovesTheDecisionsThatRestOnIt) {
  const std::vector<Correction> corrections = {
      // The table of levels between Singapore and Japan is published, and names Levels 3 and 4.
      {"recognition/sg-jp.yaml",
       "from: sg-cls, from_levels: [L1, L2, L3, L4]",
       "from: sg-cls, from_levels: [L3, L4]",
       {"SG to JP: in effect since June 2026, doubtful"}},
      // Level 1 turns out to ask 5.4-1 too.
      {"schemes/sg-cls.yaml",
       "'5.3-13', '5.3-16']}",
       "'5.3-13', '5.3-16', '5.4-1']}",
       {"SG: thirteen provisions are Level 1", "SG: twelve are not", "SG: before that, nobody but the authority",
        "SG: a router is asked for Level 1", "SG: a router before that rule"}},
      // The law turns out to hold from a day later.
      {"schemes/uk-psti.yaml",
       "from: {date: '2024-04-29'",
       "from: {date: '2024-04-30'",
       {"UK: the day before the law", "UK: its first day"}},
      // 5.1-2 turns out to ask all that paragraph 1(3)(d) asks.
      {"schemes/uk-psti.yaml",
       "title: a unique password is not otherwise easy to guess\n  cite: Sch.1 para 1(3)(d)\n  conditional: true\n  "
       "carry: "
       "[{baseline: ['5.1-2'], relation: overlaps",
       "title: a unique password is not otherwise easy to guess\n  cite: Sch.1 para 1(3)(d)\n  conditional: true\n  "
       "carry: "
       "[{baseline: ['5.1-2'], relation: equal",
       {"UK: guessable password, nothing else said of how it is made"}},
      // The stop of the Finnish label is lifted.
      {"schemes/fi-label.yaml", "status: {value: closed", "status: {value: running", {"FI: the label is closed"}},
      // A better source for a fact that already stands moves nothing.
      {"schemes/de-itsik.yaml",
       "from: {date: '2021-12', source: [background], confidence: medium}",
       "from: {date: '2021-12', source: [de_itsikv_8], confidence: high}",
       {}},
  };
  for (const Correction& correction : corrections) {
    SCOPED_TRACE(std::string(correction.file) + ": " + correction.to);
    EXPECT_EQ(moved_by(correction), correction.moves);
  }
}

// A rule by which a mark that rests on its maker's word would count for a laboratory's test gives nothing.
TEST(Facts, ADeclaredMarkNeverServesWhereALaboratoryTestIsAsked) {
  for (const bool laboratory : {true, false}) {
    Edited data;
    ASSERT_TRUE(data.add("recognition/gb-kr.yaml",
                         "arrangement: gb-kr\ntitle: Invented\ntype: mutual_recognition\nparties: [GB, KR]\nfrom: "
                         "'2026-01-01'\nrules:\n- {from: uk-psti, from_levels: [single], to: " +
                             std::string(laboratory ? "kr-cic, to_level: basic" : "de-itsik, to_level: single") +
                             ", effect: recognised_as, source: [derived], confidence: high}\nsource: "
                             "[derived]\nconfidence: high\n"));
    const auto read = read_register(data.files());
    ASSERT_TRUE(read) << read.error().text();
    DecideInput input;
    input.at = kToday;
    input.category = "hub";
    input.held = {{"uk-psti", "single", "2026-01-10", "", "", "declaration"}};
    std::size_t found = 0;
    for (const Recognition& r : decide(*read, input).recognition)
      if (r.by == "gb-kr") {
        ++found;
        EXPECT_EQ(r.effect, laboratory ? "none" : "recognised_as");
      }
    EXPECT_EQ(found, 1u);
  }
}

}  // namespace
}  // namespace assay::scheme::test
