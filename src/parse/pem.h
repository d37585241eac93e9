// PEM blocks (RFC 7468, RFC 1421) anywhere in a file: in bundles, behind text, in the middle of a program.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace assay::parse {

struct PemBlock {
  std::string_view label;                    // "CERTIFICATE", "RSA PRIVATE KEY"; a view into the file
  std::uint64_t at = 0;                      // of "-----BEGIN"
  std::uint64_t size = 0;                    // to the end of "-----END …-----"
  std::uint64_t body_at = 0, body_size = 0;  // between the two lines
  bool encrypted = false;                    // Proc-Type: 4,ENCRYPTED
  std::vector<std::uint8_t> der;             // decoded; empty where it is not base64
};

// The next block at or behind `from`; false: none.
bool next_pem(Bytes file, std::uint64_t from, PemBlock& out);

// Calls `block` for each whole block, in order. A block longer than 256 KiB, or without its end, is passed over.
template <class F>
void each_pem(Bytes file, F&& block) {
  PemBlock b;
  for (std::uint64_t from = 0; next_pem(file, from, b); from = b.at + b.size) block(b);
}

// Base64 without regard to white space. Also NUL and a backslash before n are passed over: C text in programs has them.
std::vector<std::uint8_t> base64(std::string_view text);  // empty where something else stands in it

}  // namespace assay::parse
