#include "passwords/lanes.h"

#include <bit>
#include <cstring>

namespace assay::passwords {
namespace {

constexpr std::uint32_t kSha256Start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                           0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
constexpr std::uint32_t kSha256Step[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

// Compilers split it where the processor has narrower registers.
typedef std::uint32_t V __attribute__((vector_size(4 * kLanes)));

#define ASSAY_LANES_NAME(x) x##_portable
#define ASSAY_LANES_TARGET
#include "passwords/lanes_body.h"

#if defined(__x86_64__)
#define ASSAY_LANES_NAME(x) x##_avx2
#define ASSAY_LANES_TARGET __attribute__((target("avx2")))
#include "passwords/lanes_body.h"
#endif

bool has_avx2() {
#if defined(__x86_64__)
  static const bool has = __builtin_cpu_supports("avx2") != 0;
  return has;
#else
  return false;
#endif
}

}  // namespace

void LaneBlock::set(std::size_t lane, std::string_view message) {
  std::uint8_t block[64] = {};
  std::memcpy(block, message.data(), message.size());
  block[message.size()] = 0x80;
  for (std::size_t i = 0; i < 14; ++i) {
    std::uint32_t word;
    std::memcpy(&word, block + 4 * i, 4);
    if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap32(word);
    little[i][lane] = word;
    big[i][lane] = __builtin_bswap32(word);
  }
  const auto bits = static_cast<std::uint32_t>(message.size() * 8);
  little[14][lane] = bits, little[15][lane] = 0;
  big[14][lane] = 0, big[15][lane] = bits;
}

void LaneState::bytes(std::size_t lane, std::size_t words, bool from_big, std::uint8_t* out) const {
  for (std::size_t i = 0; i < words; ++i) {
    std::uint32_t w = word[i][lane];
    if (from_big == (std::endian::native == std::endian::little)) w = __builtin_bswap32(w);
    std::memcpy(out + 4 * i, &w, 4);
  }
}

#if defined(__x86_64__)
#define ASSAY_LANES_CALL(x) (has_avx2() ? x##_avx2(in, out) : x##_portable(in, out))
#else
#define ASSAY_LANES_CALL(x) x##_portable(in, out)
#endif
void md5_lanes(const LaneBlock& in, LaneState& out) { ASSAY_LANES_CALL(md5); }
void sha1_lanes(const LaneBlock& in, LaneState& out) { ASSAY_LANES_CALL(sha1); }
void sha256_lanes(const LaneBlock& in, LaneState& out) { ASSAY_LANES_CALL(sha256); }
#undef ASSAY_LANES_CALL

std::string_view lanes_kind() { return has_avx2() ? "AVX2" : "portable"; }

}  // namespace assay::passwords
