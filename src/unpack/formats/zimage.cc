// Linux kernels that unpack themselves: ARM's zImage and x86's bzImage. Both are code with a compressed kernel inside;
// the payload is handed on and the walker tells how it was compressed.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "unpack/format.h"
#include "unpack/printable.h"

namespace assay::unpack {
namespace {

// --- ARM (arch/arm/boot/compressed/head.S) ---

struct ArmHeader {
  std::array<std::array<std::uint8_t, 4>, 9> code;  // eight no-operations and a branch
  std::array<std::uint8_t, 4> magic;
  std::array<std::uint8_t, 4> start;  // in the kernel's byte order
  std::array<std::uint8_t, 4> end;
};
static_assert(sizeof(ArmHeader) == 0x30);

constexpr Magic kArmMagics[] = {{"\x18\x28\x6f\x01", 0x24}, {"\x01\x6f\x28\x18", 0x24}};

std::uint32_t word(const std::array<std::uint8_t, 4>& raw, bool big) { return big ? be32{raw} : le32{raw}; }
std::optional<std::uint32_t> word_at(Bytes bytes, std::uint64_t at, bool big) {
  if (at + 4 > bytes.size()) return std::nullopt;
  return word({bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]}, big);
}

struct Arm {
  bool big = false;
  std::uint64_t end = 0;  // may be more than is there
};

Result<Arm> read_arm(Bytes image) {
  Reader in(image);
  const ArmHeader h = ASSAY_TRY(in.read<ArmHeader>("the zImage header"));
  Arm arm;
  arm.big = h.magic[0] == 0x01;
  if (word(h.magic, arm.big) != 0x016f2818) return fail(Errc::malformed, "no zImage magic");
  // Code may have another byte order than data (BE8). The first word can be an EFI signature.
  int nops = 0;
  for (std::size_t i = 1; i < 8; ++i)
    if (word(h.code[i], false) == 0xe1a00000 || word(h.code[i], true) == 0xe1a00000 ||
        word(h.code[i], false) == 0x46c046c0)
      ++nops;
  if (nops < 5) return fail(Errc::malformed, "no no-operations before the zImage magic");
  const std::uint32_t start = word(h.start, arm.big), end = word(h.end, arm.big);
  if (end <= start || end - start < 0x400)
    return fail_at(Errc::malformed, 0x28, "the zImage's start and end contradict each other");
  arm.end = end - start;
  return arm;
}

bool has_device_tree(Bytes image, std::uint64_t at) { return starts_with(clip(image, at), "\xd0\x0d\xfe\xed"); }

Result<Extent> measure_arm(Bytes image) {
  const Arm arm = ASSAY_TRY(read_arm(image));
  std::string title = arm.big ? "zImage, Linux for ARM, big endian" : "zImage, Linux for ARM";
  if (has_device_tree(image, arm.end)) title += ", with appended device tree";
  return Extent{std::min<std::uint64_t>(arm.end, image.size()), true, title};
}

// Where the compressed kernel begins: the first place that looks like the head of a stream such as the kernel's build
// makes.
std::uint64_t find_payload(Bytes image) {
  const auto looks = [&](std::uint64_t at) {
    const Bytes b = clip(image, at, 16);
    if (b.size() < 16) return false;
    switch (b[0]) {
      case 0x1f:
        return b[1] == 0x8b && b[2] == 8 && (b[3] & 0xf7) == 0 && (b[8] == 0 || b[8] == 2 || b[8] == 4) && b[9] == 3;
      case 0xfd:
        return starts_with(b, std::string_view("\xfd"
                                               "7zXZ\0\0",
                                               7));
      case 0x5d:
        return starts_with(b, std::string_view("\x5d\0\0", 3)) && b[5] == 0xff && b[12] == 0xff;
      case 0x89:
        return starts_with(b, std::string_view("\x89LZO\0\r\n\x1a\n", 9));
      case 0x02:
        return starts_with(b, "\x02\x21\x4c\x18") && b[7] == 0;
      case 0x28:
        return starts_with(b, "\x28\xb5\x2f\xfd");
      case 0x42:
        return starts_with(b, "BZh9\x31\x41\x59\x26\x53\x59");
      default:
        return false;
    }
  };
  for (std::uint64_t at = 0; at < image.size(); ++at)
    if (looks(at)) return at;
  return image.size();
}

// Since Linux 4.15 a table, found by a word behind 0x45454545, tells where the payload's last word stands: its size
// when unpacked, which the build appends (for gzip it is the stream's own end).
std::uint64_t payload_end(Bytes image, std::uint64_t payload, bool big) {
  if (word_at(image, 0x34, big) == 0x45454545u) {
    const std::uint64_t table = word_at(image, 0x38, big).value_or(0);
    const std::uint64_t last = word_at(image, table + 8, big).value_or(0);
    const bool appended = image[payload] != 0x1f;
    if (word_at(image, table + 4, big) == 0x5a534c4bu && last > payload && last + 4 <= image.size())
      return appended ? last : last + 4;
  }
  return image.size();
}

Result<std::uint64_t> extract_arm(Bytes bytes, Sink& out, Budget& budget) {
  const Arm arm = ASSAY_TRY(read_arm(bytes));
  ASSAY_TRY(budget.check_time());
  const Bytes image = clip(bytes, 0, arm.end);
  if (image.size() < arm.end)
    out.refused("zImage", image.size(),
                Error{Errc::truncated,
                      "it has " + std::to_string(arm.end) + " bytes, " + std::to_string(image.size()) + " are there",
                      {},
                      {},
                      {}});
  const std::uint64_t payload = find_payload(image);
  if (payload == image.size()) {
    // Cut short, or compressed with something new: all of it is searched instead.
    out.refused("kernel", 0, Error{Errc::unsupported, "no compressed kernel was found in it", {}, {}, {}});
    ASSAY_TRY(out.part("code", image.subspan(sizeof(ArmHeader)), sizeof(ArmHeader), true));
    return image.size();
  }
  const std::uint64_t end = payload_end(image, payload, arm.big);
  ASSAY_TRY(out.part("kernel", image.subspan(payload, end - payload), payload, true));
  return image.size();
}

// --- x86 (Documentation/arch/x86/boot.rst) ---

struct SetupHeader {  // from 0x1f1
  std::uint8_t setup_sectors;
  le16 root_flags;
  le32 system_size;  // of what follows the setup sectors, in 16 bytes
  le16 ram_size;
  le16 video;
  le16 root;
  le16 boot_flag;
  le16 jump;
  std::array<char, 4> magic;
  le16 version;
  le32 realmode_switch;
  le16 start_system;
  le16 kernel_version;  // less 0x200: where the version's text stands
  std::uint8_t loader;
  std::uint8_t load_flags;
  std::array<std::uint8_t, 0x36> others;
  le32 payload_at;  // since version 2.08, from the end of the setup sectors
  le32 payload_size;
};
static_assert(sizeof(SetupHeader) == 0x250 - 0x1f1);

constexpr Magic kX86Magics[] = {{"HdrS", 0x202}};

struct X86 {
  SetupHeader header;
  std::uint64_t setup = 0;
  std::uint64_t end = 0;
};

Result<X86> read_x86(Bytes image) {
  Reader in(image);
  ASSAY_TRY(in.skip(0x1f1, "the boot sector"));
  X86 x{ASSAY_TRY(in.read<SetupHeader>("the setup header")), 0, 0};
  const SetupHeader& h = x.header;
  if (h.boot_flag != 0xaa55 || std::string_view(h.magic.data(), 4) != "HdrS")
    return fail(Errc::malformed, "no boot sector of a Linux kernel");
  if (h.version < 0x200 || h.version > 0x220)
    return fail_at(Errc::unsupported, 0x206, "an unknown version of the boot protocol");
  if (h.setup_sectors > 64 || h.system_size < 64)
    return fail_at(Errc::malformed, 0x1f1, "the sizes in the setup header make no sense");
  x.setup = (std::uint64_t{h.setup_sectors == 0 ? std::uint8_t{4} : h.setup_sectors} + 1) * 512;
  x.end = x.setup + std::uint64_t{h.system_size} * 16;
  if (h.version >= 0x208 && std::uint64_t{h.payload_at} + h.payload_size > x.end - x.setup)
    return fail_at(Errc::malformed, 0x248, "the payload lies outside the kernel");
  return x;
}

Result<Extent> measure_x86(Bytes image) {
  const X86 x = ASSAY_TRY(read_x86(image));
  std::string title = "bzImage, Linux for x86";
  if (x.header.kernel_version != 0) {
    const std::string_view text = as_text(clip(image, std::uint64_t{x.header.kernel_version} + 0x200, 80));
    const std::string version = printable(text.substr(0, text.find(' ')), 64);
    if (!version.empty() && is_digit(version.front())) title += ", " + version;
  }
  return Extent{std::min<std::uint64_t>(x.end, image.size()), true, title};
}

Result<std::uint64_t> extract_x86(Bytes bytes, Sink& out, Budget& budget) {
  const X86 x = ASSAY_TRY(read_x86(bytes));
  ASSAY_TRY(budget.check_time());
  const Bytes image = clip(bytes, 0, x.end);
  if (image.size() < x.end)
    out.refused("bzImage", image.size(),
                Error{Errc::truncated,
                      "it has " + std::to_string(x.end) + " bytes, " + std::to_string(image.size()) + " are there",
                      {},
                      {},
                      {}});
  std::uint64_t at = x.setup + x.header.payload_at, size = x.header.payload_size;
  if (x.header.version < 0x208 || size < 16) {
    const Bytes system = clip(image, x.setup);
    at = x.setup + find_payload(system);
    size = image.size() - std::min<std::uint64_t>(at, image.size());
  } else if (at < image.size() && image[at] != 0x1f) {
    size -= 4;  // the size when unpacked, appended by the build
  }
  const Bytes payload = clip(image, at, size);
  if (payload.empty()) {
    out.refused("kernel", 0, Error{Errc::unsupported, "no compressed kernel was found in it", {}, {}, {}});
    if (x.setup < image.size()) ASSAY_TRY(out.part("code", image.subspan(x.setup), x.setup, true));
  } else {
    ASSAY_TRY(out.part("kernel", payload, at, true));
  }
  return image.size();
}

}  // namespace

extern constinit const Format zimage{
    .name = "zimage",
    .title = "zImage, Linux for ARM",
    .reference = "Linux arch/arm/boot/compressed/head.S and vmlinux.lds.S",
    .limits = "payload's end in kernels before 4.15 is taken as the image's end",
    .magics = kArmMagics,
    .measure = measure_arm,
    .extract = extract_arm,
};

extern constinit const Format bzimage{
    .name = "bzimage",
    .title = "bzImage, Linux for x86",
    .reference = "Linux Documentation/arch/x86/boot.rst",
    .limits = "",
    .magics = kX86Magics,
    .measure = measure_x86,
    .extract = extract_x86,
};

}  // namespace assay::unpack
