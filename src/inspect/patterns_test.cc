#include "inspect/patterns.h"

#include <gtest/gtest.h>

#include "base/data.h"
#include "base/text.h"

using namespace std::string_literals;

namespace assay::inspect {
namespace {

const Patterns& patterns() {
  const Result<Patterns>& p = Patterns::shared();
  EXPECT_TRUE(p.has_value()) << (p ? "" : p.error().text());
  return *p;
}

TEST(Patterns, LiteralIsTheLongestRunOfEveryMatch) {
  EXPECT_EQ(literal_of(R"(BusyBox v(\d+))"), "BusyBox v");
  EXPECT_EQ(literal_of(R"([\x00\n](\d+)[\x00\n]{1,16}Sudo version %s)"), "Sudo version %s");
  EXPECT_EQ(literal_of(R"(SSH-2\.0-dropbear_(\d+))"), "SSH-2.0-dropbear_");
  EXPECT_EQ(literal_of(R"(abcd?efg)"), "abc");
  EXPECT_EQ(literal_of(R"(ab(?:longer)?cd)"), "ab");
  EXPECT_EQ(literal_of(R"(one|two)"), "");
  EXPECT_EQ(literal_of(R"((\d+)\x00name)"), std::string_view("\0name", 5));
}

TEST(Patterns, BuiltInOnesAreMany) {
  EXPECT_GE(patterns().components(), 40u);
  EXPECT_GE(patterns().expressions(), patterns().components());
}

// Every entry of data/components has samples; each says what is found in it, or that nothing is.
TEST(Patterns, SamplesOfTheDataFiles) {
  unsigned positive = 0, negative = 0;
  for (const std::string& name : data::list("components/")) {
    const auto file = data::file(name);
    ASSERT_TRUE(file.has_value()) << file.error().text();
    for (const Node& component : (**file)["components"].items()) {
      const std::string& wanted = component["name"].text();
      bool some = false, none = false;
      for (const Node& sample : component["samples"].items()) {
        const std::string content = std::string(40, '\0') + sample["text"].text() + std::string(40, '\0');
        std::vector<std::string> versions;
        const auto hits = patterns().scan(sample["file"].text(), as_bytes(content));
        ASSERT_TRUE(hits.has_value());
        for (const ComponentHit& hit : *hits)
          if (hit.component->name == wanted) versions.push_back(hit.version);
        const auto where = [&] { return name + ":" + std::to_string(sample.mark().line) + " " + wanted; };
        if (sample.has("version")) {
          EXPECT_EQ(versions, std::vector<std::string>{sample["version"].text()}) << where();
          some = true;
          ++positive;
        } else {
          EXPECT_TRUE(versions.empty()) << where() << " found " << join(versions, ", ");
          none = true;
          ++negative;
        }
      }
      EXPECT_TRUE(some && none) << name << " " << wanted << " needs a sample that is found and one that is not";
    }
  }
  EXPECT_GE(positive, 40u);
  EXPECT_GE(negative, 40u);
}

TEST(Patterns, HitSaysWhere) {
  const std::string content = std::string(1000, 'x') + "\0BusyBox v1.25.1 (x)\0 and again BusyBox v1.25.1"s;
  const auto hits = patterns().scan("busybox", as_bytes(content));
  ASSERT_TRUE(hits.has_value());
  ASSERT_EQ(hits->size(), 1u);
  EXPECT_EQ(hits->front().at, 1001u);
  EXPECT_EQ(hits->front().size, std::string_view("BusyBox v1.25.1").size());
  EXPECT_EQ(cpe_of(*hits->front().component, hits->front().version), "cpe:2.3:a:busybox:busybox:1.25.1:*:*:*:*:*:*:*");
  EXPECT_EQ(purl_of(*hits->front().component, hits->front().version), "pkg:generic/busybox@1.25.1");
}

TEST(Patterns, UpdateOfACpe) {
  const Component c{"openssh", "", "", "cpe:2.3:a:openbsd:openssh:{version}:{update}:*:*:*:*:*:*"};
  EXPECT_EQ(cpe_of(c, "8.0p1"), "cpe:2.3:a:openbsd:openssh:8.0:p1:*:*:*:*:*:*");
  EXPECT_EQ(cpe_of(c, "9.6"), "cpe:2.3:a:openbsd:openssh:9.6:-:*:*:*:*:*:*");
}

TEST(Patterns, RefusesWhatCannotBeSearched) {
  const auto made = [](std::string_view yaml) {
    const auto tree = parse_yaml(yaml, "test");
    EXPECT_TRUE(tree.has_value());
    const std::vector<const Node*> files{&*tree};
    const auto p = Patterns::make(files);
    return p ? std::string() : p.error().text();
  };
  EXPECT_NE(made("components: [{name: x, patterns: [{find: '(\\d+)'}]}]").find("four plain characters"),
            std::string::npos);
  EXPECT_NE(made("components: [{name: x, patterns: [{find: 'name without a group'}]}]").find("one group"),
            std::string::npos);
  EXPECT_NE(made("components: [{patterns: []}]").find("no name"), std::string::npos);
  EXPECT_EQ(made("components: [{name: x, patterns: [{find: 'name v(\\d+)'}]}]"), "");
}

}  // namespace
}  // namespace assay::inspect
