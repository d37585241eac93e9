// Hardening of programs and libraries, from program headers and dynamic symbols: what checksec reads from sections is
// gone on most devices.
//
// nx       PT_GNU_STACK without PF_X: yes; with it: no. Without that header Linux gives x86, arm, mips, ppc and the
// like an executable
//          stack: no. On aarch64 and riscv it depends on the kernel: unknown. (Many MIPS cores cannot enforce it: the
//          fact is what the program asks for.)
// pie      DF_1_PIE, or a shared object with an interpreter and no soname. relro: PT_GNU_RELRO, full with immediate
// binding. canary   __stack_chk_fail imported. A C library that defines it tells nothing of its own code: unknown.
// Static: the name or its
//          message in the file is yes, else unknown.
// fortify  __*_chk imported. musl and OpenWrt's fortify-headers check inline and leave no trace: unknown there.
#include <algorithm>
#include <array>
#include <cstring>

#include "base/text.h"
#include "inspect/detector.h"
#include "parse/elf.h"

namespace assay::inspect {
namespace {

using parse::Elf;
using parse::ElfSymbol;
using parse::Known;
using std::string_view;

bool holds(Bytes content, string_view text) {
  return memmem(content.data(), content.size(), text.data(), text.size()) != nullptr;
}
bool begins(string_view text, string_view start) { return text.substr(0, start.size()) == start; }
bool ends(string_view text, string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

string_view linkage(const Elf& elf, Bytes content) {
  // Kernels without versions leave no vermagic; the section of struct module is always there.
  if (elf.type == parse::kElfRelocatable)
    return holds(content, "this_module") || holds(content, "vermagic=") ? "module" : "object";
  if (elf.type == parse::kElfExecutable) return elf.interpreter.empty() && elf.needed.empty() ? "static" : "dynamic";
  if (elf.pie_flag) return elf.interpreter.empty() ? "static" : "dynamic";
  // glibc's libc.so.6 has an interpreter too: a soname tells the library.
  return elf.interpreter.empty() || !elf.soname.empty() ? "library" : "dynamic";
}

string_view nx(const Elf& elf, string_view arch) {
  if (elf.type == parse::kElfRelocatable) return "unknown";
  if (const parse::ElfSegment* stack = elf.segment(parse::kElfGnuStack))
    return stack->flags & parse::kElfFlagExecute ? "no" : "yes";
  return arch == "aarch64" || arch == "riscv" || arch == "unknown" ? "unknown" : "no";
}

string_view relro(const Elf& elf) {
  if (elf.type == parse::kElfRelocatable) return "unknown";
  if (!elf.segment(parse::kElfGnuRelro)) return "none";
  return elf.bind_now ? "full" : "partial";
}

string_view canary(const Elf& elf, string_view link, Bytes content) {
  constexpr string_view kName = "__stack_chk_fail";
  if (link == "module" || link == "object") return holds(content, kName) ? "yes" : "unknown";
  if (link == "static") return holds(content, kName) || holds(content, "stack smashing detected") ? "yes" : "unknown";
  if (!elf.symbols_read) return "unknown";
  for (string_view name : {kName, string_view("__stack_smash_handler"), string_view("__stack_chk_fail_local")})
    if (const ElfSymbol* s = elf.symbol(name)) {
      if (!s->defined) return "yes";
      // On MIPS the local part of the GOT says whether the library calls its own.
      const auto& got = elf.mips_local_got;
      return std::find(got.begin(), got.end(), s->value) != got.end() ? "yes" : "unknown";
    }
  return "no";
}

// Functions that have a checked twin; a program that imports none of them has nothing to fortify.
bool fortifiable(string_view name) {
  constexpr std::array<string_view, 22> kNames = {"memcpy",   "memmove",  "memset",   "strcpy",   "strncpy",   "strcat",
                                                  "strncat",  "sprintf",  "snprintf", "vsprintf", "vsnprintf", "printf",
                                                  "fprintf",  "vfprintf", "gets",     "fgets",    "read",      "recv",
                                                  "recvfrom", "realpath", "stpcpy",   "syslog"};
  for (string_view n : kNames)
    if (n == name) return true;
  return false;
}

string_view fortify(const Elf& elf, string_view link) {
  if (link == "module" || link == "object" || link == "static" || !elf.symbols_read) return "unknown";
  bool plain = false;
  for (const ElfSymbol& s : elf.symbols) {
    if (s.defined) continue;
    if (begins(s.name, "__") && ends(s.name, "_chk") && s.name != "__fdelt_chk") return "yes";
    plain = plain || fortifiable(s.name);
  }
  bool musl = elf.interpreter.find("ld-musl") != string_view::npos;
  for (string_view n : elf.needed) musl = musl || n == "libc.so" || begins(n, "libc.musl");
  return plain && !musl ? "no" : "unknown";
}

string_view yes_no(Known k) { return k == Known::yes ? "yes" : k == Known::no ? "no" : "unknown"; }

void put(Fact& fact, string_view column, string_view text) {
  if (!text.empty()) fact.set(column, clean_utf8(text));
}

void file(const FileView& f, Facts& out) {
  if (f.kind != FileKind::elf) return;
  const Result<Elf> read = parse::read_elf(f.content);
  if (!read) {
    out.not_examined(f.place(), "binary", read.error().text());
    return;
  }
  const Elf& elf = *read;
  if (elf.type == parse::kElfCore) return;
  const string_view arch = parse::elf_arch(elf.machine), link = linkage(elf, f.content);
  const bool program = link == "static" || link == "dynamic";
  Fact& fact = out.add("binary", f.place());
  fact.at = 0;
  fact.set("path", "/" + std::string(f.path))
      .set("arch", arch)
      .set("bits", elf.bits)
      .set("endian", elf.big ? "big" : "little")
      .set("linkage", link);
  fact.set("nx", nx(elf, arch));
  fact.set("pie", !program ? "not-applicable" : elf.type == parse::kElfShared ? "yes" : "no");
  fact.set("relro", relro(elf)).set("canary", canary(elf, link, f.content)).set("fortify", fortify(elf, link));
  fact.set("stripped",
           elf.symtab == Known::unknown ? "unknown" : yes_no(elf.symtab == Known::yes ? Known::no : Known::yes));
  put(fact, "runpath", elf.runpath);
  std::vector<std::string> needed(elf.needed.begin(), elf.needed.end());
  put(fact, "needed", join(needed, ","));
  put(fact, "interpreter", elf.interpreter);
  put(fact, "soname", elf.soname);
  fact.excerpt = make_excerpt(f.content, 0, elf.bits == 64 ? 24 : 20,
                              "ELF header: " + std::to_string(elf.bits) + "-bit " + (elf.big ? "big" : "little") +
                                  "-endian " + std::string(arch) + ", " + std::string(link));
}

constexpr string_view kTables[] = {"binary"};

}  // namespace

extern constinit const Detector binaries{
    .name = "binaries",
    .title = "hardening of programs and libraries",
    .tables = kTables,
    .file = file,
};

}  // namespace assay::inspect
