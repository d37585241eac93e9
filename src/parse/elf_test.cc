#include "parse/elf.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "base/file.h"

namespace assay::parse {
namespace {

// A small dynamic program as bytes: big-endian 32-bit MIPS, no section headers, one needed library, two symbols.
struct Builder {
  std::string bytes;
  void half(unsigned v) { bytes += static_cast<char>(v >> 8), bytes += static_cast<char>(v); }
  void word(std::uint32_t v) { half(v >> 16), half(v & 0xffff); }
  void pad(std::size_t to) { bytes.resize(to, '\0'); }
};

constexpr std::uint32_t kBase = 0x400000;

std::string sample() {
  Builder b;
  b.bytes = std::string(
      "\x7f"
      "ELF\1\2\1",
      7);
  b.pad(16);
  b.half(2), b.half(8), b.word(1), b.word(kBase), b.word(52), b.word(0), b.word(0);
  b.half(52), b.half(32), b.half(5), b.half(40), b.half(0), b.half(0);
  const auto segment = [&](std::uint32_t type, std::uint32_t offset, std::uint32_t size, std::uint32_t flags) {
    b.word(type), b.word(offset), b.word(kBase + offset), b.word(kBase + offset), b.word(size), b.word(size),
        b.word(flags), b.word(4);
  };
  segment(1, 0, 512, 5);
  segment(3, 216, 20, 4);
  segment(2, 240, 80, 6);
  segment(0x6474e551, 0, 0, 6);
  segment(0x6474e552, 240, 80, 4);
  b.pad(216);
  b.bytes += "/lib/ld-uClibc.so.0";
  b.pad(240);
  const std::uint32_t dynamic[][2] = {{1, 1},   {4, kBase + 320}, {5, kBase + 400}, {6, kBase + 344},
                                      {10, 60}, {24, 0},          {15, 33},         {0, 0}};
  for (const auto& d : dynamic) b.word(d[0]), b.word(d[1]);
  b.pad(320);
  b.word(1), b.word(3), b.word(1), b.word(0), b.word(0), b.word(0);  // DT_HASH: 3 symbols
  b.pad(344);
  b.word(0), b.word(0), b.word(0), b.word(0);
  b.word(11), b.word(0), b.word(0), b.half(0x1200), b.half(0);  // undefined
  b.word(28), b.word(kBase), b.word(4), b.half(0x1200), b.half(7);
  b.pad(400);
  b.bytes += std::string("\0libc.so.0\0__stack_chk_fail\0main\0/opt/lib\0", 43);
  b.pad(512);
  return b.bytes;
}

TEST(Elf, ReadsAProgramWithoutSections) {
  const std::string file = sample();
  const Result<Elf> read = read_elf(as_bytes(file));
  ASSERT_TRUE(read.has_value()) << read.error().text();
  EXPECT_EQ(read->bits, 32u);
  EXPECT_TRUE(read->big);
  EXPECT_EQ(elf_arch(read->machine), "mips");
  EXPECT_EQ(read->interpreter, "/lib/ld-uClibc.so.0");
  ASSERT_EQ(read->needed.size(), 1u);
  EXPECT_EQ(read->needed[0], "libc.so.0");
  EXPECT_EQ(read->runpath, "/opt/lib");
  EXPECT_TRUE(read->bind_now);
  EXPECT_FALSE(read->pie_flag);
  ASSERT_TRUE(read->symbols_read);
  ASSERT_EQ(read->symbols.size(), 2u);
  ASSERT_NE(read->symbol("__stack_chk_fail"), nullptr);
  EXPECT_FALSE(read->symbol("__stack_chk_fail")->defined);
  EXPECT_TRUE(read->symbol("main")->defined);
  EXPECT_EQ(read->symtab, Known::no);
  ASSERT_NE(read->segment(kElfGnuStack), nullptr);
  EXPECT_EQ(read->segment(kElfGnuStack)->flags & kElfFlagExecute, 0u);
}

// What a compiler of today makes, with DT_GNU_HASH and section headers: this very program.
TEST(Elf, ReadsItself) {
  const auto self = MappedFile::open("/proc/self/exe");
  ASSERT_TRUE(self.has_value());
  const Result<Elf> read = read_elf(self->bytes());
  ASSERT_TRUE(read.has_value()) << read.error().text();
  EXPECT_TRUE(read->dynamic);
  EXPECT_FALSE(read->interpreter.empty());
  EXPECT_TRUE(read->symbols_read);
  bool libc = false;
  for (std::string_view n : read->needed) libc = libc || n.substr(0, 5) == "libc.";
  EXPECT_TRUE(libc);
}

TEST(Elf, EveryTruncationIsReadOrRefused) {
  const std::string file = sample();
  for (std::size_t size = 0; size < file.size(); ++size) {
    const std::string cut = file.substr(0, size);  // its own allocation, so that a sanitizer sees the end
    const Result<Elf> read = read_elf(as_bytes(cut));
    if (size < 52 + 5 * 32) {
      EXPECT_FALSE(read.has_value()) << size;
    } else {
      ASSERT_TRUE(read.has_value()) << size;
      // The string table is the last part: without its end the symbols have no names.
      if (size <= 400) {
        EXPECT_TRUE(read->symbols.empty()) << size;
      }
    }
  }
}

TEST(Elf, MutationsNeverReadOutside) {
  const std::string file = sample();
  std::mt19937 random(1);
  std::size_t read = 0;
  for (int i = 0; i < 40000; ++i) {
    std::string changed = file;
    for (unsigned n = 1 + random() % 4; n > 0; --n) {
      const std::uint8_t v = random() % 3 == 0 ? 0xff : static_cast<std::uint8_t>(random());
      changed[random() % changed.size()] = static_cast<char>(v);
    }
    const Result<Elf> result = read_elf(as_bytes(changed));
    if (!result) continue;
    ++read;
    EXPECT_LE(result->symbols.size(), file.size() / 16);
    for (const ElfSegment& s : result->segments) ASSERT_LE(s.file_size, file.size());
    for (const ElfSymbol& s : result->symbols)
      ASSERT_TRUE(s.name.data() >= changed.data() && s.name.data() + s.name.size() <= changed.data() + changed.size());
  }
  EXPECT_GT(read, 10000u);
}

TEST(Elf, RefusesWhatIsNone) {
  EXPECT_FALSE(read_elf({}).has_value());
  EXPECT_FALSE(read_elf(as_bytes(std::string(64, 'x'))).has_value());
  std::string file = sample();
  file[4] = 3;
  EXPECT_FALSE(read_elf(as_bytes(file)).has_value());
}

}  // namespace
}  // namespace assay::parse
