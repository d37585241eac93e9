// Bytes, the integers that lie in them, and arithmetic that cannot wrap.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace assay {

// A view. Who owns the bytes is said where a Bytes is handed over.
using Bytes = std::span<const std::uint8_t>;

inline Bytes as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

// The part of `bytes` from `at`, at most `size` long; empty where there is nothing.
inline Bytes clip(Bytes bytes, std::uint64_t at, std::uint64_t size = UINT64_MAX) {
  if (at >= bytes.size()) return {};
  const std::uint64_t rest = bytes.size() - at;
  return bytes.subspan(static_cast<std::size_t>(at), static_cast<std::size_t>(size < rest ? size : rest));
}

inline bool starts_with(Bytes bytes, std::string_view magic) {
  return bytes.size() >= magic.size() && std::memcmp(bytes.data(), magic.data(), magic.size()) == 0;
}

// Integers as they lie on disk: alignment 1, so that a header can be a struct of them.
template <std::unsigned_integral T, bool kBig>
struct PackedInt {
  std::array<std::uint8_t, sizeof(T)> raw;
  constexpr operator T() const {
    T value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i)
      value = static_cast<T>(value | (static_cast<T>(raw[i]) << (8 * (kBig ? sizeof(T) - 1 - i : i))));
    return value;
  }
};
using le16 = PackedInt<std::uint16_t, false>;
using le32 = PackedInt<std::uint32_t, false>;
using le64 = PackedInt<std::uint64_t, false>;
using be16 = PackedInt<std::uint16_t, true>;
using be32 = PackedInt<std::uint32_t, true>;
using be64 = PackedInt<std::uint64_t, true>;

inline std::optional<std::uint64_t> checked_add(std::uint64_t a, std::uint64_t b) {
  std::uint64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) return std::nullopt;
  return sum;
}
inline std::optional<std::uint64_t> checked_mul(std::uint64_t a, std::uint64_t b) {
  std::uint64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product)) return std::nullopt;
  return product;
}
// Rounds up to a multiple of `unit` (a power of two); no overflow for values that come from sizes in memory.
constexpr std::uint64_t align_up(std::uint64_t value, std::uint64_t unit) { return (value + unit - 1) & ~(unit - 1); }

}  // namespace assay
