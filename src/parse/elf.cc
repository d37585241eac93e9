#include "parse/elf.h"

#include <algorithm>
#include <cstring>

#include "base/reader.h"

namespace assay::parse {
namespace {

using std::string_view;

constexpr std::uint32_t kLoad = 1, kDynamic = 2;
enum : std::uint64_t {  // d_tag
  kNull = 0,
  kNeeded = 1,
  kHash = 4,
  kStrTab = 5,
  kSymTab = 6,
  kStrSize = 10,
  kSoname = 14,
  kRpath = 15,
  kBindNow = 24,
  kRunpath = 29,
  kFlags = 30,
  kGnuHash = 0x6ffffef5,
  kFlags1 = 0x6ffffffb,
  kPltGot = 3,
  kMipsLocalGot = 0x7000000a,
  kMipsSymbols = 0x70000011
};
constexpr std::uint64_t kFlagBindNow = 8, kFlag1Now = 1, kFlag1Pie = 0x08000000;
constexpr std::uint32_t kSymtabSection = 2;
// More dynamic entries than any loader meets; a hostile table ends here.
constexpr std::size_t kMaxDynamic = 65536;

// Integers by place, in the file's byte order; 0 with `good` false where they lie outside.
class Words {
 public:
  Words(Bytes file, bool wide, bool big) : file_(file), wide_(wide), big_(big) {}
  bool good() const { return good_; }
  std::uint64_t get(std::uint64_t at, unsigned size) {
    if (at > file_.size() || file_.size() - at < size) {
      good_ = false;
      return 0;
    }
    std::uint64_t v = 0;
    for (unsigned i = 0; i < size; ++i) v |= std::uint64_t{file_[at + i]} << (8 * (big_ ? size - 1 - i : i));
    return v;
  }
  std::uint16_t half(std::uint64_t at) { return static_cast<std::uint16_t>(get(at, 2)); }
  std::uint32_t word(std::uint64_t at) { return static_cast<std::uint32_t>(get(at, 4)); }
  std::uint64_t address(std::uint64_t at) { return get(at, wide_ ? 8 : 4); }

 private:
  Bytes file_;
  bool wide_, big_;
  bool good_ = true;
};

constexpr std::size_t kMaxNeeded = 256;
// Longer names exist in C++, but nothing here asks for them; the bound keeps a table without NULs from costing its
// square.
constexpr std::uint64_t kMaxName = 4096;

// Text from `at` to its NUL inside `table`; empty where it does not end there.
string_view c_text(Bytes table, std::uint64_t at) {
  const string_view rest = as_text(clip(table, at, kMaxName));
  const std::size_t end = rest.find('\0');
  return end == string_view::npos ? string_view() : rest.substr(0, end);
}

class ElfReader {
 public:
  explicit ElfReader(Bytes file, bool wide, bool big) : file_(file), words_(file, wide, big), wide_(wide) {
    out_.bits = wide ? 64 : 32;
    out_.big = big;
  }

  Result<Elf> read() {
    out_.type = words_.half(16);
    out_.machine = words_.half(18);
    out_.entry = words_.address(24);
    const std::uint64_t table = words_.address(wide_ ? 32 : 28);
    section_table_ = words_.address(wide_ ? 40 : 32);
    const std::uint64_t counts = wide_ ? 54 : 42;
    const std::uint16_t size = words_.half(counts), count = words_.half(counts + 2);
    section_size_ = words_.half(counts + 4);
    section_count_ = words_.half(counts + 6);
    if (!words_.good()) return fail_at(Errc::truncated, file_.size(), "the ELF header is cut short");
    if (out_.type == 0 || out_.type > kElfCore)
      return fail_at(Errc::unsupported, 16, "ELF type " + std::to_string(out_.type) + " is no program");
    if (count > 0) {
      if (size < (wide_ ? 56u : 32u))
        return fail_at(Errc::malformed, counts,
                       "ELF program headers of " + std::to_string(size) + " bytes are too small");
      // Both factors fit 16 bits, so the product cannot wrap.
      if (table > file_.size() || std::uint64_t{size} * count > file_.size() - table)
        return fail_at(Errc::truncated, table, "the ELF program headers lie outside the file");
      for (std::uint64_t i = 0; i < count; ++i) add_segment(table + i * size);
    }
    sections();
    if (const ElfSegment* s = out_.segment(kElfInterp))
      out_.interpreter = c_text(clip(file_, s->offset, s->file_size), 0);
    if (const ElfSegment* s = out_.segment(kDynamic)) dynamic(*s);
    return std::move(out_);
  }

 private:
  void add_segment(std::uint64_t at) {
    ElfSegment s;
    s.type = words_.word(at);
    s.flags = words_.word(at + (wide_ ? 4 : 24));
    s.offset = words_.address(at + (wide_ ? 8 : 4));
    s.address = words_.address(at + (wide_ ? 16 : 8));
    s.file_size = clip(file_, s.offset, words_.address(at + (wide_ ? 32 : 16))).size();
    out_.segments.push_back(s);
  }

  // Only whether an SHT_SYMTAB stands there.
  void sections() {
    if (section_table_ == 0 || section_count_ == 0) {
      out_.symtab = Known::no;
      return;
    }
    if (section_size_ < (wide_ ? 64u : 40u) || section_table_ > file_.size() ||
        std::uint64_t{section_size_} * section_count_ > file_.size() - section_table_)
      return;
    out_.symtab = Known::no;
    for (std::uint64_t i = 0; i < section_count_; ++i)
      if (words_.word(section_table_ + i * section_size_ + 4) == kSymtabSection) out_.symtab = Known::yes;
  }

  // The file's bytes from a virtual address to the end of its segment.
  Bytes at_address(std::uint64_t address, std::uint64_t* offset = nullptr) const {
    for (const ElfSegment& s : out_.segments) {
      if (s.type != kLoad || address < s.address || address - s.address >= s.file_size) continue;
      if (offset) *offset = s.offset + (address - s.address);
      return clip(file_, s.offset + (address - s.address), s.file_size - (address - s.address));
    }
    return {};
  }

  void dynamic(const ElfSegment& segment) {
    out_.dynamic = true;
    const unsigned entry = wide_ ? 16 : 8;
    std::uint64_t strings = 0, string_size = 0, symbols = 0, hash = 0, gnu_hash = 0, mips_symbols = 0;
    std::uint64_t soname = 0, runpath = 0, rpath = 0, got = 0, local_got = 0;
    std::vector<std::uint64_t> needed;
    const std::size_t count = std::min<std::uint64_t>(segment.file_size / entry, kMaxDynamic);
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t at = segment.offset + i * entry;
      const std::uint64_t tag = words_.address(at), value = words_.address(at + entry / 2);
      if (tag == kNull) break;
      switch (tag) {
        case kNeeded:
          if (needed.size() < kMaxNeeded) needed.push_back(value);
          break;
        case kHash:
          hash = value;
          break;
        case kStrTab:
          strings = value;
          break;
        case kSymTab:
          symbols = value;
          break;
        case kStrSize:
          string_size = value;
          break;
        case kSoname:
          soname = value;
          break;
        case kRpath:
          rpath = value;
          break;
        case kRunpath:
          runpath = value;
          break;
        case kBindNow:
          out_.bind_now = true;
          break;
        case kFlags:
          out_.bind_now |= (value & kFlagBindNow) != 0;
          break;
        case kFlags1:
          out_.bind_now |= (value & kFlag1Now) != 0;
          out_.pie_flag = (value & kFlag1Pie) != 0;
          break;
        case kGnuHash:
          gnu_hash = value;
          break;
        case kPltGot:
          got = value;
          break;
        case kMipsLocalGot:
          local_got = value;
          break;
        case kMipsSymbols:
          mips_symbols = value;
          break;
        default:
          break;
      }
    }
    if (local_got) read_local_got(got, local_got);
    const Bytes names = strings ? clip(at_address(strings), 0, string_size) : Bytes();
    for (std::uint64_t n : needed)
      if (const string_view name = c_text(names, n); !name.empty()) out_.needed.push_back(name);
    if (soname) out_.soname = c_text(names, soname);
    if (runpath || rpath) out_.runpath = c_text(names, runpath ? runpath : rpath);
    if (symbols && !names.empty()) read_symbols(symbols, hash, gnu_hash, mips_symbols, names);
  }

  void read_local_got(std::uint64_t address, std::uint64_t count) {
    std::uint64_t at = 0;
    const Bytes table = at_address(address, &at);
    const unsigned size = wide_ ? 8 : 4;
    if (count > table.size() / size) return;
    for (std::uint64_t i = 0; i < count; ++i) out_.mips_local_got.push_back(words_.address(at + i * size));
  }

  // Nothing in PT_DYNAMIC says how many symbols there are; the hash tables do.
  std::uint64_t count_symbols(std::uint64_t hash, std::uint64_t gnu_hash, std::uint64_t mips_symbols) {
    std::uint64_t at = 0;
    if (hash && at_address(hash, &at).size() >= 8) return words_.word(at + 4);  // nchain
    if (mips_symbols) return mips_symbols;
    const Bytes table = gnu_hash ? at_address(gnu_hash, &at) : Bytes();
    if (table.size() < 16) return 0;
    const std::uint64_t buckets = words_.word(at), first = words_.word(at + 4), bloom = words_.word(at + 8);
    const std::uint64_t bucket_at = 16 + bloom * (wide_ ? 8 : 4);  // 2^32 * 8 fits
    if (bucket_at > table.size() || buckets > (table.size() - bucket_at) / 4) return 0;
    std::uint64_t last = 0;
    for (std::uint64_t i = 0; i < buckets; ++i)
      last = std::max<std::uint64_t>(last, words_.word(at + bucket_at + 4 * i));
    // Nothing hashed (a program that exports nothing): the symbols before `first` are the imports. Some linkers write 1
    // there.
    if (last < first) return first;
    const std::uint64_t chain_at = bucket_at + 4 * buckets;
    for (;; ++last) {
      const std::uint64_t link = chain_at + 4 * (last - first);
      if (link > table.size() || table.size() - link < 4) return 0;
      if (words_.word(at + link) & 1u) return last + 1;
    }
  }

  void read_symbols(std::uint64_t symbols, std::uint64_t hash, std::uint64_t gnu_hash, std::uint64_t mips_symbols,
                    Bytes names) {
    const unsigned size = wide_ ? 24 : 16;
    std::uint64_t at = 0;
    const Bytes table = at_address(symbols, &at);
    const std::uint64_t count = count_symbols(hash, gnu_hash, mips_symbols);
    if (count <= 1 || count > table.size() / size) return;
    out_.symbols_read = true;
    for (std::uint64_t i = 1; i < count; ++i) {
      const string_view name = c_text(names, words_.word(at + i * size));
      if (!name.empty())
        out_.symbols.push_back({name, words_.half(at + i * size + (wide_ ? 6 : 14)) != 0,
                                words_.address(at + i * size + (wide_ ? 8 : 4))});
    }
  }

  Bytes file_;
  Words words_;
  bool wide_;
  std::uint64_t section_table_ = 0;
  std::uint16_t section_size_ = 0, section_count_ = 0;
  Elf out_;
};

}  // namespace

const ElfSegment* Elf::segment(std::uint32_t wanted) const {
  for (const ElfSegment& s : segments)
    if (s.type == wanted) return &s;
  return nullptr;
}

const ElfSymbol* Elf::symbol(string_view name) const {
  for (const ElfSymbol& s : symbols)
    if (s.name == name) return &s;
  return nullptr;
}

Result<Elf> read_elf(Bytes file) {
  if (!starts_with(file,
                   "\x7f"
                   "ELF"))
    return fail_at(Errc::malformed, 0, "no ELF magic");
  if (file.size() < 52) return fail_at(Errc::truncated, file.size(), "the ELF header is cut short");
  if (file[4] != 1 && file[4] != 2)
    return fail_at(Errc::malformed, 4, "ELF class " + std::to_string(file[4]) + " is neither 32 nor 64 bits");
  if (file[5] != 1 && file[5] != 2)
    return fail_at(Errc::malformed, 5, "ELF byte order " + std::to_string(file[5]) + " is neither little nor big");
  return ElfReader(file, file[4] == 2, file[5] == 2).read();
}

string_view elf_arch(std::uint16_t machine) {
  struct Name {
    std::uint16_t machine;
    string_view name;
  };
  static constexpr Name kNames[] = {
      {2, "sparc"},     {3, "x86"},        {4, "m68k"},      {8, "mips"},         {20, "ppc"},       {21, "ppc64"},
      {22, "s390"},     {40, "arm"},       {42, "sh"},       {43, "sparc64"},     {45, "arc"},       {62, "x86-64"},
      {83, "avr"},      {92, "openrisc"},  {93, "arc"},      {94, "xtensa"},      {106, "blackfin"}, {113, "nios2"},
      {164, "hexagon"}, {167, "nds32"},    {183, "aarch64"}, {189, "microblaze"}, {195, "arc"},      {243, "riscv"},
      {252, "csky"},    {258, "loongarch"}};
  for (const Name& n : kNames)
    if (n.machine == machine) return n.name;
  return "unknown";
}

}  // namespace assay::parse
