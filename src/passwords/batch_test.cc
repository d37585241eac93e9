// Reading batches: every way in which makers' spreadsheets write them, what is refused, and that no message tells a
// password.
#include "passwords/batch.h"

#include <gtest/gtest.h>

#include "passwords/forms.h"

namespace assay::passwords {
namespace {

constexpr std::string_view kGood =
    "\xef\xbb\xbf"
    "S/N;MAC Address;\"Wi-Fi \"\"key\"\"\";Colour;Admin PIN\r\n"
    "A1;00-22-AA-00-00-01;\"hun;ter\"\"2\";red;7777\r\n"
    "\r\n"
    "A2;0022.aa00.0002;\"two\nlines\";;8888\r\n"
    "A3;not a mac;;blue;9999\r\n"
    "A4;;plain;blue;1234";

TEST(Batch, ReadsWhatSpreadsheetsWrite) {
  const auto b = read_batch(kGood, "good.csv");
  ASSERT_TRUE(b) << b.error().text();
  EXPECT_EQ(b->password_column, "Wi-Fi \"key\"");
  ASSERT_EQ(b->columns.size(), 3u);
  EXPECT_EQ(b->columns[0].kind, Kind::serial);
  EXPECT_EQ(b->columns[1].kind, Kind::mac);
  EXPECT_EQ(b->columns[2].kind, Kind::other);
  EXPECT_EQ(b->columns[2].title, "Colour");
  EXPECT_EQ(b->unused, std::vector<std::string>{"Admin PIN"});
  ASSERT_EQ(b->units.size(), 3u);
  EXPECT_EQ(b->units[0].password, "hun;ter\"2");
  EXPECT_EQ(b->units[1].password, "two\nlines");
  EXPECT_EQ(b->units[1].line, 4u);
  EXPECT_EQ(b->units[2].line, 7u);
  EXPECT_EQ(b->empty, std::vector<std::uint32_t>{6});
  EXPECT_EQ(base_of(*b, b->units[1], 1), "0022aa000002");
  const auto pin = read_batch(kGood, "good.csv", "Admin PIN");
  ASSERT_TRUE(pin);
  EXPECT_EQ(pin->units.size(), 4u);
  EXPECT_EQ(pin->columns.size(), 3u);  // the key is no identifier either
}

TEST(Batch, EveryTruncationIsReadOrRefusedWithoutTellingAPassword) {
  for (std::size_t n = 0; n < kGood.size(); ++n) {
    const auto b = read_batch(kGood.substr(0, n), "cut.csv");
    if (b) continue;
    EXPECT_NE(b.error().where.find("cut.csv:"), std::string::npos);
    for (const char* secret : {"hun;ter", "two\nlines", "7777"})
      EXPECT_EQ((b.error().text() + b.error().hint).find(secret), std::string::npos) << n;
  }
}

TEST(Batch, Refuses) {
  const auto why = [](const std::string& text) {
    const auto b = read_batch(text, "x.csv");
    return b ? std::string("read") : b.error().where + " " + b.error().what;
  };
  EXPECT_EQ(why(""), "x.csv:1 the file is empty");
  EXPECT_EQ(why("a,b\n1,2\n"), "x.csv:1 no column looks like a password");
  EXPECT_EQ(why("sn,pin\n1,2\n3,4,5\n"), "x.csv:3 the line has 3 cells, the first line has 2");
  EXPECT_EQ(why("sn,pin\n1,\"2\n3,4\n"), "x.csv:2 a quotation mark of this line is never closed");
  EXPECT_EQ(why("sn,pin\n1,2\n"), "x.csv:2 there is one unit with a password; a batch has at least two");
  EXPECT_EQ(why(std::string("sn,pin\n1,\0\n", 11)), "x.csv:2 a zero byte stands here; this is no CSV text");
  EXPECT_EQ(why("sn,pin\n1," + std::string(300, 'x') + "\n"), "x.csv:2 a cell has more than 256 bytes");
  EXPECT_EQ(why("sn,pin\n1," + std::string(200, 'x') + "\n"), "x.csv:2 the password has more than 128 bytes");
  EXPECT_EQ(why(std::string(40, ',') + "pin\n"), "x.csv:1 more than 32 columns");
  EXPECT_EQ(why("\xff\xfes"), "x.csv:1 the file is in UTF-16");
  std::string many = "pin\n";
  for (std::size_t i = 0; i <= kMostUnits; ++i) many += "1234\n";
  EXPECT_EQ(why(many), "x.csv:100002 more than 100000 units");
}

TEST(Batch, TakesPasswordsAlone) {
  const auto b = read_batch("passphrase\nabc\ndef\n", "x.csv");
  ASSERT_TRUE(b) << b.error().text();
  EXPECT_TRUE(b->columns.empty());
  EXPECT_EQ(b->label(b->units[1]), "line 3");
}

TEST(Forms, WriteWhatTheySay) {
  const auto b =
      read_batch("sn,mac,date,pw\nAB-0091,0022AA0000FF,2026-01-01,x\nAB-0092,0022AA000100,31.12.2025,y\n", "x.csv");
  ASSERT_TRUE(b);
  const auto made = [&](std::uint16_t column, std::vector<Step> steps, std::size_t unit = 0) {
    return apply(Form{column, 1, std::move(steps)}, *b, b->units[unit]).value_or("-");
  };
  EXPECT_EQ(made(1, {{Op::plus, 1}}), "0022aa000100");
  EXPECT_EQ(made(1, {{Op::plus, -1}}, 1), "0022aa0000ff");
  EXPECT_EQ(made(1, {{Op::swap_bytes, 0}}), "ff0000aa2200");
  EXPECT_EQ(made(1, {{Op::upper, 0}, {Op::colons, 0}}), "00:22:AA:00:00:FF");
  EXPECT_EQ(made(1, {{Op::raw, 0}}), std::string("\x00\x22\xaa\x00\x00\xff", 6));
  EXPECT_EQ(made(1, {{Op::tail, 6}, {Op::decimal, 0}}), "255");
  EXPECT_EQ(made(0, {{Op::plain, 0}}), "AB0091");
  EXPECT_EQ(made(0, {{Op::digits, 0}, {Op::no_zeros, 0}}), "91");
  EXPECT_EQ(made(0, {{Op::plus, 1}}), "AB-0092");
  EXPECT_EQ(made(0, {{Op::head, 9}}), "-");
  EXPECT_EQ(made(2, {{Op::dated, 1}}), "260101");
  EXPECT_EQ(made(2, {{Op::dated, 3}}, 1), "311225");
  EXPECT_EQ(made(2, {{Op::dated, 12}}), "2601");     // 1 January 2026 lies in week 1
  EXPECT_EQ(made(2, {{Op::dated, 12}}, 1), "2601");  // and so does the day before
  EXPECT_EQ(made(2, {{Op::dated, 16}}), "1767225600");
}

}  // namespace
}  // namespace assay::passwords
