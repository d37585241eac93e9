#include "parse/lzma.h"

#include <gtest/gtest.h>

#include <random>

namespace assay {
namespace {

// An encoder for the tests: literals, and repeats of the last distance. liblzma writes no lc + lp > 4.
class Encoder {
 public:
  explicit Encoder(LzmaProperties p) : p_(p), literals_(std::size_t{0x300} << (p.lc + p.lp), 1024) {
    is_match_.fill(1024);
    is_rep_.fill(1024);
    g0_.fill(1024);
    rep0_long_.fill(1024);
    slot_.fill(1024);
    length_.fill(1024);
  }
  std::string encode(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
      const std::size_t pos = i & ((1u << p_.pb) - 1);
      // A short repeat where the byte before the last distance fits: distance 1, once something was matched.
      if (matched_ && i > 0 && text[i] == text[i - 1]) {
        bit(is_match_[state_ * 16 + pos], 1);
        bit(is_rep_[state_], 1);
        bit(g0_[state_], 0);
        bit(rep0_long_[state_ * 16 + pos], 0);
        state_ = state_ < 7 ? 9 : 11;
        ++i;
        continue;
      }
      std::size_t run = 0;
      while (i > 0 && i + run < text.size() && text[i + run] == text[i - 1] && run < 9) ++run;
      if (run >= 2) {  // a match of distance 1, of 2 to 9 bytes
        bit(is_match_[state_ * 16 + pos], 1);
        bit(is_rep_[state_], 0);
        bit(length_[0], 0);
        tree(length_.data() + 2 + pos * 8, 3, static_cast<unsigned>(run - 2));
        tree(slot_.data() + 64 * std::min<std::size_t>(run - 2, 3), 6, 0);
        state_ = state_ < 7 ? 7 : 10;
        matched_ = true;
        i += run;
        continue;
      }
      bit(is_match_[state_ * 16 + pos], 0);
      literal(text, i);
      state_ = state_ < 4 ? 0 : state_ < 10 ? state_ - 3 : state_ - 6;
      ++i;
    }
    for (int i = 0; i < 5; ++i) shift();
    return out_;
  }

 private:
  using P = std::uint16_t;
  void literal(std::string_view text, std::size_t i) {
    const unsigned before = i > 0 ? static_cast<std::uint8_t>(text[i - 1]) : 0u;
    P* p = literals_.data() + 0x300 * (((i & ((1u << p_.lp) - 1)) << p_.lc) + (before >> (8 - p_.lc)));
    const unsigned byte = static_cast<std::uint8_t>(text[i]);
    unsigned symbol = 1;
    bool same = state_ >= 7;
    const unsigned match = i > 0 ? before : 0;  // the distance is always 1
    for (int k = 7; k >= 0; --k) {
      const unsigned b = byte >> k & 1;
      const unsigned m = match >> k & 1;
      bit(same ? p[((1 + m) << 8) + symbol] : p[symbol], b);
      if (m != b) same = false;
      symbol = symbol << 1 | b;
    }
  }
  void tree(P* p, int bits, unsigned value) {
    unsigned node = 1;
    for (int k = bits - 1; k >= 0; --k) {
      bit(p[node], value >> k & 1);
      node = node << 1 | (value >> k & 1);
    }
  }
  void bit(P& p, unsigned b) {
    const std::uint32_t bound = (range_ >> 11) * p;
    if (b == 0) {
      range_ = bound;
      p = static_cast<P>(p + ((2048 - p) >> 5));
    } else {
      low_ += bound;
      range_ -= bound;
      p = static_cast<P>(p - (p >> 5));
    }
    while (range_ < 1u << 24) {
      range_ <<= 8;
      shift();
    }
  }
  void shift() {
    if (low_ < 0xff000000u || low_ > 0xffffffffu) {
      std::uint8_t carry = static_cast<std::uint8_t>(low_ >> 32);
      std::uint8_t byte = cache_;
      do {
        out_ += static_cast<char>(byte + carry);
        byte = 0xff;
      } while (--pending_ != 0);
      cache_ = static_cast<std::uint8_t>(low_ >> 24);
    }
    ++pending_;
    low_ = (low_ & 0x00ffffff) << 8;
  }

  LzmaProperties p_;
  std::vector<P> literals_;
  std::array<P, 12 * 16> is_match_, rep0_long_;
  std::array<P, 12> is_rep_, g0_;
  std::array<P, 256> slot_;
  std::array<P, 512> length_;
  unsigned state_ = 0;
  bool matched_ = false;
  std::uint64_t low_ = 0, pending_ = 1;
  std::uint32_t range_ = 0xffffffff;
  std::uint8_t cache_ = 0;
  std::string out_;
};

std::string text_of(std::size_t size) {
  std::mt19937 random(7);
  std::string out;
  while (out.size() < size) out.append(random() % 9 + 1, static_cast<char>("abcdefgh\x80\xff"[random() % 10]));
  out.resize(size);
  return out;
}

TEST(Lzma, PropertiesOfAByte) {
  const auto p = LzmaProperties::from_byte(0x6d);
  ASSERT_TRUE(p);
  EXPECT_EQ(p->lc, 1u);
  EXPECT_EQ(p->lp, 2u);
  EXPECT_EQ(p->pb, 2u);
  EXPECT_FALSE(LzmaProperties::from_byte(225));
}

TEST(Lzma, AnyProperties) {
  const std::string text = text_of(5000);
  for (int byte = 0; byte < 225; ++byte) {
    const auto properties = *LzmaProperties::from_byte(static_cast<std::uint8_t>(byte));
    const std::string packed = Encoder(properties).encode(text);
    LzmaDecoder decoder(properties, as_bytes(packed), text.size());
    std::vector<std::uint8_t> out(text.size());
    // In steps, as a growing buffer gives room.
    bool ended = false;
    for (std::size_t room = 1; !ended; room = std::min(room * 3, out.size())) {
      const auto more = decoder.run(out.data(), room);
      ASSERT_TRUE(more) << byte << ": " << more.error().text();
      ended = *more;
    }
    ASSERT_EQ(as_text(out), text) << byte;
    ASSERT_EQ(decoder.taken(), packed.size()) << byte;
  }
}

TEST(Lzma, TruncatedAndDamaged) {
  const std::string text = text_of(600);
  const LzmaProperties properties{8, 4, 2};
  const std::string packed = Encoder(properties).encode(text);
  std::vector<std::uint8_t> out(text.size());
  for (std::size_t n = 0; n + 1 < packed.size(); ++n) {
    LzmaDecoder decoder(properties, as_bytes(std::string_view(packed).substr(0, n)), text.size());
    const auto ended = decoder.run(out.data(), out.size());
    ASSERT_TRUE(!ended || as_text(out) == text) << n;
  }
  std::mt19937 random(3);
  std::string bad = packed;
  for (int i = 0; i < 20'000; ++i) {
    const std::size_t at = random() % bad.size();
    const char old = std::exchange(bad[at], static_cast<char>(random()));
    LzmaDecoder decoder(LzmaProperties{3, 0, 2}, as_bytes(bad),
                        i % 2 == 0 ? std::optional<std::uint64_t>(text.size()) : std::nullopt);
    const auto ended = decoder.run(out.data(), out.size());
    ASSERT_LE(decoder.done(), out.size());
    ASSERT_LE(decoder.taken(), bad.size());
    (void)ended;
    bad[at] = old;
  }
}

}  // namespace
}  // namespace assay
