#include "base/node.h"

#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"

namespace assay {
namespace {

TEST(Yaml, TreeWithMarks) {
  const auto n = parse_yaml("a: 1\nb:\n  - x\n  - {c: 'true', d: true}\n", "t.yaml");
  ASSERT_TRUE(n.has_value()) << n.error().text();
  EXPECT_EQ((*n)["a"].integer(), 1);
  EXPECT_EQ((*n)["b"].items().size(), 2u);
  const Node& m = (*n)["b"].items()[1];
  EXPECT_FALSE(m["c"].boolean().has_value());
  EXPECT_EQ(m["d"].boolean(), true);
  EXPECT_EQ(m["d"].mark().line, 4u);
  EXPECT_EQ(m["d"].mark().column, 20u);
}

TEST(Yaml, RefusesWhatHurts) {
  EXPECT_EQ(parse_yaml("a: &x 1\nb: *x\n", "t").error().where, "t:2:4");
  EXPECT_EQ(parse_yaml("a: 1\na: 2\n", "t").error().where, "t:2:1");
  EXPECT_EQ(parse_yaml(std::string(200000, '['), "t").error().code, Errc::limit);
  EXPECT_FALSE(parse_yaml("a: 1\n---\nb: 2\n", "t").has_value());
  EXPECT_FALSE(parse_yaml("a: \xff\n", "t").has_value());
  EXPECT_TRUE(parse_yaml("", "t").has_value());
}

TEST(Json, RoundTripAndErrors) {
  const auto n = parse_json(R"({"a":[1,-2.5e3,"x\u00e9\ud83d\ude00",null,true],"b":{}})", "t");
  ASSERT_TRUE(n.has_value()) << n.error().text();
  EXPECT_EQ(JsonWriter().node(*n).take(), "{\"a\":[1,-2.5e3,\"xé😀\",null,true],\"b\":{}}");
  for (const char* bad : {"", "{", "[1,]", "{\"a\":1,\"a\":2}", "01", "\"\\ud800\"", "nul", "[1] 2", "\"a\nb\""})
    EXPECT_FALSE(parse_json(bad, "t").has_value()) << bad;
  EXPECT_EQ(parse_json(std::string(100000, '['), "t").error().code, Errc::limit);
}

// U+200B, 061C, 2028, 202E, 2060, 2069, FEFF, DEL and a C1 control.
const char* const kHidden[] = {"\xe2\x80\x8b", "\xd8\x9c",     "\xe2\x80\xa8", "\xe2\x80\xae", "\xe2\x81\xa0",
                               "\xe2\x81\xa9", "\xef\xbb\xbf", "\x7f",         "\xc2\x85"};

TEST(Text, HiddenCharactersAreShown) {
  for (const char* h : kHidden) EXPECT_EQ(printable(std::string("a") + h + "b"), "a?b");
  EXPECT_EQ(printable("é – “x” 漢 😀 \xc2\xa0"), "é – “x” 漢 😀 \xc2\xa0");
  EXPECT_EQ(printable("a\nb"), "a?b");
  EXPECT_EQ(replace_hidden("a\nb\tc\x01", "!", "\n\t"), "a\nb\tc!");
}

TEST(Text, CsvCellsAreNoFormulas) {
  EXPECT_EQ(csv_cell("=1+1"), "'=1+1");
  EXPECT_EQ(csv_cell("@x"), "'@x");
  EXPECT_EQ(csv_cell("-1.5"), "-1.5");
  EXPECT_EQ(csv_cell("a,\"b\""), "\"a,\"\"b\"\"\"");
  EXPECT_EQ(csv_cell("x\xe2\x80\xaey\x1b"), "x?y?");
}

TEST(Json, HiddenCharactersAreEscapes) {
  EXPECT_EQ(JsonWriter().value("a\xe2\x80\xae\x7f\xc2\x85\xef\xbb\xbf\xd8\x9cé漢").take(),
            "\"a\\u202e\\u007f\\u0085\\ufeff\\u061cé漢\"");
  for (const char* h : kHidden) {
    const auto back = parse_json(JsonWriter().value(std::string(h)).take(), "t");
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(back->text(), h);
  }
}

TEST(Json, WriterLaysOut) {
  JsonWriter w(2);
  w.object()
      .field("a", 1)
      .key("b")
      .array(true)
      .value("x")
      .value(2)
      .end_array()
      .key("c")
      .array()
      .end_array()
      .end_object();
  EXPECT_EQ(w.take(), "{\n  \"a\": 1,\n  \"b\": [\"x\",2],\n  \"c\": []\n}");
}

TEST(Dates, ParseAndDistance) {
  EXPECT_EQ(Date::parse("2030-13-31").error().what, "there is no month 13");
  EXPECT_FALSE(Date::parse("2026-02-29").has_value());
  EXPECT_EQ((Date{2026, 11, 22}).plus_days(40).iso(), "2027-01-01");
  EXPECT_EQ((Date{2024, 1, 31}).plus_months(1).iso(), "2024-02-29");
  EXPECT_EQ(distance({2026, 11, 22}, {2030, 1, 31}), "in 3 years 2 months");
  EXPECT_EQ(distance({2026, 11, 22}, {2026, 6, 30}), "4 months ago");
  EXPECT_EQ(PartialDate::parse("2026-02")->last.iso(), "2026-02-28");
}

TEST(Digest, KnownAnswers) {
  EXPECT_EQ(sha256_hex(as_bytes("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(crc32(as_bytes("123456789")), 0xcbf43926u);
  EXPECT_EQ(crc32(as_bytes("56789"), crc32(as_bytes("1234"))), 0xcbf43926u);
}

TEST(SafePath, StaysInside) {
  EXPECT_EQ(*safe_path("/etc//./shadow"), "etc/shadow");
  EXPECT_EQ(*safe_path("a/../b"), "b");
  EXPECT_FALSE(safe_path("../x").has_value());
  EXPECT_FALSE(safe_path("a/../../x").has_value());
  EXPECT_FALSE(safe_path(std::string_view("a\0b", 3)).has_value());
}

TEST(Text, NaturalOrderAndNearest) {
  EXPECT_TRUE(natural_less("5.3-2", "5.3-10"));
  EXPECT_TRUE(natural_less("5.3-4", "5.3-4A"));
  EXPECT_FALSE(natural_less("5.3-4A", "5.3-4"));
  EXPECT_EQ(nearest("factr", {"factor", "origin"}), "factor");
  EXPECT_EQ(grouped(15204352), "15 204 352");
}

}  // namespace
}  // namespace assay
