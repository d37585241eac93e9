#include "parse/pem.h"

#include <gtest/gtest.h>

#include <random>

namespace assay::parse {
namespace {

std::vector<PemBlock> blocks(const std::string& text) {
  std::vector<PemBlock> out;
  each_pem(as_bytes(text), [&](const PemBlock& b) { out.push_back(b); });
  return out;
}

TEST(Pem, FindsBlocksWhereverTheyStand) {
  const std::string one = "-----BEGIN CERTIFICATE-----\naGVs\nbG8=\n-----END CERTIFICATE-----";
  const std::string all =
      "text before\n" + one + "\nbetween\n" + one + std::string("\0", 1);  // the blocks are views into it
  const auto found = blocks(all);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].at, 12u);
  EXPECT_EQ(found[0].size, one.size());
  EXPECT_EQ(found[0].label, "CERTIFICATE");
  EXPECT_EQ(std::string(found[0].der.begin(), found[0].der.end()), "hello");
  EXPECT_EQ(found[0].body_at, 12u + 27);
  EXPECT_FALSE(found[0].encrypted);
}

TEST(Pem, ReadsHeadersOfEncryptedKeys) {
  const std::string text =
      "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\naGVsbG8=\n-----END RSA "
      "PRIVATE KEY-----\n";
  const auto found = blocks(text);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_TRUE(found[0].encrypted);
  EXPECT_EQ(found[0].der.size(), 5u);
}

TEST(Pem, PassesOverWhatIsNoBlock) {
  EXPECT_TRUE(blocks("-----BEGIN CERTIFICATE-----\naGVsbG8=\n").empty());
  EXPECT_TRUE(blocks("-----BEGIN A-----\naGVsbG8=\n-----END B-----\n").empty());
  EXPECT_TRUE(blocks("-----BEGIN ----------END -----").empty());
  EXPECT_EQ(blocks("-----BEGIN A-----\n-----BEGIN B-----\naGVsbG8=\n-----END B-----\n").size(), 1u);
}

TEST(Pem, TruncationsAndChanges) {
  const std::string good =
      "x -----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\naGVsbG8gaGVsbG8=\n-----END RSA PRIVATE KEY-----";
  for (std::size_t size = 0; size < good.size(); ++size) EXPECT_TRUE(blocks(good.substr(0, size)).empty()) << size;
  std::mt19937 random(2);
  std::size_t found = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string changed = good;
    changed[random() % changed.size()] = static_cast<char>(random());
    for (const PemBlock& b : blocks(changed)) {
      ASSERT_LE(b.at + b.size, changed.size());
      ASSERT_LE(b.body_at + b.body_size, b.at + b.size);
      ++found;
    }
  }
  EXPECT_GT(found, 5000u);
}

TEST(Pem, ManyBeginningsCostNoMoreThanTheFile) {
  std::string many;
  for (int i = 0; i < 200000; ++i) many += "-----BEGIN RSA PRIVATE KEY-----";
  many += std::string(1 << 20, 'A');
  EXPECT_TRUE(blocks(many).empty());
}

TEST(Pem, Base64) {
  EXPECT_EQ(base64("aGVsbG8=").size(), 5u);
  EXPECT_EQ(base64("aGVs bG8").size(), 5u);
  EXPECT_EQ(base64("aGVs\\nbG8=").size(), 5u);  // C text with its \n written out
  EXPECT_TRUE(base64("aGVs*bG8=").empty());
  EXPECT_TRUE(base64("a").empty());
  EXPECT_TRUE(base64("aG==Vs").empty());
}

}  // namespace
}  // namespace assay::parse
