#include "begin/scope.h"

#include <gtest/gtest.h>

#include "base/data.h"

namespace assay::begin {
namespace {

Date day(const char* text) { return *Date::parse(text); }

// Everything that a connected camera for consumers answers; each case changes some of it.
Answers camera() {
  return {{"category", "camera"},   {"internet", "yes"},
          {"data_link", "yes"},     {"ip_direct", "no"},
          {"two_at_once", "no"},    {"one_reaches_internet", "no"},
          {"input_set", "no"},      {"uk_part", "gb"},
          {"windsor", "no"},        {"consumers", "yes"},
          {"identical", "no"},      {"state_sold", "new"},
          {"radio", "yes"},         {"internet_any", "yes"},
          {"personal_data", "yes"}, {"toy_child_wearable", "no"},
          {"money", "no"},          {"commercial", "yes"},
          {"role", "maker"},        {"sold_otherwise", "no"}};
}

Answers with(std::initializer_list<std::pair<const char*, const char*>> changes) {
  Answers out = camera();
  for (const auto& [question, given] : changes)
    if (*given)
      out[question] = given;
    else
      out.erase(question);
  return out;
}

struct Golden {
  const char* name;
  const char* law;
  std::initializer_list<std::pair<const char*, const char*>> changes;
  const char* at;
  const char* end;
  const char* place;  // of the law that the last reason names
};

// Each rests on a fact of data/scope: what is in, what is left out by name, and the traps.
const Golden kGolden[] = {
    {"an internet camera", "uk-psti", {}, "2026-11-22", "in", "Act ss.54-55"},
    {"a sensor that pairs with one phone at a time and has no IP",
     "uk-psti",
     {{"category", "other"}, {"internet", "no"}, {"two_at_once", "no"}},
     "2026-11-22",
     "not_in_scope",
     "Act s.5(7)"},
    {"a Thread sensor behind a border router",
     "uk-psti",
     {{"internet", "no"}, {"ip_direct", "yes"}},
     "2026-11-22",
     "in",
     "Act ss.54-55"},
    {"a Bluetooth hub child that reaches phones",
     "uk-psti",
     {{"internet", "no"}, {"two_at_once", "yes"}, {"one_reaches_internet", "yes"}},
     "2026-11-22",
     "in",
     "Act ss.54-55"},
    {"several Bluetooth links, none to the internet",
     "uk-psti",
     {{"internet", "no"}, {"two_at_once", "yes"}},
     "2026-11-22",
     "not_in_scope",
     "Act s.5(7)"},
    {"a mouse of a set",
     "uk-psti",
     {{"category", "other"},
      {"internet", "no"},
      {"input_set", "yes"},
      {"ev_charger", "no"},
      {"medical", "no"},
      {"meter_supplied", "no"},
      {"computer_no_cellular", "no"},
      {"vehicle", "no"}},
     "2026-11-22",
     "in",
     "Act ss.54-55"},
    {"nothing is exchanged",
     "uk-psti",
     {{"internet", "no"}, {"data_link", "no"}},
     "2026-11-22",
     "not_in_scope",
     "Act ss.4-7"},
    {"Northern Ireland under Windsor Framework law",
     "uk-psti",
     {{"uk_part", "ni"}, {"windsor", "yes"}},
     "2026-11-22",
     "excepted",
     "SI 2023/1007 Sch.3"},
    {"Northern Ireland, not known whether such law applies",
     "uk-psti",
     {{"uk_part", "ni"}, {"windsor", "unknown"}},
     "2026-11-22",
     "unknown",
     ""},
    {"both parts of the kingdom",
     "uk-psti",
     {{"uk_part", "both"}, {"windsor", "yes"}},
     "2026-11-22",
     "in",
     "Act ss.54-55"},
    {"a smart charge point",
     "uk-psti",
     {{"category", "ev-charger"}, {"ev_charger", "yes"}},
     "2026-11-22",
     "excepted",
     "SI 2023/1007 Sch.3"},
    {"a medical device",
     "uk-psti",
     {{"category", "medical-device"}, {"medical", "yes"}},
     "2026-11-22",
     "excepted",
     "SI 2023/1007 Sch.3"},
    {"a watch that carries medical software only",
     "uk-psti",
     {{"category", "smartwatch"}, {"medical", "no"}},
     "2026-11-22",
     "in",
     "Act ss.54-55"},
    {"an assured smart meter",
     "uk-psti",
     {{"category", "meter"}, {"meter_supplied", "yes"}, {"meter_assured", "yes"}},
     "2026-11-22",
     "excepted",
     "SI 2023/1007 Sch.3"},
    {"a smart meter that is not assured",
     "uk-psti",
     {{"category", "meter"}, {"meter_supplied", "yes"}, {"meter_assured", "no"}},
     "2026-11-22",
     "in",
     "Act ss.54-55"},
    {"a laptop",
     "uk-psti",
     {{"category", "computer"}, {"computer_no_cellular", "yes"}, {"under_14", "no"}},
     "2026-11-22",
     "excepted",
     "SI 2023/1007 Sch.3"},
    {"a tablet for small children",
     "uk-psti",
     {{"category", "tablet"}, {"computer_no_cellular", "yes"}, {"under_14", "yes"}},
     "2026-11-22",
     "in",
     "Act ss.54-55"},
    {"a cellular tablet",
     "uk-psti",
     {{"category", "tablet"}, {"computer_no_cellular", "no"}},
     "2026-11-22",
     "in",
     "Act ss.54-55"},
    {"a head unit of a car, before the amendment",
     "uk-psti",
     {{"category", "vehicle"}, {"vehicle", "yes"}},
     "2025-02-24",
     "in",
     "Act ss.54-55"},
    {"a head unit of a car, since",
     "uk-psti",
     {{"category", "vehicle"}, {"vehicle", "yes"}},
     "2025-02-25",
     "excepted",
     "SI 2023/1007 Sch.3 as amended by SI 2025/211"},
    {"a head unit in Northern Ireland too",
     "uk-psti",
     {{"category", "vehicle"}, {"vehicle", "yes"}, {"uk_part", "both"}},
     "2026-11-22",
     "in",
     "Act ss.54-55"},
    {"an office model that is identical to a consumer model",
     "uk-psti",
     {{"consumers", "no"}, {"identical", "yes"}},
     "2026-11-22",
     "in",
     "Act ss.54-55"},
    {"a product for factories", "uk-psti", {{"consumers", "no"}}, "2026-11-22", "not_in_scope", "Act ss.54-55"},
    {"maker-reconditioned", "uk-psti", {{"state_sold", "reconditioned"}}, "2026-11-22", "in", "Act ss.54-55"},
    {"second-hand", "uk-psti", {{"state_sold", "second_hand"}}, "2026-11-22", "not_in_scope", "Act ss.54-55"},
    {"nobody knows whether consumers buy it", "uk-psti", {{"consumers", "unknown"}}, "2026-11-22", "unknown", ""},
    {"a smartphone in the United Kingdom",
     "uk-psti",
     {{"category", "phone"}, {"phone", "yes"}},
     "2026-11-22",
     "in",
     "Act ss.54-55"},
    {"a smartphone in Australia",
     "au-smart",
     {{"category", "phone"}, {"phone", "yes"}},
     "2026-11-22",
     "excepted",
     "Rules, excluded products"},
    {"a cellular tablet in Australia",
     "au-smart",
     {{"category", "tablet"}, {"tablet", "yes"}},
     "2026-11-22",
     "excepted",
     "Rules, excluded products"},
    {"a camera in Australia", "au-smart", {}, "2026-11-22", "in", "Rules, consumer-grade products"},
    {"a camera's network, EU", "eu-red-3.3d", {}, "2026-11-22", "in", "Regulation (EU) 2022/30 art.2"},
    {"a wired camera, EU",
     "eu-red-3.3d",
     {{"radio", "no"}},
     "2026-11-22",
     "not_in_scope",
     "Directive 2014/53/EU art.3.3"},
    {"a toy without internet, EU",
     "eu-red-3.3e",
     {{"category", "toy"}, {"toy_child_wearable", "yes"}, {"internet_any", "no"}, {"aviation", "no"}},
     "2026-11-22",
     "in",
     "Regulation (EU) 2022/30 art.2"},
    {"no money, EU", "eu-red-3.3f", {}, "2026-11-22", "not_in_scope", "Regulation (EU) 2022/30 art.1(3)"},
    {"a camera, CRA", "eu-cra", {}, "2026-11-22", "in", "Regulation (EU) 2024/2847 art.3"},
    {"a medical device, CRA",
     "eu-cra",
     {{"category", "medical-device"}, {"medical", "yes"}},
     "2026-11-22",
     "excepted",
     "Regulation (EU) 2024/2847 art.2"},
    {"a camera in Singapore", "sg-cls", {}, "2026-11-22", "in", "Scope of CLS(MD)"},
    {"a phone in Singapore",
     "sg-cls",
     {{"category", "phone"}, {"phone", "yes"}},
     "2026-11-22",
     "not_in_scope",
     "Scope of CLS(IoT)"},
    {"a home router in Singapore",
     "sg-router",
     {{"category", "router"}, {"residential_router", "yes"}},
     "2026-11-22",
     "in",
     "IMDA TS RG-SEC"},
    {"a camera is no router", "sg-router", {}, "2026-11-22", "not_in_scope", "IMDA TS RG-SEC"},
};

TEST(Scope, GoldenCases) {
  const auto data = scope_data();
  ASSERT_TRUE(data) << data.error().text();
  for (const Golden& g : kGolden) {
    SCOPED_TRACE(g.name);
    const auto results = scope_of(**data, with(g.changes), {}, day(g.at));
    const auto at = std::find_if(results.begin(), results.end(), [&](const auto& r) { return r.law->id == g.law; });
    ASSERT_NE(at, results.end());
    EXPECT_EQ(at->scope.end, g.end);
    ASSERT_FALSE(at->scope.reasons.empty());
    if (*g.place != '\0') {
      EXPECT_EQ(at->scope.reasons.back().cite, g.place);
    }
    for (const Reason& r : at->scope.reasons) EXPECT_FALSE(r.cite.empty() || r.backing.source.empty());
  }
}

TEST(Scope, Roles) {
  const auto data = scope_data();
  ASSERT_TRUE(data) << data.error().text();
  const struct {
    const char *law, *role, *otherwise, *end;
    std::size_t duties;
  } cases[] = {
      {"uk-psti", "maker", "no", "manufacturer", 10},
      {"uk-psti", "own_brand", "no", "manufacturer", 10},
      {"uk-psti", "importer", "no", "importer", 6},
      {"uk-psti", "distributor", "no", "distributor", 3},
      {"uk-psti", "representative", "no", "authorised_representative", 2},
      {"uk-psti", "installer", "yes", "none", 0},
      {"uk-psti", "installer", "no", "distributor", 3},
      {"uk-psti", "unknown", "no", "unknown", 0},
      {"au-smart", "own_brand", "no", "manufacturer", 5},
      {"au-smart", "distributor", "no", "supplier", 3},
      {"eu-cra", "own_brand", "no", "manufacturer", 8},
      {"sg-cls", "maker", "no", "applicant", 3},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(std::string(c.law) + " " + c.role + " " + c.otherwise);
    const auto results =
        scope_of(**data, with({{"role", c.role}, {"sold_otherwise", c.otherwise}}), {}, day("2026-11-22"));
    for (const auto& r : results)
      if (r.law->id == c.law) {
        EXPECT_EQ(r.role.end, c.end);
        EXPECT_EQ(r.duties.size(), c.duties);
      }
  }
}

// Whatever one does not know: it never takes a product out of a law.
TEST(Scope, WhatIsNotKnownNeverLeavesALaw) {
  const auto data = scope_data();
  ASSERT_TRUE(data) << data.error().text();
  for (const Golden& g : kGolden) {
    const Answers answers = with(g.changes);
    for (const Question& q : (*data)->questions) {
      Answers less = answers;
      less[q.id] = std::string(kUnknown);
      for (const ScopeResult& r : scope_of(**data, less, {}, day(g.at))) {
        if (std::find(r.scope.open.begin(), r.scope.open.end(), q.id) == r.scope.open.end()) continue;
        EXPECT_TRUE(r.scope.end == "in" || r.scope.end == "unknown") << g.name << " " << r.law->id << " " << q.id;
      }
    }
  }
}

TEST(Scope, AsksOnlyWhatMatters) {
  const auto data = scope_data();
  ASSERT_TRUE(data) << data.error().text();
  const auto asked = [&](Answers answers, const Answers& truth, const std::vector<std::string>& markets) {
    std::vector<std::string> out;
    while (const Question* q = next_scope_question(**data, answers, markets, day("2026-11-22"))) {
      out.push_back(q->id);
      const auto at = truth.find(q->id);
      answers[q->id] = at == truth.end() ? std::string(kUnknown) : at->second;
      if (out.size() > 100) break;
    }
    return out;
  };
  const Answers start = {{"category", "camera"}};
  EXPECT_EQ(asked(start, camera(), {"GB"}),
            (std::vector<std::string>{"internet", "uk_part", "consumers", "state_sold", "role"}));
  EXPECT_EQ(asked(start, with({{"internet", "no"}, {"data_link", "no"}}), {"GB"}),
            (std::vector<std::string>{"internet", "data_link"}));
  // Each is asked once, whatever asks it.
  EXPECT_EQ(asked(start, camera(), {"AU", "EU", "GB", "SG"}),
            (std::vector<std::string>{"internet", "consumers", "radio", "personal_data", "toy_child_wearable", "money",
                                      "commercial", "uk_part", "state_sold", "role"}));
  // A laptop is asked about computers, a camera is not.
  const auto laptop = asked({{"category", "computer"}}, with({{"computer_no_cellular", "yes"}}), {"GB"});
  EXPECT_NE(std::find(laptop.begin(), laptop.end(), "under_14"), laptop.end());
}

std::string error_of(const std::string& yaml) {
  const auto data = scope_data();
  const DataFile file("scope/test.yaml");
  const auto tree = parse_yaml(yaml, "test");
  if (!tree) return tree.error().text();
  const auto laws = read_laws(file, *tree, (*data)->questions);
  return laws ? "" : laws.error().text();
}

std::string law(const std::string& nodes) {
  const std::string node = ", cite: s.1, source: [PSTIA], confidence: high, answers: ";
  std::string out =
      "laws:\n- id: x\n  title: X\n  market: GB\n  scheme: uk-psti\n  force: law\n  roles:\n  - {id: r, ask: windsor" +
      node + "{'yes': {end: none, because: a}, 'no': {end: none, because: b}}}\n  nodes:\n";
  std::size_t at = 0;
  while (at < nodes.size()) {
    const std::size_t end = nodes.find('\n', at);
    std::string line = nodes.substr(at, end - at);
    const std::size_t mark = line.find(" | ");
    out += "  - {" + line.substr(0, mark) + node + "{" + line.substr(mark + 3) + "}}\n";
    at = end == std::string::npos ? nodes.size() : end + 1;
  }
  return out;
}

TEST(Scope, TheLoaderRefusesGraphsThatDoNotEnd) {
  const std::string in = "{end: in, because: a}", out = "{end: excepted, because: a}";
  EXPECT_EQ(error_of(law("id: a, ask: internet | 'yes': " + in + ", 'no': " + out)), "");
  EXPECT_NE(error_of(law("id: a, ask: internet | 'yes': {go: a, because: x}, 'no': " + out)).find("comes back"),
            std::string::npos);
  EXPECT_NE(error_of(law("id: a, ask: internet | 'yes': {go: b, because: x}, 'no': " + out +
                         "\nid: b, ask: radio | 'yes': {go: a, because: x}, 'no': " + in))
                .find("comes back"),
            std::string::npos);
  EXPECT_NE(error_of(law("id: a, ask: internet | 'yes': {go: c, because: x}, 'no': " + out)).find("is not there"),
            std::string::npos);
  EXPECT_NE(error_of(law("id: a, ask: internet | 'yes': " + in + ", 'no': " + out +
                         "\nid: b, ask: radio | 'yes': " + in + ", 'no': " + out))
                .find("no way leads to 'b'"),
            std::string::npos);
  EXPECT_NE(error_of(law("id: a, ask: internet | 'yes': " + in)).find("the answer 'no' leads nowhere"),
            std::string::npos);
  EXPECT_NE(error_of(law("id: a, ask: nothing | 'yes': " + in)).find("there is no question"), std::string::npos);
  EXPECT_NE(
      error_of(law("id: a, ask: internet | 'yes': {end: out, because: a}, 'no': " + out)).find("no end is called"),
      std::string::npos);
  EXPECT_NE(error_of(law("id: a, ask: internet | 'yes': " + in + ", 'maybe': " + out)).find("has no answer 'maybe'"),
            std::string::npos);
}

}  // namespace
}  // namespace assay::begin
