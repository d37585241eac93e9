#include "judge/scope.h"

#include <gtest/gtest.h>

namespace assay::judge {
namespace {

bool holds(std::string_view where, std::string_view scope, std::optional<std::string_view> entry = std::nullopt,
           std::string_view source = "probe", std::string_view table = "listener") {
  const auto condition = ScopeCondition::parse(where, source, table);
  EXPECT_TRUE(condition.has_value()) << (condition ? "" : condition.error().text());
  const auto tree = parse_json(scope, "scope");
  EXPECT_TRUE(tree.has_value());
  return condition && tree && condition->holds(*tree, entry, "1.1.1");
}
std::string refused(std::string_view where, std::string_view source = "probe", std::string_view table = "listener") {
  const auto condition = ScopeCondition::parse(where, source, table);
  return condition ? "" : condition.error().text();
}

TEST(Scope, Compares) {
  constexpr std::string_view kTcp = R"({"proto": "tcp", "ports": "1-65535", "state": "initialised", "devices": 12})";
  EXPECT_TRUE(holds("", "{}"));
  EXPECT_TRUE(holds("scope->>'proto'='tcp' AND scope->>'ports'='1-65535' AND scope->>'state'='initialised'", kTcp));
  EXPECT_FALSE(holds("scope->>'proto'='udp'", kTcp));
  EXPECT_TRUE(holds("scope->>'devices' >= 10", kTcp));
  EXPECT_FALSE(holds("scope->>'devices' > 12", kTcp));
  EXPECT_TRUE(holds("scope->>'proto' IN ('udp', 'tcp')", kTcp));
  EXPECT_TRUE(holds("(scope->>'proto'='udp' OR scope->>'devices' = 12) AND NOT scope->>'state'='factory'", kTcp));
  EXPECT_TRUE(holds("scope->>'state' IS NOT 'factory'", kTcp));
  EXPECT_TRUE(holds("scope->>'port' IS NULL", kTcp));
}

TEST(Scope, WhatIsNotSaidOrOfAnotherTypeSatisfiesNothing) {
  EXPECT_FALSE(holds("scope->>'proto'='tcp'", "{}"));
  EXPECT_FALSE(holds("scope->>'proto'<>'udp'", "{}"));
  EXPECT_FALSE(holds("scope->>'proto' IS NOT 'udp'", "{}"));
  EXPECT_FALSE(holds("NOT scope->>'proto'='udp'", "{}"));
  // Text where a number belongs: in SQL any text is larger than any number.
  EXPECT_FALSE(holds("scope->>'devices' >= 10", R"({"devices": "many"})"));
  EXPECT_FALSE(holds("scope->>'devices' >= 10", R"({"devices": "12"})"));
  EXPECT_FALSE(holds("scope->>'devices' >= 10", R"({"devices": null})"));
  EXPECT_FALSE(holds("scope->>'proto' <> 'udp'", R"({"proto": "sctp"})"));
  EXPECT_FALSE(holds("scope->>'proto' = 'tcp'", R"({"proto": {"x": 1}})"));
}

TEST(Scope, Entry) {
  EXPECT_TRUE(holds("scope->>'entry' = :entry", R"({"entry": "auth-1"})", "auth-1"));
  EXPECT_FALSE(holds("scope->>'entry' = :entry", R"({"entry": "auth-1"})", "auth-2"));
  EXPECT_FALSE(holds("scope->>'entry' = :entry", "{}", "auth-1"));
  EXPECT_TRUE(holds("scope->>'entry' = :entry", "{}"));  // no entry: nothing to look at by itself
  EXPECT_TRUE(ScopeCondition::parse("scope->>'entry' = :entry", "probe", "listener")->uses_entry());
  EXPECT_FALSE(ScopeCondition::parse("scope->>'proto' = 'tcp'", "probe", "listener")->uses_entry());
}

TEST(Scope, RefusesWhatCannotBe) {
  EXPECT_NE(refused("scope->>'protocol'='tcp'").find("no key `protocol`"), std::string::npos);
  EXPECT_NE(refused("scope->>'proto'='sctp'").find("never `sctp`"), std::string::npos);
  EXPECT_NE(refused("scope->>'devices' >= '10'").find("is a number"), std::string::npos);
  EXPECT_NE(refused("scope->>'proto' = 6").find("is no number"), std::string::npos);
  EXPECT_NE(refused("scope->>'proto' > 'tcp'").find("no order"), std::string::npos);
  EXPECT_NE(refused("scope->>'sweep' = 'radio'").find("no key"), std::string::npos);
  EXPECT_EQ(refused("scope->>'sweep' = 'radio'", "person", "discovery"), "");
  for (const std::string_view bad :
       {"1", "scope", "scope->>'proto'", "scope->>'proto' =", "scope->>'proto'='tcp' AND", "(scope->>'proto'='tcp'",
        "scope->>'proto'='tcp') OR (1", "scope->>'proto'='tcp' -- x\n OR", "scope->>'proto' = 'tcp",
        "scope->>'proto' IN ()", "complete = 0"})
    EXPECT_NE(refused(bad), "") << bad;
  EXPECT_NE(refused(std::string(2000, '(')), "");
}

}  // namespace
}  // namespace assay::judge
