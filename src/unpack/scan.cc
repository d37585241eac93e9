#include "unpack/scan.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace assay::unpack {
namespace {

std::uint32_t pair_of(std::uint8_t first, std::uint8_t second) {
  return static_cast<std::uint32_t>(first | second << 8);
}

}  // namespace

Scanner::Scanner(std::span<const Format* const> formats) {
  for (const Format* format : formats) {
    for (const Magic& magic : format->magics) {
      ASSAY_CHECK(magic.bytes.size() >= 2);
      const std::uint32_t pair =
          pair_of(static_cast<std::uint8_t>(magic.bytes[0]), static_cast<std::uint8_t>(magic.bytes[1]));
      entries_.push_back({pair, &magic, format});
      // Formats that only stand at the start of a part are not searched for.
      if (format->anywhere) table_[pair >> 6] |= std::uint64_t{1} << (pair & 63);
    }
  }
  std::erase_if(entries_, [](const Entry& entry) { return !entry.format->anywhere; });
  std::stable_sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
    if (a.pair != b.pair) return a.pair < b.pair;
    return a.magic->bytes.size() > b.magic->bytes.size();
  });
}

std::pair<std::size_t, std::size_t> Scanner::bucket(std::uint8_t first, std::uint8_t second) const {
  const std::uint32_t pair = pair_of(first, second);
  const auto begin = std::lower_bound(entries_.begin(), entries_.end(), pair,
                                      [](const Entry& entry, std::uint32_t wanted) { return entry.pair < wanted; });
  auto end = begin;
  while (end != entries_.end() && end->pair == pair) ++end;
  return {static_cast<std::size_t>(begin - entries_.begin()), static_cast<std::size_t>(end - entries_.begin())};
}

std::uint64_t Scanner::next_pair(Bytes data, std::uint64_t at) const {
  const std::uint64_t size = data.size();
  if (size < 2) return size;
  const std::uint8_t* p = data.data();
  const std::uint64_t* table = table_.data();
  const auto known = [table](std::uint64_t pair) { return table[(pair & 0xffff) >> 6] >> (pair & 63) & 1; };
  // Seven pairs a load; little endian (x86-64, arm64), as the whole program assumes for speed only here.
  if constexpr (std::endian::native == std::endian::little) {
    while (at + 8 <= size) {
      std::uint64_t word = 0;
      std::memcpy(&word, p + at, 8);
      const std::uint64_t any = known(word) | known(word >> 8) | known(word >> 16) | known(word >> 24) |
                                known(word >> 32) | known(word >> 40) | known(word >> 48);
      if (any) break;
      at += 7;
    }
  }
  for (; at + 1 < size; ++at)
    if (known(pair_of(p[at], p[at + 1]))) return at;
  return size;
}

}  // namespace assay::unpack
