// SHA-256 and CRC-32.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace assay {

using Sha256 = std::array<std::uint8_t, 32>;

Sha256 sha256(Bytes data);
std::string hex(Bytes data);  // lower case
inline std::string sha256_hex(Bytes data) { return hex(sha256(data)); }

class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  void add(Bytes data);
  Sha256 finish();  // once

  struct State;  // the library's, known to digest.cc only

 private:
  std::unique_ptr<State> state_;
};

// The hash a container carries over its own parts, to hold the parts against it: "md5", "sha1", "sha256", "sha384",
// "sha512". Empty: not known by that name. Never for identity.
std::vector<std::uint8_t> container_hash(std::string_view algorithm, Bytes data);

// CRC-32 as zlib and uImage have it (IEEE 802.3, reflected, inverted); `seed` continues an earlier one.
std::uint32_t crc32(Bytes data, std::uint32_t seed = 0);

}  // namespace assay
