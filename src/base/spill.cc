#include "base/spill.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>

namespace assay {
namespace {

constexpr std::uint64_t kChunk = std::uint64_t{8} << 20;
constexpr auto kHold = std::chrono::milliseconds(10);  // how long pages may stay: some 20 MB at the pace of a digest

struct Store {
  std::mutex mutex;
  int fd = -1;
  std::uint32_t chunks = 0;          // of the file
  std::vector<std::uint32_t> free_;  // among them
  // What is mapped now, and the thread that lets its pages go, from the first on.
  std::vector<const Spilled*> mapped;
  std::thread keeper;
  std::condition_variable wake;
  bool over = false;
};

Store& store() {
  static Store one;
  return one;
}

int open_unlinked(const char* directory) {
  int fd = ::open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0) return fd;
  std::string name = std::string(directory) + "/assay-XXXXXX";  // file systems that know no O_TMPFILE
  fd = ::mkostemp(name.data(), O_CLOEXEC);
  if (fd >= 0) ::unlink(name.c_str());
  return fd;
}

// The bytes stay: they are the file's, and come back from the page cache when somebody looks.
void keep_thin() {
  Store& s = store();
  std::unique_lock lock(s.mutex);
  while (!s.over) {
    s.wake.wait(lock, [&] { return s.over || !s.mapped.empty(); });
    for (const Spilled* m : s.mapped) ::madvise(m->data(), m->capacity(), MADV_DONTNEED);
    s.wake.wait_for(lock, kHold, [&] { return s.over; });
  }
}

bool take_chunks(Store& s, std::uint64_t count, std::vector<std::uint32_t>& out) {
  while (out.size() < count) {
    if (s.free_.empty()) {
      if (::ftruncate(s.fd, static_cast<off_t>((s.chunks + 1) * kChunk)) != 0) return false;
      s.free_.push_back(s.chunks++);
    }
    out.push_back(s.free_.back());
    s.free_.pop_back();
  }
  return true;
}

}  // namespace

SpillFile::SpillFile() {
  const char* named = std::getenv("TMPDIR");
  for (const char* directory : {named ? named : "", "/var/tmp", "/tmp"})
    if (*directory && (fd_ = open_unlinked(directory)) >= 0) break;
  store().fd = fd_;
  store().chunks = 0;
  store().free_.clear();
}
SpillFile::~SpillFile() {
  Store& s = store();
  std::thread keeper;
  {
    const std::unique_lock lock(s.mutex);
    s.over = true;
    keeper = std::move(s.keeper);
  }
  s.wake.notify_all();
  if (keeper.joinable()) keeper.join();
  s.over = false;
  s.fd = -1;
  if (fd_ >= 0) ::close(fd_);
}

bool Spilled::possible() { return store().fd >= 0; }

bool Spilled::grow(std::uint64_t capacity) {
  if (capacity <= capacity_) return true;
  Store& s = store();
  const std::unique_lock lock(s.mutex);
  if (s.fd < 0) return false;
  std::uint64_t count = (capacity + kChunk - 1) / kChunk;
  count += chunks_.size() / 4;  // every growth maps all of it anew
  if (!take_chunks(s, count, chunks_)) return false;
  void* const room = ::mmap(nullptr, count * kChunk, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (room == MAP_FAILED) return false;
  auto* const data = static_cast<std::uint8_t*>(room);
  for (std::uint64_t i = 0; i < count; ++i) {
    if (::mmap(data + i * kChunk, kChunk, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, s.fd,
               static_cast<off_t>(chunks_[i] * kChunk)) != MAP_FAILED)
      continue;
    ::munmap(data, count * kChunk);
    return false;
  }
  if (data_)
    ::munmap(data_, capacity_);
  else
    s.mapped.push_back(this);
  data_ = data;
  capacity_ = count * kChunk;
  s.wake.notify_all();
  if (!s.keeper.joinable()) s.keeper = std::thread(keep_thin);
  return true;
}

Spilled::~Spilled() {
  Store& s = store();
  const std::unique_lock lock(s.mutex);
  s.free_.insert(s.free_.end(), chunks_.rbegin(), chunks_.rend());
  if (!data_) return;
  std::erase(s.mapped, this);
  ::munmap(data_, capacity_);
}

}  // namespace assay
