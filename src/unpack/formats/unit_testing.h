// For the tests of formats only: a Sink that remembers, and the checks every format has to stand.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "base/digest.h"
#include "base/file.h"
#include "unpack/format.h"

namespace assay::unpack::testing {

class Recorder : public Sink {
 public:
  struct Part {
    std::string name;
    std::string bytes;
    std::uint64_t at = 0;
    bool in_place = false;
  };
  struct Item {
    Entry entry;
    std::string content;
  };
  struct Refused {
    std::string what;
    std::uint64_t at = 0;
    std::string why;
  };

  Result<void> part(std::string_view name, Bytes content, std::uint64_t at, bool in_place) override {
    parts.push_back({std::string(name), std::string(as_text(content)), at, in_place});
    return {};
  }
  Result<void> entry(const Entry& entry, Bytes content) override {
    entries.push_back({entry, std::string(as_text(content))});
    return {};
  }
  void refused(std::string_view what, std::uint64_t at, const Error& why) override {
    refusals.push_back({std::string(what), at, why.text()});
  }
  void title(std::string_view text) override { title_text = text; }
  unsigned jobs() const override { return 1; }

  const Item* find(std::string_view path) const {
    for (const Item& i : entries)
      if (i.entry.path == path) return &i;
    return nullptr;
  }
  std::size_t count(EntryType type) const {
    return static_cast<std::size_t>(
        std::count_if(entries.begin(), entries.end(), [&](const Item& i) { return i.entry.type == type; }));
  }

  std::vector<Part> parts;
  std::vector<Item> entries;
  std::vector<Refused> refusals;
  std::string title_text;
};

// What a unit does with an image: measured, then unpacked into a Recorder.
struct Taken {
  Result<Extent> extent = fail(Errc::internal, "not measured");
  Result<std::uint64_t> used = fail(Errc::internal, "not unpacked");
  Recorder out;
};

inline Taken take(const Format& format, Bytes image, Limits limits = {}) {
  Taken t;
  t.extent = format.measure(image);
  if (!t.extent) return t;
  Budget budget(limits);
  t.used = format.extract(image, t.out, budget);
  return t;
}

// What must hold whatever the bytes are: extents inside the image, parts that lie in place where they say, safe paths.
inline void check_sane(const Taken& t, Bytes image) {
  if (!t.extent) return;
  if (t.extent->size) {
    ASSERT_LE(*t.extent->size, image.size());
    ASSERT_GT(*t.extent->size, 0u);
  }
  if (!t.used) return;
  ASSERT_LE(*t.used, image.size());
  ASSERT_GT(*t.used, 0u);
  for (const Recorder::Part& p : t.out.parts)
    if (p.in_place) {
      ASSERT_LE(p.at, *t.used);
      ASSERT_LE(p.bytes.size(), *t.used - p.at);
      ASSERT_EQ(as_text(image).substr(p.at, p.bytes.size()), p.bytes);
    }
  for (const Recorder::Item& i : t.out.entries) {
    const auto safe = safe_path(i.entry.path);
    ASSERT_TRUE(safe && *safe == i.entry.path);
  }
}

// Every truncation (at most about 4000, evenly spread): no crash, sane results.
inline void check_truncations(const Format& format, Bytes image) {
  const std::size_t step = std::max<std::size_t>(1, image.size() / 4000);
  for (std::size_t n = 0; n < image.size(); n += step) {
    // A copy of its own size, so that a read behind the end is seen by the address sanitizer.
    const std::vector<std::uint8_t> cut(image.begin(), image.begin() + static_cast<std::ptrdiff_t>(n));
    const Taken t = take(format, cut);
    check_sane(t, cut);
    if (::testing::Test::HasFatalFailure()) FAIL() << "cut to " << n << " bytes";
  }
}

inline void check_mutations(const Format& format, Bytes image, int rounds = 20'000) {
  std::mt19937 random(20'261'124);
  std::vector<std::uint8_t> bytes(image.begin(), image.end());
  Limits limits;
  limits.bytes = 16 << 20;
  for (int i = 0; i < rounds; ++i) {
    const std::size_t at = random() % bytes.size();
    const std::uint8_t old = bytes[at];
    bytes[at] = static_cast<std::uint8_t>(random());
    const Taken t = take(format, bytes, limits);
    check_sane(t, bytes);
    if (::testing::Test::HasFatalFailure()) FAIL() << "byte " << at << " set to " << int{bytes[at]};
    bytes[at] = old;
  }
}

inline std::string samples() {
  const char* set = std::getenv("ASSAY_SAMPLES");
  return set ? set : ASSAY_SOURCE_DIR "/../shared/samples";
}

// A sample's bytes; empty where the samples are not beside the checkout (then the test skips).
inline std::string sample(const std::string& name) {
  auto file = read_file(samples() + "/firmware/" + name, std::uint64_t{64} << 20);
  return file ? std::move(*file) : std::string();
}
#define ASSAY_SAMPLE(variable, name)                                   \
  const std::string variable = ::assay::unpack::testing::sample(name); \
  if (variable.empty()) GTEST_SKIP() << "no samples in " << ::assay::unpack::testing::samples()

// Integers as they lie on disk, for samples made in tests.
inline void put_be(std::string& out, std::uint64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i));
}
inline void put_le(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
}

}  // namespace assay::unpack::testing
