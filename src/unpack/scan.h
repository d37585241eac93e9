// Scanner: where formats may begin, by their magics. One pass, a bit table of the first two bytes, no set-up worth
// naming: 40 magics leave one byte pair in 1600 of random data to be compared whole.
#pragma once

#include <bitset>
#include <cstdint>
#include <memory>
#include <vector>

#include "unpack/format.h"

namespace assay::unpack {

class Scanner {
 public:
  explicit Scanner(std::span<const Format* const> formats);

  // Calls hit(format, start) for each magic found in `data` whose format would begin at or behind `from`; `start` is
  // where. hit returns where to go on (a format's first byte must not lie before it), or 0 for the next byte.
  template <class F>
  void each(Bytes data, std::uint64_t from, F&& hit) const {
    std::uint64_t floor = from;
    for (std::uint64_t at = from; (at = next_pair(data, at)) < data.size(); ++at) {
      const auto [first, last] = bucket(data[at], data[at + 1]);
      for (std::size_t i = first; i < last; ++i) {
        const Entry& entry = entries_[i];
        if (at < entry.magic->at || at - entry.magic->at < floor) continue;
        if (!starts_with(data.subspan(at), entry.magic->bytes)) continue;
        const std::uint64_t resume = hit(*entry.format, at - entry.magic->at);
        if (resume == 0) continue;
        floor = resume;
        if (resume > at) {
          at = resume - 1;
          break;
        }
      }
    }
  }

  // How many magics would be compared at all: for the benchmark and the tests.
  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::uint32_t pair;
    const Magic* magic;
    const Format* format;
  };
  // The first position from `at` on where a magic's first two bytes stand, or data.size().
  std::uint64_t next_pair(Bytes data, std::uint64_t at) const;
  std::pair<std::size_t, std::size_t> bucket(std::uint8_t first, std::uint8_t second) const;

  std::vector<Entry> entries_;  // sorted by pair, then by the longest magic, then as the formats came
  std::array<std::uint64_t, 1024> table_{};
};

}  // namespace assay::unpack
