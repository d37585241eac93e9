// LzmaDecoder: raw LZMA with any properties (lc up to 8, lp and pb up to 4). liblzma refuses lc + lp > 4, which some
// makers of firmware use; where it accepts the properties it is faster and to be preferred.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace assay {

struct LzmaProperties {
  unsigned lc = 3;
  unsigned lp = 0;
  unsigned pb = 2;
  // From the byte in a header; nullopt: 225 and more mean nothing.
  static std::optional<LzmaProperties> from_byte(std::uint8_t byte);
};

class LzmaDecoder {
 public:
  // `in`: the range coder's bytes, from its first zero byte. `size`: of what comes out, where it is known. Both are
  // kept.
  LzmaDecoder(LzmaProperties properties, Bytes in, std::optional<std::uint64_t> size);

  // Writes on at base[done()] until `room` bytes stand behind base or the stream ends; what was written before must
  // still stand there (it is the dictionary). True: the stream has ended.
  Result<bool> run(std::uint8_t* base, std::uint64_t room);

  std::uint64_t done() const { return done_; }  // bytes written so far
  std::uint64_t taken() const { return at_; }   // bytes of `in` read so far; exact once the stream has ended

 private:
  using Probability = std::uint16_t;
  struct LengthCoder {
    Probability choice, choice2;
    std::array<std::array<Probability, 8>, 16> low, mid;
    std::array<Probability, 256> high;
  };

  void normalise();
  unsigned bit(Probability& probability);
  template <unsigned kBits>
  unsigned tree(Probability* probabilities);
  unsigned reverse_tree(Probability* probabilities, unsigned bits);
  unsigned direct(unsigned bits);
  unsigned length(LengthCoder& coder, unsigned position);
  std::uint8_t literal(const std::uint8_t* base);

  unsigned lc_, lp_mask_, pb_mask_;
  Bytes in_;
  std::optional<std::uint64_t> size_;
  std::uint64_t at_ = 0;
  std::uint64_t done_ = 0;
  std::uint32_t range_ = 0xffffffff, code_ = 0;
  bool short_ = false;  // read past the end of `in`
  bool started_ = false, ended_ = false;
  unsigned state_ = 0;
  std::array<std::uint32_t, 4> rep_{};  // distances less one
  std::uint32_t copy_ = 0;              // of a match still to be written

  std::vector<Probability> literals_;
  std::array<std::array<Probability, 16>, 12> is_match_, is_rep0_long_;
  std::array<Probability, 12> is_rep_, is_rep_g0_, is_rep_g1_, is_rep_g2_;
  std::array<std::array<Probability, 64>, 4> slot_;
  std::array<Probability, 128> special_;
  std::array<Probability, 16> align_;
  LengthCoder match_length_, rep_length_;
};

}  // namespace assay
