// uImage, U-Boot's older container: a 64-byte header with CRCs over itself and over the data. What the header says of
// type and compression may be wrong; the walker looks at the bytes.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "unpack/format.h"
#include "unpack/printable.h"

namespace assay::unpack {
namespace {

struct Header {
  be32 magic;
  be32 header_crc;  // over the header with this field zero
  be32 time;
  be32 size;  // of the data behind the header
  be32 load;
  be32 entry;
  be32 data_crc;
  std::uint8_t os;
  std::uint8_t arch;
  std::uint8_t type;
  std::uint8_t compression;
  std::array<char, 32> name;
};
static_assert(sizeof(Header) == 64);

constexpr Magic kMagics[] = {{"\x27\x05\x19\x56"}};
constexpr std::uint8_t kMulti = 4, kScript = 6;

template <std::size_t N>
std::string_view word(const std::array<std::string_view, N>& words, std::uint8_t code) {
  return code < N ? words[code] : std::string_view{};
}
constexpr std::array<std::string_view, 27> kArch = {
    "",       "Alpha",   "ARM",     "x86",      "IA-64", "MIPS",       "MIPS64",  "PowerPC",  "S/390",
    "SuperH", "SPARC",   "SPARC64", "M68K",     "Nios",  "MicroBlaze", "Nios II", "Blackfin", "AVR32",
    "ST200",  "sandbox", "NDS32",   "OpenRISC", "ARM64", "ARC",        "x86-64",  "Xtensa",   "RISC-V"};
constexpr std::array<std::string_view, 10> kType = {
    "",       "standalone program", "kernel",      "ramdisk", "multi-file", "firmware",
    "script", "filesystem",         "device tree", "kwbimage"};
constexpr std::array<std::string_view, 7> kCompression = {"", "gzip", "bzip2", "lzma", "lzo", "lz4", "zstd"};

Result<Header> read_header(Bytes image) {
  Reader in(image);
  Header h = ASSAY_TRY(in.read<Header>("the uImage header"));
  if (h.magic != 0x27051956) return fail(Errc::malformed, "no uImage magic");
  Header blank = h;
  blank.header_crc = {};
  if (crc32({reinterpret_cast<const std::uint8_t*>(&blank), sizeof(blank)}) != h.header_crc)
    return fail_at(Errc::malformed, 4, "the uImage header's CRC does not match");
  return h;
}

std::string title_of(const Header& h) {
  std::string title = "uImage";
  const auto add = [&](std::string_view text) {
    if (!text.empty()) title += ' ' + std::string(text);
  };
  if (h.os == 5) add("Linux");
  add(word(kArch, h.arch));
  add(word(kType, h.type));
  title += quoted({h.name.data(), h.name.size()});
  const std::string_view compression = word(kCompression, h.compression);
  if (!compression.empty()) title += ", " + std::string(compression);
  return title;
}

Result<Extent> measure(Bytes image) {
  const Header h = ASSAY_TRY(read_header(image));
  return Extent{std::min<std::uint64_t>(sizeof(Header) + std::uint64_t{h.size}, image.size()), true, title_of(h)};
}

std::string part_name(const Header& h) {
  const std::string_view type = word(kType, h.type);
  return replace_all(std::string(type.empty() ? "data" : type), " ", "-");
}

// Multi-file and script: sizes up to a zero, then the parts, each padded to four bytes.
Result<void> extract_list(const Header& h, Bytes data, Sink& out) {
  Reader in(data, sizeof(Header));
  std::vector<std::uint32_t> sizes;
  for (;;) {
    const std::uint32_t size = ASSAY_TRY(in.read<be32>("the size of a part"));
    if (size == 0) break;
    if (sizes.size() == 64) return fail(Errc::malformed, "a list of more than 64 parts");
    sizes.push_back(size);
  }
  if (sizes.empty()) return fail(Errc::malformed, "an empty list of parts");
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const std::string name = h.type == kScript ? "script" : "part-" + std::to_string(i);
    const std::uint64_t at = in.at();
    const Bytes content = clip(data, at, sizes[i]);
    if (content.size() < sizes[i])
      out.refused(
          name, sizeof(Header) + at,
          Error{Errc::truncated,
                "it has " + std::to_string(sizes[i]) + " bytes, " + std::to_string(content.size()) + " are there",
                {},
                {},
                {}});
    if (content.empty()) break;
    ASSAY_TRY(out.part(name, content, sizeof(Header) + at, true));
    ASSAY_TRY(in.seek(std::min<std::uint64_t>(at + align_up(content.size(), 4), data.size()), "a part"));
  }
  return {};
}

Result<std::uint64_t> extract(Bytes image, Sink& out, Budget& budget) {
  const Header h = ASSAY_TRY(read_header(image));
  ASSAY_TRY(budget.check_time());
  const Bytes data = clip(image, sizeof(Header), h.size);
  if (data.size() < h.size)
    out.refused("data", sizeof(Header),
                Error{Errc::truncated,
                      "the uImage has " + std::to_string(std::uint32_t{h.size}) + " bytes of data, " +
                          std::to_string(data.size()) + " are there",
                      {},
                      {},
                      {}});
  else if (crc32(data) != h.data_crc)
    out.refused(
        "data", sizeof(Header),
        Error{Errc::malformed, "the data's CRC does not match: the bytes are damaged or were changed", {}, {}, {}});
  const std::uint64_t used = sizeof(Header) + data.size();
  if (data.empty()) return used;
  if (h.type == kMulti || h.type == kScript) {
    const Result<void> listed = extract_list(h, data, out);
    if (listed) return used;
    if (listed.error().code == Errc::limit) return fail(listed.error());
    out.refused("list of parts", sizeof(Header), listed.error());  // then as one part
  }
  ASSAY_TRY(out.part(part_name(h), data, sizeof(Header), true));
  return used;
}

}  // namespace

extern constinit const Format uimage{
    .name = "uimage",
    .title = "uImage of U-Boot",
    .reference = "U-Boot include/image.h",
    .limits = "headers whose magic or CRC a vendor changed",
    .magics = kMagics,
    .measure = measure,
    .extract = extract,
};

}  // namespace assay::unpack
