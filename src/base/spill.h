// Room on disk for bytes that memory should not hold: one unlinked file, opened before a worker is shut in, handed out
// in chunks. What lies there is mapped, and a thread lets go of its pages again and again, so that large contents pass
// through memory instead of staying in it. How much lies there at once is bounded by the file's size (RLIMIT_FSIZE).
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace assay {

// While one of these lives, Blobs may spill. At most one at a time; made and ended while the process has one thread.
class SpillFile {
 public:
  // In TMPDIR, or /var/tmp, or /tmp, which may be in memory itself. Where none takes it, Blobs stay in memory.
  SpillFile();
  ~SpillFile();
  SpillFile(const SpillFile&) = delete;
  SpillFile& operator=(const SpillFile&) = delete;
  int descriptor() const { return fd_; }  // -1: there is none

 private:
  int fd_ = -1;
};

// Contents that lie in the file: one stretch of memory to whoever uses it. Owned by a Blob.
class Spilled {
 public:
  Spilled() = default;
  ~Spilled();
  Spilled(const Spilled&) = delete;
  Spilled& operator=(const Spilled&) = delete;

  static bool possible();
  // At least `capacity` bytes; what was there stays, the address may change. False: no file, no room in it, no memory.
  bool grow(std::uint64_t capacity);
  std::uint8_t* data() const { return data_; }
  std::uint64_t capacity() const { return capacity_; }

 private:
  std::uint8_t* data_ = nullptr;
  std::uint64_t capacity_ = 0;
  std::vector<std::uint32_t> chunks_;  // their numbers in the file
};

}  // namespace assay
