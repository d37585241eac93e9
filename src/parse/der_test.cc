#include "parse/der.h"

#include <gtest/gtest.h>

#include <random>

namespace assay::parse {
namespace {

// SEQUENCE { INTEGER 5, OCTET STRING of 130 bytes }
std::string sample() {
  std::string inner = std::string("\x02\x01\x05\x04\x81\x82", 6) + std::string(130, 'x');
  return std::string("\x30\x81", 2) + static_cast<char>(inner.size()) + inner;
}

Result<std::size_t> walk(Bytes bytes) {
  DerReader file(bytes);
  const Der whole = ASSAY_TRY(file.next(kDerSequence, "the sample"));
  DerReader in(whole.body);
  std::size_t count = 0;
  while (!in.done()) {
    ASSAY_TRY(in.next());
    ++count;
  }
  return count;
}

TEST(Der, WalksElements) {
  const std::string der = sample();
  EXPECT_EQ(*walk(as_bytes(der)), 2u);
  DerReader in(as_bytes(der).subspan(3));
  EXPECT_TRUE(in.is(kDerInteger));
  const Result<Der> number = in.next(kDerInteger, "a number");
  ASSERT_TRUE(number.has_value());
  EXPECT_EQ(number->body.size(), 1u);
  EXPECT_EQ(number->whole.size(), 3u);
  EXPECT_FALSE(in.next(kDerInteger, "another").has_value());
}

TEST(Der, RefusesWhatDoesNotFit) {
  const std::string der = sample();
  for (std::size_t size = 0; size < der.size(); ++size)
    EXPECT_FALSE(walk(as_bytes(der.substr(0, size))).has_value()) << size;
  EXPECT_FALSE(walk(as_bytes(std::string_view("\x30\x80\0\0", 4))).has_value());        // indefinite
  EXPECT_FALSE(walk(as_bytes(std::string_view("\x30\x85\1\0\0\0\0", 7))).has_value());  // five octets of length
  EXPECT_FALSE(walk(as_bytes(std::string_view("\x30\x84\xff\xff\xff\xff", 6))).has_value());
  EXPECT_FALSE(walk(as_bytes(std::string_view("\x30\x03\x1f\x01\x00", 5))).has_value());  // a tag above 30
}

TEST(Der, ChangesNeverReadOutside) {
  const std::string der = sample();
  std::mt19937 random(4);
  std::size_t read = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string changed = der;
    changed[random() % 12] = static_cast<char>(random());
    read += walk(as_bytes(changed)).has_value();
  }
  EXPECT_GT(read, 100u);
}

TEST(Der, Bits) {
  EXPECT_EQ(der_bits({}), 0u);
  const std::uint8_t number[] = {0, 0x80, 0, 1}, small[] = {1};
  EXPECT_EQ(der_bits(number), 24u);
  EXPECT_EQ(der_bits(small), 1u);
}

}  // namespace
}  // namespace assay::parse
