#include "base/blob.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>
#include <cstdlib>

namespace assay {
namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;

// Bytes that are not all zero, another value at every place of a block.
std::vector<std::uint8_t> block_of(std::uint8_t seed) {
  std::vector<std::uint8_t> out(kMiB);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>(seed + i * 7 + i / 251);
  return out;
}
bool holds(const Blob& blob, std::uint64_t blocks) {
  if (blob.size() != blocks * kMiB) return false;
  for (std::uint64_t b = 0; b < blocks; ++b) {
    const auto want = block_of(static_cast<std::uint8_t>(b));
    if (std::memcmp(blob.bytes().data() + b * kMiB, want.data(), kMiB) != 0) return false;
  }
  return true;
}
void fill(Blob& blob, std::uint64_t blocks) {
  for (std::uint64_t b = 0; b < blocks; ++b)
    ASSERT_TRUE(blob.append(block_of(static_cast<std::uint8_t>(b))).has_value());
}

TEST(Blob, HoldsTheSameWhereverItLies) {
  for (const bool disk : {false, true})
    for (const std::uint64_t in_memory : {std::uint64_t{0}, 1 * kMiB, 10 * kMiB, 100 * kMiB}) {
      std::optional<SpillFile> file;
      if (disk) file.emplace();
      Budget budget({});
      Blob blob(budget, in_memory);
      fill(blob, 40);
      EXPECT_TRUE(holds(blob, 40)) << disk << in_memory;
      EXPECT_EQ(Blob::held_together(), disk && in_memory < 40 * kMiB ? 0u : 40 * kMiB);
    }
  EXPECT_EQ(Blob::held_together(), 0u);
}

TEST(Blob, ManyOfThemTogetherSpillToo) {
  const SpillFile file;
  Budget budget({});
  std::vector<std::unique_ptr<Blob>> blobs;
  for (int i = 0; i < 10; ++i) {
    blobs.push_back(std::make_unique<Blob>(budget));
    fill(*blobs.back(), 30);
    EXPECT_LE(Blob::held_together(), Blob::kTogether + 10 * 4 * kMiB);
  }
  for (const auto& blob : blobs) EXPECT_TRUE(holds(*blob, 30));
  // What one gives up, the next one gets.
  blobs.erase(blobs.begin() + 4, blobs.begin() + 8);
  blobs.push_back(std::make_unique<Blob>(budget));
  fill(*blobs.back(), 90);
  for (std::size_t i = 0; i + 1 < blobs.size(); ++i) EXPECT_TRUE(holds(*blobs[i], 30));
  EXPECT_TRUE(holds(*blobs.back(), 90));
}

TEST(Blob, ZerosHoldNoMemory) {
  const SpillFile file;
  Budget budget({});
  Blob blob(budget);
  const std::vector<std::uint8_t> zeros(kMiB);
  for (int i = 0; i < 500; ++i) ASSERT_TRUE(blob.append(zeros).has_value());
  ASSERT_TRUE(blob.append(block_of(1)).has_value());
  EXPECT_EQ(Blob::held_together(), kMiB);
  EXPECT_TRUE(
      std::all_of(blob.bytes().begin(), blob.bytes().begin() + 500 * kMiB, [](std::uint8_t c) { return c == 0; }));
}

TEST(Blob, EndsWhereTheBudgetOrTheDiskEnds) {
  Budget small({.bytes = 3 * kMiB});
  Blob blob(small);
  fill(blob, 3);
  EXPECT_EQ(blob.append(block_of(3)).error().code, Errc::limit);

  // In a process of its own: the limit on the size of files stays.
  const pid_t pid = ::fork();
  if (pid == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const SpillFile file;
    const rlimit most{32 * kMiB, 32 * kMiB};
    ::setrlimit(RLIMIT_FSIZE, &most);
    Budget budget({});
    Blob large(budget, kMiB);
    std::uint64_t written = 0;
    std::optional<Error> error;
    while (!error && written < 100) {
      if (auto done = large.append(block_of(0)); !done)
        error = done.error();
      else
        ++written;
    }
    ::_exit(error && error->code == Errc::limit && written >= 20 && written <= 32 ? 0 : 1);
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST(Blob, WhatIsSpilledDoesNotStayInMemory) {
#if defined(ASSAY_SANITIZED)
  GTEST_SKIP() << "the sanitizer has memory of its own";
#endif
  const pid_t pid = ::fork();
  if (pid == 0) {
    const SpillFile file;
    Budget budget({});
    Blob blob(budget);
    const auto block = block_of(3);
    for (int i = 0; i < 600; ++i)
      if (!blob.append(block)) ::_exit(2);
    std::uint64_t sum = 0;
    for (const std::uint8_t c : blob.bytes()) sum += c;
    ::_exit(sum > 0 ? 0 : 1);
  }
  int status = 0;
  rusage usage{};
  ::wait4(pid, &status, 0, &usage);
  EXPECT_EQ(status, 0);
  EXPECT_LT(usage.ru_maxrss, 300 * 1024) << "kB";
}

}  // namespace
}  // namespace assay
