#include "parse/der.h"

#include <string>

namespace assay::parse {

Result<Der> DerReader::next() {
  const Bytes rest = bytes_.subspan(at_);
  if (rest.size() < 2) return fail_at(Errc::truncated, at_, "a DER element is cut short");
  if ((rest[0] & 0x1fu) == 0x1f) return fail_at(Errc::unsupported, at_, "a DER tag above 30");
  std::uint64_t length = rest[1];
  std::size_t header = 2;
  if (length >= 0x80) {
    const std::size_t octets = length & 0x7fu;
    if (octets == 0 || octets > 4)
      return fail_at(Errc::malformed, at_, "a DER length that is not definite or too long");
    if (rest.size() < 2 + octets) return fail_at(Errc::truncated, at_, "a DER length is cut short");
    length = 0;
    for (std::size_t i = 0; i < octets; ++i) length = length << 8 | rest[2 + i];
    header += octets;
  }
  if (length > rest.size() - header) return fail_at(Errc::truncated, at_, "a DER element is longer than what is left");
  const std::size_t whole = header + static_cast<std::size_t>(length);
  at_ += whole;
  return Der{rest[0], rest.subspan(header, static_cast<std::size_t>(length)), rest.subspan(0, whole)};
}

Result<Der> DerReader::next(std::uint8_t tag, std::string_view what) {
  const std::size_t at = at_;
  const Der out = ASSAY_TRY(next());
  if (out.tag != tag) return fail_at(Errc::malformed, at, std::string(what) + " is missing");
  return out;
}

std::size_t der_bits(Bytes integer) {
  while (!integer.empty() && integer[0] == 0) integer = integer.subspan(1);
  if (integer.empty()) return 0;
  std::size_t top = 8;
  while (!(integer[0] >> (top - 1))) --top;
  return (integer.size() - 1) * 8 + top;
}

}  // namespace assay::parse
