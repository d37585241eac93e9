// Bytes that come out of a decompressor: in memory at first, in the spill file (spill.h) once they are many, always one
// view at the end.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/budget.h"
#include "base/bytes.h"
#include "base/result.h"
#include "base/spill.h"

namespace assay {

class Blob {
 public:
  // Charges `budget` for what is appended. Where more than `in_memory` bytes gather, or all Blobs together hold more
  // than kTogether, they move to the spill file, if there is one. Long runs of zeros cost no memory.
  explicit Blob(Budget& budget, std::uint64_t in_memory = std::uint64_t{64} << 20);
  ~Blob();
  Blob(const Blob&) = delete;
  Blob& operator=(const Blob&) = delete;

  // Room for at least `at_least` more bytes; write there, then commit(). The view is gone with the next call. What is
  // in the room before is not said.
  Result<std::span<std::uint8_t>> room(std::uint64_t at_least);
  Result<void> commit(std::uint64_t written);
  Result<void> append(Bytes data);

  std::uint64_t size() const { return size_; }
  Bytes bytes() const { return {data_, size_}; }  // lives until the next call that writes, or the end of the Blob

  static constexpr std::uint64_t kTogether = std::uint64_t{96} << 20;
  static std::uint64_t held_together();  // bytes in memory of all Blobs, without what is zero

 private:
  Result<void> grow(std::uint64_t wanted);
  bool spill(std::uint64_t capacity);
  void count_held();

  Budget& budget_;
  std::uint64_t in_memory_;
  std::uint8_t* data_ = nullptr;
  std::uint64_t size_ = 0;
  std::uint64_t capacity_ = 0;
  std::uint64_t seen_ = 0;  // of size_: looked through for zeros
  std::uint64_t held_ = 0;  // bytes in memory
  std::optional<Spilled> spilled_;
};

}  // namespace assay
