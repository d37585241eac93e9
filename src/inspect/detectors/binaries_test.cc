#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "base/file.h"
#include "inspect/detectors/testing.h"

namespace assay::inspect {
extern const Detector binaries;
namespace {

// A walk over a directory that holds the unpacked root of the LEDE sample: sstripped, big-endian MIPS, musl.
TEST(Binaries, CanariesOfAnImageWithoutSections) {
  const char* trees = std::getenv("ASSAY_TREES");
  if (!trees) GTEST_SKIP() << "ASSAY_TREES names no unpacked trees";
  const std::filesystem::path root = std::filesystem::path(trees) / "lede";
  Facts facts;
  int files = 0;
  for (const auto& e : std::filesystem::recursive_directory_iterator(root)) {
    if (!e.is_regular_file() || e.is_symlink() || e.file_size() == 0) continue;
    const auto content = MappedFile::open(e.path());
    ASSERT_TRUE(content.has_value());
    ++files;
    Entry entry;
    const std::string path = std::filesystem::relative(e.path(), root).string();
    const FileView view{"squashfs", path, entry, file_kind(path, content->bytes()), content->bytes()};
    binaries.file(view, facts);
  }
  EXPECT_GT(files, 800);
  EXPECT_TRUE(facts.unexamined.empty());
  std::map<std::string, int> canary, linkage;
  for (const Fact& f : facts.facts) {
    if (text(f, "linkage") != "module") ++canary[text(f, "canary")];
    ++linkage[text(f, "linkage")];
    EXPECT_EQ(text(f, "arch"), "mips");
    EXPECT_EQ(text(f, "endian"), "big");
  }
  EXPECT_EQ(canary["yes"], 56);
  EXPECT_EQ(linkage["module"], 59);
}

}  // namespace
}  // namespace assay::inspect
