#include "parse/lzma.h"

#include <algorithm>
#include <cstring>

namespace assay {
namespace {

constexpr std::uint16_t kHalf = 1024;  // of 2048: a probability not yet learned
constexpr unsigned kShortestMatch = 2;

template <class Array>
void reset(Array& probabilities) {
  if constexpr (std::is_integral_v<Array>) {
    probabilities = kHalf;
  } else {
    for (auto& p : probabilities) reset(p);
  }
}

}  // namespace

std::optional<LzmaProperties> LzmaProperties::from_byte(std::uint8_t byte) {
  if (byte >= 9 * 5 * 5) return std::nullopt;
  return LzmaProperties{byte % 9u, byte / 9u % 5u, byte / 45u};
}

LzmaDecoder::LzmaDecoder(LzmaProperties properties, Bytes in, std::optional<std::uint64_t> size)
    : lc_(properties.lc),
      lp_mask_((1u << properties.lp) - 1),
      pb_mask_((1u << properties.pb) - 1),
      in_(in),
      size_(size),
      literals_(std::size_t{0x300} << (properties.lc + properties.lp), kHalf) {
  reset(is_match_);
  reset(is_rep0_long_);
  reset(is_rep_);
  reset(is_rep_g0_);
  reset(is_rep_g1_);
  reset(is_rep_g2_);
  reset(slot_);
  reset(special_);
  reset(align_);
  for (LengthCoder* coder : {&match_length_, &rep_length_}) {
    coder->choice = coder->choice2 = kHalf;
    reset(coder->low);
    reset(coder->mid);
    reset(coder->high);
  }
}

inline void LzmaDecoder::normalise() {
  if (range_ >= 1u << 24) return;
  range_ <<= 8;
  code_ <<= 8;
  if (at_ < in_.size()) {
    code_ |= in_[at_++];
  } else {
    short_ = true;
  }
}

inline unsigned LzmaDecoder::bit(Probability& probability) {
  normalise();
  const std::uint32_t bound = (range_ >> 11) * probability;
  if (code_ < bound) {
    range_ = bound;
    probability = static_cast<Probability>(probability + ((2048 - probability) >> 5));
    return 0;
  }
  range_ -= bound;
  code_ -= bound;
  probability = static_cast<Probability>(probability - (probability >> 5));
  return 1;
}

template <unsigned kBits>
unsigned LzmaDecoder::tree(Probability* probabilities) {
  unsigned node = 1;
  for (unsigned i = 0; i < kBits; ++i) node = node << 1 | bit(probabilities[node]);
  return node - (1u << kBits);
}

unsigned LzmaDecoder::reverse_tree(Probability* probabilities, unsigned bits) {
  unsigned node = 1;
  unsigned value = 0;
  for (unsigned i = 0; i < bits; ++i) {
    const unsigned b = bit(probabilities[node]);
    node = node << 1 | b;
    value |= b << i;
  }
  return value;
}

unsigned LzmaDecoder::direct(unsigned bits) {
  unsigned value = 0;
  for (; bits > 0; --bits) {
    normalise();
    range_ >>= 1;
    const unsigned b = code_ >= range_;
    if (b) code_ -= range_;
    value = value << 1 | b;
  }
  return value;
}

unsigned LzmaDecoder::length(LengthCoder& coder, unsigned position) {
  if (!bit(coder.choice)) return tree<3>(coder.low[position].data());
  if (!bit(coder.choice2)) return 8 + tree<3>(coder.mid[position].data());
  return 16 + tree<8>(coder.high.data());
}

std::uint8_t LzmaDecoder::literal(const std::uint8_t* base) {
  const unsigned before = done_ > 0 ? base[done_ - 1] : 0u;
  const std::size_t context = ((static_cast<unsigned>(done_) & lp_mask_) << lc_) + (before >> (8 - lc_));
  Probability* p = literals_.data() + context * 0x300;
  unsigned symbol = 1;
  if (state_ >= 7) {
    unsigned match = base[done_ - rep_[0] - 1];
    do {
      const unsigned match_bit = match >> 7 & 1;
      match <<= 1;
      const unsigned b = bit(p[((1 + match_bit) << 8) + symbol]);
      symbol = symbol << 1 | b;
      if (match_bit != b) break;
    } while (symbol < 0x100);
  }
  while (symbol < 0x100) symbol = symbol << 1 | bit(p[symbol]);
  return static_cast<std::uint8_t>(symbol);
}

Result<bool> LzmaDecoder::run(std::uint8_t* base, std::uint64_t room) {
  const auto damaged = [&](const char* what) { return fail_at(Errc::malformed, at_, what); };
  if (ended_) return true;
  if (!started_) {
    if (in_.size() < 5) return fail_at(Errc::truncated, in_.size(), "the LZMA stream ends in its first bytes");
    if (in_[0] != 0) return damaged("the LZMA stream does not begin with a zero byte");
    for (at_ = 1; at_ < 5; ++at_) code_ = code_ << 8 | in_[at_];
    started_ = true;
  }
  for (;;) {
    while (copy_ > 0 && done_ < room) {
      base[done_] = base[done_ - rep_[0] - 1];
      ++done_;
      --copy_;
    }
    if (short_) return fail_at(Errc::truncated, at_, "the LZMA stream ends too early");
    const bool full = size_ && done_ == *size_;
    if (full && copy_ > 0) return damaged("an LZMA match runs over the size that was told");
    if (full) {
      normalise();
      if (code_ == 0) return ended_ = true;
      // Else an end mark must follow.
    } else if (done_ == room) {
      return false;
    }

    const unsigned position = static_cast<unsigned>(done_) & pb_mask_;
    if (!bit(is_match_[state_][position])) {
      if (full) return damaged("the LZMA stream is longer than was told");
      base[done_] = literal(base);
      ++done_;
      state_ = state_ < 4 ? 0 : state_ < 10 ? state_ - 3 : state_ - 6;
      continue;
    }
    std::uint32_t size = 0;
    if (bit(is_rep_[state_])) {
      if (full) return damaged("the LZMA stream is longer than was told");
      if (done_ == 0) return damaged("an LZMA match points before the first byte");
      if (!bit(is_rep_g0_[state_])) {
        if (!bit(is_rep0_long_[state_][position])) {
          state_ = state_ < 7 ? 9 : 11;
          if (rep_[0] >= done_) return damaged("an LZMA match points before the first byte");
          base[done_] = base[done_ - rep_[0] - 1];
          ++done_;
          continue;
        }
      } else {
        std::uint32_t distance = rep_[1];
        if (bit(is_rep_g1_[state_])) {
          distance = rep_[2];
          if (bit(is_rep_g2_[state_])) {
            distance = rep_[3];
            rep_[3] = rep_[2];
          }
          rep_[2] = rep_[1];
        }
        rep_[1] = rep_[0];
        rep_[0] = distance;
      }
      size = length(rep_length_, position);
      state_ = state_ < 7 ? 8 : 11;
    } else {
      rep_[3] = rep_[2];
      rep_[2] = rep_[1];
      rep_[1] = rep_[0];
      size = length(match_length_, position);
      state_ = state_ < 7 ? 7 : 10;
      const unsigned slot = tree<6>(slot_[std::min(size, 3u)].data());
      std::uint32_t distance = slot;
      if (slot >= 4) {
        const unsigned bits = (slot >> 1) - 1;
        distance = (2 | (slot & 1)) << bits;
        if (slot < 14) {
          // special_ holds the trees of slots 4 to 13 one behind the other, as the LZMA SDK lays them out.
          distance += reverse_tree(special_.data() + (distance - slot), bits);
        } else {
          distance += direct(bits - 4) << 4;
          distance += reverse_tree(align_.data(), 4);
        }
      }
      rep_[0] = distance;
      if (distance == 0xffffffff) {
        if (size_ && !full) return damaged("the LZMA stream is shorter than was told");
        normalise();
        if (short_) return fail_at(Errc::truncated, at_, "the LZMA stream ends too early");
        return ended_ = true;
      }
      if (full) return damaged("the LZMA stream is longer than was told");
    }
    if (rep_[0] >= done_) return damaged("an LZMA match points before the first byte");
    copy_ = size + kShortestMatch;
    if (size_ && copy_ > *size_ - done_) return damaged("an LZMA match runs over the size that was told");
  }
}

}  // namespace assay
