#include "base/blob.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cerrno>
#include <cstdlib>

namespace assay {

Blob::Blob(Budget& budget, std::uint64_t in_memory) : budget_(budget), in_memory_(in_memory) {}

Blob::~Blob() {
  if (data_) ::munmap(data_, capacity_);
  if (file_ >= 0) ::close(file_);
}

Result<void> Blob::grow(std::uint64_t wanted) {
  if (wanted <= capacity_) return {};
  std::uint64_t capacity = capacity_ == 0 ? std::uint64_t{1} << 16 : capacity_ * 2;
  while (capacity < wanted) capacity *= 2;
  void* moved = MAP_FAILED;
  if (file_ < 0 && capacity > in_memory_) {
    const char* directory = std::getenv("TMPDIR");
    file_ = ::open(directory && *directory ? directory : "/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (file_ >= 0) {
      void* mapped = MAP_FAILED;
      if (::ftruncate(file_, static_cast<off_t>(capacity)) == 0)
        mapped = ::mmap(nullptr, capacity, PROT_READ | PROT_WRITE, MAP_SHARED, file_, 0);
      if (mapped == MAP_FAILED) {
        ::close(file_);
        file_ = -1;
      } else {
        if (size_ > 0) std::memcpy(mapped, data_, size_);
        if (data_) ::munmap(data_, capacity_);
        data_ = static_cast<std::uint8_t*>(mapped);
        capacity_ = capacity;
        return {};
      }
    }
  }
  if (file_ >= 0 && ::ftruncate(file_, static_cast<off_t>(capacity)) != 0)
    return fail(Errc::io, "the spill file cannot grow: " + std::string(std::strerror(errno)));
  if (data_) {
    moved = ::mremap(data_, capacity_, capacity, MREMAP_MAYMOVE);
  } else {
    moved = ::mmap(nullptr, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  }
  if (moved == MAP_FAILED) return fail(Errc::limit, "no memory for what is decompressed");
  data_ = static_cast<std::uint8_t*>(moved);
  capacity_ = capacity;
  return {};
}

Result<std::span<std::uint8_t>> Blob::room(std::uint64_t at_least) {
  const auto wanted = checked_add(size_, at_least);
  if (!wanted || at_least > budget_.bytes_left() + 1) {
    ASSAY_TRY(budget_.charge_bytes(at_least));
    return fail(Errc::limit, "the budget of bytes is used up");
  }
  ASSAY_TRY(grow(*wanted));
  return std::span<std::uint8_t>(data_ + size_, capacity_ - size_);
}

Result<void> Blob::commit(std::uint64_t written) {
  ASSAY_CHECK(written <= capacity_ - size_);
  ASSAY_TRY(budget_.charge_bytes(written));
  size_ += written;
  return {};
}

Result<void> Blob::append(Bytes data) {
  if (data.empty()) return {};
  const auto space = ASSAY_TRY(room(data.size()));
  std::memcpy(space.data(), data.data(), data.size());
  return commit(data.size());
}

}  // namespace assay
