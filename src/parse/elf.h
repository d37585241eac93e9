// ELF as the kernel and the loader see it: program headers and PT_DYNAMIC. Section headers are not needed (OpenWrt's
// sstrip and many vendors remove them); where they are there, they only tell whether symbols were stripped. gABI 4.1;
// Linux's elf.h for numbers.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace assay::parse {

struct ElfSegment {
  std::uint32_t type = 0;
  std::uint32_t flags = 0;
  std::uint64_t offset = 0, file_size = 0;  // file_size is clipped to the file
  std::uint64_t address = 0;
};

struct ElfSymbol {
  std::string_view name;
  bool defined = false;
  std::uint64_t value = 0;
};

enum class Known : std::uint8_t { no, yes, unknown };

// Views point into the bytes it was read from.
struct Elf {
  unsigned bits = 32;
  bool big = false;
  std::uint16_t type = 0;     // ET_*
  std::uint16_t machine = 0;  // EM_*
  std::uint64_t entry = 0;
  std::vector<ElfSegment> segments;

  bool dynamic = false;  // has PT_DYNAMIC
  std::string_view interpreter, soname, runpath;
  std::vector<std::string_view> needed;
  bool bind_now = false, pie_flag = false;  // DT_BIND_NOW, DF_BIND_NOW, DF_1_NOW; DF_1_PIE
  std::vector<ElfSymbol> symbols;           // dynamic ones, with a name
  bool symbols_read = false;                // false: there are none, or their count or place could not be told
  // MIPS: addresses in the local part of the global offset table; what position-independent code calls in its own file
  // stands there.
  std::vector<std::uint64_t> mips_local_got;
  Known symtab = Known::unknown;  // whether an SHT_SYMTAB section is there

  const ElfSegment* segment(std::uint32_t wanted) const;  // first of that type, or null
  const ElfSymbol* symbol(std::string_view name) const;   // null: none
};

inline constexpr std::uint16_t kElfRelocatable = 1, kElfExecutable = 2, kElfShared = 3, kElfCore = 4;
inline constexpr std::uint32_t kElfInterp = 3, kElfGnuStack = 0x6474e551, kElfGnuRelro = 0x6474e552;
inline constexpr std::uint32_t kElfFlagExecute = 1;

// An error where the header or the table of program headers is broken or lies outside; anything behind them that is
// broken is left out.
Result<Elf> read_elf(Bytes file);

// "mips", "arm", "aarch64", "x86", "x86-64", "riscv", "ppc" …; "unknown" for a number without a name here.
std::string_view elf_arch(std::uint16_t machine);

}  // namespace assay::parse
