// DER elements (X.690): tag, length, content, with every length held against what is there. Tags above 30 and
// indefinite lengths are refused: certificates and keys have none.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"

namespace assay::parse {

enum : std::uint8_t {
  kDerBoolean = 0x01,
  kDerInteger = 0x02,
  kDerBitString = 0x03,
  kDerOctetString = 0x04,
  kDerOid = 0x06,
  kDerUtcTime = 0x17,
  kDerGeneralizedTime = 0x18,
  kDerSequence = 0x30,
  kDerSet = 0x31
};

struct Der {
  std::uint8_t tag = 0;
  Bytes body;   // the content
  Bytes whole;  // with tag and length
};

// Walks the elements of a SEQUENCE's body, or of a whole file. Views live as long as the bytes.
class DerReader {
 public:
  explicit DerReader(Bytes bytes) : bytes_(bytes) {}
  bool done() const { return at_ == bytes_.size(); }
  // Whether the next element has this tag.
  bool is(std::uint8_t tag) const { return at_ < bytes_.size() && bytes_[at_] == tag; }
  Result<Der> next();
  // The next element, which must have this tag.
  Result<Der> next(std::uint8_t tag, std::string_view what);

 private:
  Bytes bytes_;
  std::size_t at_ = 0;
};

// Bits of a non-negative INTEGER: 2048 for an RSA modulus of that length.
std::size_t der_bits(Bytes integer);

}  // namespace assay::parse
