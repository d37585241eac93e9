// One Budget bounds what an artefact may cost: bytes that come out, files, nesting, ratio, time.
// Running out is an Error with Errc::limit whose text names the limit. Threads may charge one Budget together.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace assay {

struct Limits {
  std::uint64_t bytes = std::uint64_t{1} << 30;  // decompressed or copied out, all nested parts together
  std::uint64_t files = 200'000;                 // entries of trees
  std::uint32_t depth = 16;                      // containers inside containers
  std::uint32_t ratio = 1200;  // out : in of one stream, beyond the first 16 MiB out (gzip's own ceiling is 1032)
  std::uint32_t seconds = 0;   // wall clock; 0: none. A run that it cut is marked not reproducible

  // "bytes=256M,files=1000,depth=8,ratio=200,time=30"; suffixes K, M, G. What is not named keeps its default.
  static Result<Limits> parse(std::string_view text);
};

class Budget {
 public:
  explicit Budget(const Limits& limits) : limits_(limits), start_(std::chrono::steady_clock::now()) {}
  Budget(const Budget&) = delete;
  Budget& operator=(const Budget&) = delete;

  const Limits& limits() const { return limits_; }

  Result<void> charge_bytes(std::uint64_t count);
  Result<void> charge_file();
  // `out` bytes came from `in` bytes of one stream so far.
  Result<void> check_ratio(std::uint64_t in, std::uint64_t out) const;
  Result<void> check_time();
  bool time_was_cut() const { return time_cut_.load(); }
  std::uint64_t bytes_used() const { return bytes_.load(); }
  std::uint64_t bytes_left() const {
    const std::uint64_t used = bytes_.load();
    return used >= limits_.bytes ? 0 : limits_.bytes - used;
  }
  std::uint64_t files_used() const { return files_.load(); }

 private:
  Limits limits_;
  std::chrono::steady_clock::time_point start_;
  std::atomic<std::uint64_t> bytes_{0};
  std::atomic<std::uint64_t> files_{0};
  std::atomic<bool> time_cut_{false};
};

}  // namespace assay
