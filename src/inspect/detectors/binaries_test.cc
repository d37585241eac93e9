#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "base/file.h"
#include "inspect/detectors/testing.h"

namespace assay::inspect {
extern const Detector binaries;
namespace {

// A small 64-bit little-endian program: PT_INTERP, PT_DYNAMIC with DT_HASH, the GNU headers as asked.
struct Program {
  std::uint16_t type = 3, machine = 183;
  bool interpreter = true, stack = true, stack_executable = false, relro = true, now = true;
  std::string needed = "libc.so.6", soname, runpath;
  std::vector<std::string> imports = {"__stack_chk_fail", "__memcpy_chk", "strcpy"};
  std::string tail;

  std::string bytes() const {
    std::string out(
        "\x7f"
        "ELF\2\1\1",
        7);
    const auto number = [&out](std::uint64_t v, unsigned size) {
      for (unsigned i = 0; i < size; ++i) out += static_cast<char>(v >> (8 * i));
    };
    const std::uint16_t count = static_cast<std::uint16_t>(2 + int{interpreter} + int{stack} + int{relro});
    out.resize(16, '\0');
    number(type, 2), number(machine, 2), number(1, 4), number(0, 8), number(64, 8), number(0, 8), number(0, 4);
    number(64, 2), number(56, 2), number(count, 2), number(64, 2), number(0, 2), number(0, 2);
    const auto segment = [&](std::uint32_t kind, std::uint32_t flags, std::uint64_t at, std::uint64_t size) {
      number(kind, 4), number(flags, 4), number(at, 8), number(at, 8), number(at, 8), number(size, 8), number(size, 8),
          number(8, 8);
    };
    segment(1, 5, 0, 2048);
    segment(2, 6, 512, 256);
    if (interpreter) segment(3, 4, 480, 32);
    if (stack) segment(0x6474e551, stack_executable ? 7 : 6, 0, 0);
    if (relro) segment(0x6474e552, 4, 512, 256);
    std::string names(1, '\0');
    const auto name = [&names](const std::string& text) {
      names += text + '\0';
      return names.size() - text.size() - 1;
    };
    std::vector<std::pair<std::uint64_t, std::uint64_t>> dynamic;
    if (!needed.empty()) dynamic.emplace_back(1, name(needed));
    if (!soname.empty()) dynamic.emplace_back(14, name(soname));
    if (!runpath.empty()) dynamic.emplace_back(29, name(runpath));
    if (now) dynamic.emplace_back(0x6ffffffb, 1);
    std::vector<std::uint64_t> at;
    for (const std::string& s : imports) at.push_back(name(s));
    for (auto pair : {std::pair<std::uint64_t, std::uint64_t>{4, 800}, {6, 832}, {5, 1400}, {10, names.size()}, {0, 0}})
      dynamic.push_back(pair);
    out.resize(480, '\0');
    out += "/lib/ld-linux-aarch64.so.1";
    out.resize(512, '\0');
    for (auto [tag, value] : dynamic) number(tag, 8), number(value, 8);
    out.resize(800, '\0');
    number(1, 4), number(imports.size() + 1, 4);
    out.resize(832 + 24, '\0');
    for (std::uint64_t n : at) number(n, 4), number(0x12, 1), number(0, 1), number(0, 2), number(0, 8), number(0, 8);
    out.resize(1400, '\0');
    out += names + tail;
    out.resize(2048, '\0');
    return out;
  }
};

Fact fact_of(const Program& p, const std::string& path = "usr/bin/camd") {
  const std::string content = p.bytes();
  Facts out;
  Entry entry;
  binaries.file({"squashfs", path, entry, FileKind::elf, as_bytes(content)}, out);
  EXPECT_EQ(out.facts.size(), 1u);
  return out.facts.empty() ? Fact() : out.facts[0];
}

TEST(Binaries, AHardenedProgram) {
  Program p;
  p.runpath = "$ORIGIN/lib";
  const Fact f = fact_of(p);
  EXPECT_EQ(text(f, "path"), "/usr/bin/camd");
  EXPECT_EQ(text(f, "arch"), "aarch64");
  EXPECT_EQ(text(f, "bits"), "64");
  EXPECT_EQ(text(f, "endian"), "little");
  EXPECT_EQ(text(f, "linkage"), "dynamic");
  EXPECT_EQ(text(f, "nx"), "yes");
  EXPECT_EQ(text(f, "pie"), "yes");
  EXPECT_EQ(text(f, "relro"), "full");
  EXPECT_EQ(text(f, "canary"), "yes");
  EXPECT_EQ(text(f, "fortify"), "yes");
  EXPECT_EQ(text(f, "stripped"), "yes");
  EXPECT_EQ(text(f, "needed"), "libc.so.6");
  EXPECT_EQ(text(f, "runpath"), "$ORIGIN/lib");
  EXPECT_EQ(text(f, "interpreter"), "/lib/ld-linux-aarch64.so.1");
}

TEST(Binaries, WhatIsMissingIsNo) {
  Program p;
  p.type = 2;
  p.machine = 40;  // arm: its kernel gives an executable stack where PT_GNU_STACK is missing
  p.stack = p.relro = false;
  p.imports = {"strcpy", "puts"};
  const Fact f = fact_of(p);
  EXPECT_EQ(text(f, "nx"), "no");
  EXPECT_EQ(text(f, "pie"), "no");
  EXPECT_EQ(text(f, "relro"), "none");
  EXPECT_EQ(text(f, "canary"), "no");
  EXPECT_EQ(text(f, "fortify"), "no");
  p.machine = 183;
  EXPECT_EQ(text(fact_of(p), "nx"), "unknown");
  p.stack = p.stack_executable = true;
  EXPECT_EQ(text(fact_of(p), "nx"), "no");
}

TEST(Binaries, WhatCannotBeToldIsUnknown) {
  Program p;
  p.needed = "libc.so";  // musl: fortify leaves no trace
  p.imports = {"strcpy"};
  p.now = false;
  EXPECT_EQ(text(fact_of(p), "fortify"), "unknown");
  EXPECT_EQ(text(fact_of(p), "relro"), "partial");
  p.imports = {};  // no symbols to read
  EXPECT_EQ(text(fact_of(p), "canary"), "unknown");
  Program fixed;
  fixed.type = 2;
  fixed.interpreter = false;
  fixed.needed = "";
  fixed.imports = {};
  EXPECT_EQ(text(fact_of(fixed), "linkage"), "static");
  EXPECT_EQ(text(fact_of(fixed), "canary"), "unknown");
  fixed.tail = "*** stack smashing detected ***";
  EXPECT_EQ(text(fact_of(fixed), "canary"), "yes");
}

TEST(Binaries, Libraries) {
  Program p;
  p.interpreter = false;
  p.soname = "libcam.so.1";
  EXPECT_EQ(text(fact_of(p), "linkage"), "library");
  EXPECT_EQ(text(fact_of(p), "pie"), "not-applicable");
  EXPECT_EQ(text(fact_of(p), "soname"), "libcam.so.1");
}

TEST(Binaries, ABrokenOneIsSaid) {
  const std::string content = Program().bytes().substr(0, 100);
  Facts out;
  Entry entry;
  binaries.file({"squashfs", "bin/a", entry, FileKind::elf, as_bytes(content)}, out);
  EXPECT_TRUE(out.facts.empty());
  ASSERT_EQ(out.unexamined.size(), 1u);
  EXPECT_EQ(out.unexamined[0].table, "binary");
  EXPECT_EQ(out.unexamined[0].place, "squashfs > /bin/a");
}

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
