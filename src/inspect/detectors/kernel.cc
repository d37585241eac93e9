// Kernels: the banner "Linux version …" in decompressed parts, the configuration kept inside (ikconfig) or as a file,
// and the modules of a tree. Only options that bear on how hard a kernel is to attack, and a few that name the machine,
// are listed.
#include <zlib.h>

#include <array>
#include <map>

#include "base/text.h"
#include "inspect/detector.h"

namespace assay::inspect {
namespace {

using std::string;
using std::string_view;

constexpr string_view kTables[] = {"kernel", "component"};
constexpr std::size_t kMostConfig = std::size_t{4} << 20;  // of a decompressed configuration
constexpr string_view kBanner = "Linux version ";

// Written without CONFIG_, in the order reported.
constexpr string_view kOptions[] = {"ARM",
                                    "ARM64",
                                    "MIPS",
                                    "PPC",
                                    "RISCV",
                                    "X86_64",
                                    "SMP",
                                    "PREEMPT",
                                    "MODULES",
                                    "MODULE_SIG",
                                    "MODULE_SIG_FORCE",
                                    "STRICT_KERNEL_RWX",
                                    "STRICT_MODULE_RWX",
                                    "DEBUG_RODATA",
                                    "RANDOMIZE_BASE",
                                    "STACKPROTECTOR",
                                    "STACKPROTECTOR_STRONG",
                                    "CC_STACKPROTECTOR",
                                    "CC_STACKPROTECTOR_STRONG",
                                    "CC_STACKPROTECTOR_REGULAR",
                                    "HARDENED_USERCOPY",
                                    "FORTIFY_SOURCE",
                                    "SECCOMP",
                                    "SECURITY",
                                    "SECURITY_SELINUX",
                                    "SECURITY_APPARMOR",
                                    "SECURITY_SMACK",
                                    "SECURITY_YAMA",
                                    "SECURITY_LOCKDOWN_LSM",
                                    "DM_VERITY",
                                    "DM_CRYPT",
                                    "FS_VERITY",
                                    "IMA",
                                    "EVM",
                                    "DEVMEM",
                                    "STRICT_DEVMEM",
                                    "DEVKMEM",
                                    "KEXEC",
                                    "KALLSYMS",
                                    "DEBUG_FS",
                                    "MAGIC_SYSRQ",
                                    "IKCONFIG",
                                    "SLAB_FREELIST_RANDOM",
                                    "INIT_ON_ALLOC_DEFAULT_ON",
                                    "BPF_SYSCALL",
                                    "USER_NS",
                                    "PANIC_ON_OOPS",
                                    "OVERLAY_FS",
                                    "SQUASHFS"};

bool is_version_char(char c) { return is_alnum(c) || c == '.' || c == '-' || c == '_' || c == '+' || c == '~'; }

// "SMP=y,MODULES=y": those of kOptions that a configuration sets; the others of kOptions are off.
string options_of(string_view config) {
  std::map<string_view, string_view> set;
  each_line(config, [&](string_view line, std::size_t) {
    if (!line.starts_with("CONFIG_")) return;
    const std::size_t equals = line.find('=');
    if (equals != string_view::npos) set.emplace(line.substr(7, equals - 7), line.substr(equals + 1));
  });
  std::vector<string> out;
  for (const string_view option : kOptions)
    if (const auto at = set.find(option); at != set.end() && (at->second == "y" || at->second == "m"))
      out.push_back(string(option) + "=" + string(at->second));
  return join(out, ",");
}

string_view arch_of_config(string_view config) {
  constexpr std::pair<string_view, string_view> kArchs[] = {
      {"\nCONFIG_ARM64=y", "aarch64"}, {"\nCONFIG_ARM=y", "arm"},     {"\nCONFIG_MIPS=y", "mips"},
      {"\nCONFIG_PPC=y", "ppc"},       {"\nCONFIG_RISCV=y", "riscv"}, {"\nCONFIG_X86_64=y", "x86-64"},
      {"\nCONFIG_X86_32=y", "x86"}};
  for (const auto& [line, arch] : kArchs)
    if (config.find(line) != string_view::npos) return arch;
  return "unknown";
}

string gunzip(Bytes packed, std::size_t most) {
  z_stream stream{};
  string out;
  if (inflateInit2(&stream, 15 + 16) != Z_OK) return out;
  stream.next_in = const_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(std::min<std::size_t>(packed.size(), most));
  std::array<char, 1 << 15> block;
  for (int status = Z_OK; status == Z_OK && out.size() < most;) {
    stream.next_out = reinterpret_cast<Bytef*>(block.data());
    stream.avail_out = static_cast<uInt>(block.size());
    status = inflate(&stream, Z_NO_FLUSH);
    out.append(block.data(), block.size() - stream.avail_out);
    if (stream.avail_out == block.size()) break;
  }
  inflateEnd(&stream);
  return out;
}

// e_machine of an ELF header, in the words of table `binary`.
string_view arch_of_elf(string_view elf) {
  if (elf.size() < 20) return "unknown";
  const bool big = elf[5] == 2;
  const auto low = static_cast<unsigned char>(elf[big ? 19 : 18]),
             high = static_cast<unsigned char>(elf[big ? 18 : 19]);
  switch (high << 8 | low) {
    case 3:
      return "x86";
    case 8:
      return "mips";
    case 20:
      return "ppc";
    case 21:
      return "ppc64";
    case 40:
      return "arm";
    case 62:
      return "x86-64";
    case 183:
      return "aarch64";
    case 243:
      return "riscv";
    default:
      return "unknown";
  }
}

void component(string place, string_view version, std::optional<std::uint64_t> at, std::optional<Excerpt> excerpt,
               Facts& out) {
  // The mainline release is what a CVE speaks of: 4.4.182 of "4.4.182-vendor1+".
  std::size_t n = 0;
  while (n < version.size() && (is_digit(version[n]) || version[n] == '.')) ++n;
  while (n > 0 && version[n - 1] == '.') --n;
  const string number(version.substr(0, n));
  if (number.empty()) return;
  Fact& fact = out.add("component", std::move(place))
                   .set("name", "linux")
                   .set("version", number)
                   .set("supplier", "Linux kernel project")
                   .set("purl", "pkg:generic/linux@" + number)
                   .set("cpe", "cpe:2.3:o:linux:linux_kernel:" + number + ":*:*:*:*:*:*:*")
                   .set("method", "kernel");
  fact.at = at;
  fact.excerpt = std::move(excerpt);
}

void banner(string place, Bytes content, Facts& out) {
  const string_view text = as_text(content);
  for (std::size_t at = text.find(kBanner); at != string_view::npos; at = text.find(kBanner, at + 1)) {
    const std::size_t from = at + kBanner.size();
    if (from >= text.size() || !is_digit(text[from])) continue;  // "Linux version %s"
    std::size_t end = from;
    while (end < text.size() && end - from < 64 && is_version_char(text[end])) ++end;
    const string version(text.substr(from, end - from));
    // init/version.c: Linux version R (builder@host) (compiler) #1 date. Anything else speaks of a kernel, and is none.
    std::size_t stop = end;
    while (stop < text.size() && stop - at < 512 && static_cast<unsigned char>(text[stop]) >= 0x20) ++stop;
    const string line = clean_utf8(text.substr(at, stop - at));
    if (!text.substr(end).starts_with(" (") || line.find('#') == string::npos || version.find('.') == string::npos)
      continue;

    Fact& fact = out.add("kernel", place).set("version", version).set("banner", line);
    fact.at = at;
    fact.excerpt = make_excerpt(content, at, kBanner.size() + version.size(), "the kernel's own banner");
    // kernel/configs.c keeps the configuration between IKCFG_ST and IKCFG_ED, gzipped.
    string config;
    if (const std::size_t ik = text.find(string_view("IKCFG_ST\x1f\x8b", 10)); ik != string_view::npos)
      config = gunzip(content.subspan(ik + 8), kMostConfig);
    if (!config.empty()) {
      fact.set("options", options_of(config)).set("options_source", "ikconfig").set("arch", arch_of_config(config));
    } else {
      fact.set("options_source", "none");
    }
    auto excerpt = fact.excerpt;
    component(std::move(place), version, at, std::move(excerpt), out);
    return;
  }
}

void part(string_view place, Bytes content, Facts& out) { banner(string(place), content, out); }

void file(const FileView& view, Facts& out) {
  const string_view name = view.path.substr(view.path.rfind('/') == string_view::npos ? 0 : view.path.rfind('/') + 1);
  if (name.starts_with("vmlinu") || name == "Image" || name.starts_with("Image-"))
    banner(view.place(), view.content, out);
}

// One row a directory lib/modules/VERSION. What its modules say of their kernel stands in any of them; the trees keep
// small ones.
void tree(const Tree& t, Facts& out) {
  for (const string_view root : {"lib/modules", "usr/lib/modules"}) {
    std::map<string, const TreeFile*> versions;  // version → a file in it, with contents where one was kept
    std::map<string, unsigned> modules;
    for (const TreeFile* f : t.below(root)) {
      const string& path = f->entry.path;
      if (path.size() <= root.size() + 1) continue;
      const string_view rest = string_view(path).substr(root.size() + 1);
      const string version(rest.substr(0, rest.find('/')));
      if (version.empty() || !is_digit(version[0]) || version.find('.') == string::npos ||
          rest.size() <= version.size() + 1)
        continue;
      const TreeFile*& sample = versions[version];
      if (path.ends_with(".ko")) ++modules[version];
      const auto worth =
          [](const TreeFile& file) {  // some builds strip vermagic; the ELF header still names the machine
            if (!file.kept || !file.entry.path.ends_with(".ko")) return 0;
            return file.content.find("vermagic=") != string::npos ? 2 : 1;
          };
      if (!sample || worth(*f) > worth(*sample)) sample = f;
    }
    for (const auto& [version, sample] : versions) {
      const bool module = sample->kept && sample->entry.path.ends_with(".ko");
      const bool telling = module && sample->content.find("vermagic=") != string::npos;
      const string place = t.place_of(module ? sample->entry.path : string(root) + "/" + version);
      Fact& fact = out.add("kernel", place).set("version", version);
      if (module) fact.set("arch", arch_of_elf(sample->content));
      // A configuration beside the kernel: boot/config-VERSION.
      const TreeFile* config = t.resolve("boot/config-" + version);
      std::optional<std::uint64_t> at;
      std::optional<Excerpt> excerpt;
      if (telling) {
        const std::size_t magic = sample->content.find("vermagic=");
        string_view text = string_view(sample->content).substr(magic + 9);
        text = text.substr(0, std::min<std::size_t>(text.find('\0'), 256));
        const std::vector<string_view> parts = words(text);
        std::vector<string> options;
        for (std::size_t i = 1; i < parts.size(); ++i) options.push_back(clean_utf8(parts[i]));
        at = magic;
        excerpt = make_excerpt(as_bytes(sample->content), magic, 9 + text.size(),
                               "a module says for which kernel it was built");
        if (!config || !config->kept) fact.set("options", join(options, ",")).set("options_source", "modules");
      } else {
        if (modules[version] == 0) fact.confidence = "medium";
        if (!config || !config->kept) fact.set("options_source", "none");
      }
      if (config && config->kept) fact.set("options", options_of(config->content)).set("options_source", "file");
      fact.at = at;
      fact.excerpt = excerpt;
      if (modules[version] > 0) component(place, version, at, std::move(excerpt), out);
    }
  }
}

}  // namespace

extern constinit const Detector kernel{
    .name = "kernel",
    .version = 1,
    .title = "kernels by their banner, their configuration and their modules",
    .tables = kTables,
    .file = file,
    .tree = tree,
    .part = part,
};

}  // namespace assay::inspect
