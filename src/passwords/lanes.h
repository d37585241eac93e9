// MD5, SHA-1 and SHA-256 of eight short messages at once: what the search for derived passwords spends its time on. A
// message fits one block (55 bytes). Each lane is held against OpenSSL in lanes_test.cc, and every formula that the
// search reports is confirmed by OpenSSL on all units.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace assay::passwords {

inline constexpr std::size_t kLanes = 8;
inline constexpr std::size_t kLaneBytes = 55;  // longest message

// Eight messages, padded, word by word: word[i][lane].
struct alignas(64) LaneBlock {
  std::array<std::array<std::uint32_t, kLanes>, 16> little{}, big{};
  void set(std::size_t lane, std::string_view message);  // at most kLaneBytes
};

// state[i][lane]: words of the digest, in the order of the algorithm.
struct alignas(64) LaneState {
  std::array<std::array<std::uint32_t, kLanes>, 8> word{};
  // The digest of one lane as bytes; `words` of them, from most (SHA) or least (MD5) significant bytes.
  void bytes(std::size_t lane, std::size_t words, bool big, std::uint8_t* out) const;
};

void md5_lanes(const LaneBlock& in, LaneState& out);
void sha1_lanes(const LaneBlock& in, LaneState& out);
void sha256_lanes(const LaneBlock& in, LaneState& out);

// "AVX2" or "portable": which of the two was chosen when the program started.
std::string_view lanes_kind();

}  // namespace assay::passwords
