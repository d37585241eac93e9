#include "crosswalk/exchange.h"

#include <algorithm>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "base/node.h"

namespace assay::crosswalk {
namespace {

const Crosswalk& all() { return **load(); }
const Release kRelease{"2026.11.22", "2026-11-22"};

TEST(Exchange, TokensAreUniqueAndPlain) {
  std::set<std::string> tokens;
  for (const Standard& s : all().standards)
    for (const Item& i : s.items) {
      const std::string t = token(i.id);
      EXPECT_TRUE(tokens.insert(t).second) << t;
      for (const char c : t) EXPECT_TRUE(std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '-') << t;
      EXPECT_TRUE(std::isalpha(static_cast<unsigned char>(t[0]))) << t;
    }
  EXPECT_EQ(token("eu-cra:I.1(2)(a)"), "eu-cra-I.1.2.a");
}

// What goes out comes in again as it was, in both formats.
TEST(Exchange, OutAndInGivesTheSameRelations) {
  for (const bool csv : {true, false}) {
    for (const Standard& s : all().standards) {
      const auto text = csv ? olir_csv(all(), s.id, "") : oscal_mapping(all(), s.id, "", kRelease);
      ASSERT_TRUE(text) << s.id;
      const auto in = import_mapping(all(), *text, "", "");
      ASSERT_TRUE(in) << in.error().text();
      EXPECT_EQ(in->unknown_count, 0u) << (in->unknown.empty() ? "" : in->unknown.front());
      std::size_t links = 0;
      for (const Link& l : all().links) {
        if (l.whole || (standard_of(l.from.front()) != s.id && standard_of(l.to) != s.id)) continue;
        ++links;
        const auto found = std::find_if(in->claims.begin(), in->claims.end(),
                                        [&](const Claim& c) { return c.from == l.from && c.to == l.to; });
        ASSERT_NE(found, in->claims.end()) << l.where;
        EXPECT_EQ(found->relation, l.relation) << l.where;
      }
      EXPECT_EQ(in->claims.size(), links);
    }
  }
}

TEST(Exchange, WritesTheSameBytesForTheSameData) {
  EXPECT_EQ(*oscal_mapping(all(), "nistir8425", "", kRelease), *oscal_mapping(all(), "nistir8425", "", kRelease));
  const std::string catalog = oscal_catalog(*all().standard("eu-cra"), kRelease);
  const auto node = parse_json(catalog, "catalog");
  ASSERT_TRUE(node);
  const Node& c = (*node)["catalog"];
  EXPECT_EQ(c["controls"].items().size(), 42u);
  EXPECT_EQ(c["uuid"].text().size(), 36u);
  EXPECT_EQ(c["uuid"].text()[14], '5');
  EXPECT_FALSE(oscal_mapping(all(), "au-cop", "nistir8425", kRelease));
}

TEST(Exchange, ReadsRowsAsOthersWriteThem) {
  const std::string csv =
      "\xef\xbb\xbfTitle,My mapping\r\n\r\n"
      "Focal Document Element,Relationship,Reference Document Element,Comments,Group Identifier\r\n"
      "5.1-1,Subset of,IAC.1,\"a, \"\"quoted\"\"\nnote\",\r\n"
      "5.3-8,no relationship,SU.2,,\r\n"
      "5.3-9,equal,AI.99,,\r\n"
      "5.3-9,near,SU.1,,\r\n"
      "5.1-1,subset-of,IAC.1,,\r\n"
      "5.3-1,intersects with,SU.1,,g1\r\n"
      "5.3-2,intersects with,SU.1,,g1\r\n";
  const auto in = import_mapping(all(), csv, "en303645:3.1.3", "nistir8425");
  ASSERT_TRUE(in) << in.error().text();
  ASSERT_EQ(in->claims.size(), 3u);
  EXPECT_EQ(in->claims[0].from, std::vector<std::string>{"en303645:3.1.3:5.1-1"});
  EXPECT_EQ(in->claims[0].to, "nistir8425:IAC.1");
  EXPECT_EQ(in->claims[0].relation, Relation::covered_by);
  EXPECT_EQ(in->claims[0].place, 4u);
  EXPECT_FALSE(in->claims[1].relation);
  EXPECT_EQ(in->claims[2].from.size(), 2u);
  EXPECT_EQ(in->unknown_count, 3u);  // an id, a word, a pair that stands twice
}

std::string error_of(std::string_view text) {
  const auto in = import_mapping(all(), text, "", "");
  return in ? "no error" : in.error().text();
}

TEST(Exchange, RefusesBrokenFiles) {
  const std::string head = "Focal Document Element,Relationship,Reference Document Element\n";
  EXPECT_NE(error_of("").find("the file is empty"), std::string::npos);
  EXPECT_NE(error_of("a,b\nc,d\n").find("no row has the columns"), std::string::npos);
  EXPECT_EQ(error_of(head), "no error");
  EXPECT_NE(error_of(head + "\"5.1-1,equal,IAC.1\n").find("line 2: a quoted field does not end"), std::string::npos);
  EXPECT_NE(error_of(head + "\"5.1-1\"x,equal,IAC.1\n").find("line 2: text behind a quoted field"), std::string::npos);
  EXPECT_NE(error_of(head + "5.1\"-1,equal,IAC.1\n").find("line 2: a quote inside"), std::string::npos);
  EXPECT_NE(error_of(head + "\xff\xfe,equal,IAC.1\n").find("line 2: a field that is not UTF-8"), std::string::npos);
  EXPECT_NE(error_of(head + std::string(40'000, 'x') + ",equal,y\n").find("too long"), std::string::npos);
  EXPECT_NE(error_of(head + std::string(100, ',') + "\n").find("more than 64 fields"), std::string::npos);
  std::string many = head;
  for (int i = 0; i < 50'001; ++i) many += "a,b,c\n";
  EXPECT_NE(error_of(many).find("more than 50000 rows"), std::string::npos);
  EXPECT_NE(error_of(std::string((16u << 20) + 1, 'x')).find("larger than"), std::string::npos);
  EXPECT_NE(error_of("{").find("mapping"), std::string::npos);
  EXPECT_NE(error_of("{}").find("no mapping-collection"), std::string::npos);
  EXPECT_NE(error_of(R"({"mapping-collection": {"mappings": []}})").find("no mappings"), std::string::npos);
  EXPECT_NE(error_of(R"({"mapping-collection": 1, "mapping-collection": 2})").find("mapping"), std::string::npos);
  EXPECT_NE(error_of(std::string(100'000, '[')).find("too long"), std::string::npos);  // no JSON object: read as CSV
  EXPECT_NE(error_of("{\"a\":" + std::string(100'000, '[')).find("mapping"), std::string::npos);
}

// Where a good file is cut or altered, there is an answer or an error, and the answer holds our ids only.
TEST(Exchange, AnswersEveryAlteredFile) {
  std::mt19937 random(4);
  for (const std::string& good : {*olir_csv(all(), "au-smart", ""), *oscal_mapping(all(), "au-smart", "", kRelease)})
    for (int round = 0; round < 1500; ++round) {
      std::string text = good.substr(0, random() % 3 == 0 ? random() % good.size() : good.size());
      for (std::size_t k = random() % 4; k > 0 && !text.empty(); --k)
        text[random() % text.size()] = static_cast<char>(random());
      const auto in = import_mapping(all(), text, "", "");
      if (!in) {
        EXPECT_FALSE(in.error().what.empty());
        continue;
      }
      for (const Claim& c : in->claims) {
        ASSERT_NE(all().item(c.to), nullptr);
        for (const std::string& f : c.from) ASSERT_NE(all().item(f), nullptr);
      }
    }
}

}  // namespace
}  // namespace assay::crosswalk
