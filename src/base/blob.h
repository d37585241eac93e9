// Bytes that come out of a decompressor: in memory at first, in an unlinked file once they are many, always one view at
// the end.
#pragma once

#include <cstdint>
#include <memory>

#include "base/budget.h"
#include "base/bytes.h"
#include "base/result.h"

namespace assay {

class Blob {
 public:
  // Charges `budget` for what is appended. Where more than `in_memory` bytes gather, they move to an unlinked file in
  // the system's temporary directory (or to anonymous memory where no file can be made: inside the sandbox).
  explicit Blob(Budget& budget, std::uint64_t in_memory = std::uint64_t{64} << 20);
  ~Blob();
  Blob(const Blob&) = delete;
  Blob& operator=(const Blob&) = delete;

  // Room for at least `at_least` more bytes; write there, then commit(). The view is gone with the next call.
  Result<std::span<std::uint8_t>> room(std::uint64_t at_least);
  Result<void> commit(std::uint64_t written);
  Result<void> append(Bytes data);

  std::uint64_t size() const { return size_; }
  Bytes bytes() const { return {data_, size_}; }  // lives until the next call that writes, or the end of the Blob

 private:
  Result<void> grow(std::uint64_t wanted);

  Budget& budget_;
  std::uint64_t in_memory_;
  std::uint8_t* data_ = nullptr;
  std::uint64_t size_ = 0;
  std::uint64_t capacity_ = 0;
  int file_ = -1;
};

}  // namespace assay
