#include "base/blob.h"

#include <sys/mman.h>
#include <atomic>
#include <cstring>

namespace assay {
namespace {

// Blobs smaller than this stay in memory, whatever the others hold.
constexpr std::uint64_t kSmall = std::uint64_t{4} << 20;
constexpr std::uint64_t kBlock = std::uint64_t{64} << 10;

std::atomic<std::uint64_t> held_by_all{0};

bool all_zero(const std::uint8_t* block) { return block[0] == 0 && std::memcmp(block, block + 1, kBlock - 1) == 0; }

}  // namespace

Blob::Blob(Budget& budget, std::uint64_t in_memory) : budget_(budget), in_memory_(in_memory) {}

Blob::~Blob() {
  held_by_all -= held_;
  if (data_ && !spilled_) ::munmap(data_, capacity_);
}

std::uint64_t Blob::held_together() { return held_by_all.load(); }

bool Blob::spill(std::uint64_t capacity) {
  if (!spilled_) {
    if (!Spilled::possible()) return false;
    spilled_.emplace();
    if (!spilled_->grow(capacity)) {
      spilled_.reset();
      return false;
    }
    // Small steps: the file's pages need not all be in memory beside ours.
    for (std::uint64_t at = 0; at < size_; at += kSmall) {
      const std::uint64_t step = std::min(kSmall, size_ - at);
      std::memcpy(spilled_->data() + at, data_ + at, step);
      ::madvise(data_ + at, step, MADV_DONTNEED);
    }
    if (data_) ::munmap(data_, capacity_);
    held_by_all -= std::exchange(held_, 0);
  } else if (!spilled_->grow(capacity)) {
    return false;
  }
  data_ = spilled_->data();
  capacity_ = spilled_->capacity();
  return true;
}

Result<void> Blob::grow(std::uint64_t wanted) {
  const std::uint64_t more = wanted - size_;
  const bool many = held_ + more > in_memory_ || (size_ + more > kSmall && held_by_all.load() + more > kTogether);
  if (spilled_ || many) {
    if (spilled_ ? wanted <= capacity_ : false) return {};
    if (spill(wanted)) return {};
    if (spilled_) return fail(Errc::limit, "no room on disk for what is decompressed");
  }
  if (wanted <= capacity_) return {};
  std::uint64_t capacity = capacity_ == 0 ? std::uint64_t{1} << 16 : capacity_ * 2;
  while (capacity < wanted) capacity *= 2;
  void* const moved =
      data_ ? ::mremap(data_, capacity_, capacity, MREMAP_MAYMOVE)
            : ::mmap(nullptr, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
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
  if (!spilled_) count_held();
  return {};
}

// Whole blocks of zeros are given back; to a reader they are zeros still.
void Blob::count_held() {
  const std::uint64_t before = held_;
  std::uint64_t zeros = 0;  // the run of them that ends at seen_
  const auto give_back = [&] {
    if (zeros > 0) ::madvise(data_ + seen_ - zeros, zeros, MADV_DONTNEED);
    zeros = 0;
  };
  for (; seen_ + kBlock <= size_; seen_ += kBlock) {
    if (all_zero(data_ + seen_)) {
      zeros += kBlock;
      continue;
    }
    give_back();
    held_ += kBlock;
  }
  give_back();
  held_by_all += held_ - before;
}

Result<void> Blob::append(Bytes data) {
  if (data.empty()) return {};
  const auto space = ASSAY_TRY(room(data.size()));
  std::memcpy(space.data(), data.data(), data.size());
  return commit(data.size());
}

}  // namespace assay
