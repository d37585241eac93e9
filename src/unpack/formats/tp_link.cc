// TP-Link's first image header (version 1): 512 bytes, then kernel and root file system. docs/formats/tp_link.md has
// the layout.
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
  be32 version;
  std::array<char, 24> vendor;
  std::array<char, 36> firmware;
  be32 hardware;
  be32 revision;
  be32 region;
  std::array<std::uint8_t, 16> md5;  // over all the image, with a fixed salt in its place
  be32 zero1;
  std::array<std::uint8_t, 16> md5_kernel;  // mostly left empty or not checked by devices
  be32 zero2;
  be32 load;
  be32 entry;
  be32 length;  // of all
  be32 kernel_at;
  be32 kernel_size;
  be32 root_at;
  be32 root_size;
  be32 boot_at;
  be32 boot_size;
};
static_assert(sizeof(Header) == 0x98);

constexpr Magic kMagics[] = {{std::string_view("\x01\x00\x00\x00TP-LINK", 11)},
                             {std::string_view("\x01\x00\x00\x00OpenWrt", 11)},
                             {std::string_view("\x01\x00\x00\x00LEDE", 8)}};
constexpr std::uint64_t kHeaderSize = 512, kMd5At = 0x4c;
constexpr std::array<std::uint8_t, 16> kSalt = {0xdc, 0xd7, 0x3a, 0xa5, 0xc3, 0x95, 0x98, 0xfb,
                                                0xdd, 0xf9, 0xe7, 0xf4, 0x0e, 0xae, 0x47, 0x38};
constexpr std::array<std::uint8_t, 16> kSaltWithBoot = {0x8c, 0xef, 0x33, 0x5b, 0xd5, 0xc5, 0xce, 0xfa,
                                                        0xa7, 0x9c, 0x28, 0xda, 0xb2, 0xe9, 0x0f, 0x42};

Result<Header> read_header(Bytes image) {
  if (image.size() < kHeaderSize) return fail(Errc::truncated, "a TP-Link header has 512 bytes");
  Reader in(image);
  const Header h = ASSAY_TRY(in.read<Header>("the TP-Link header"));
  if (h.version != 0x01000000) return fail(Errc::malformed, "not version 1 of the TP-Link header");
  if (h.zero1 != 0 || h.zero2 != 0) return fail(Errc::malformed, "bytes that are zero in a TP-Link header are not");
  const std::uint64_t length = h.length, at = h.kernel_at, size = h.kernel_size;
  if (length <= kHeaderSize || at < kHeaderSize || size == 0 || at > length || size > length - at)
    return fail_at(Errc::malformed, 0x7c, "the lengths in the TP-Link header contradict each other");
  return h;
}

Result<Extent> measure(Bytes image) {
  const Header h = ASSAY_TRY(read_header(image));
  std::string title = "TP-Link image" + quoted({h.vendor.data(), h.vendor.size()});
  const std::string firmware = printable({h.firmware.data(), h.firmware.size()});
  if (!firmware.empty()) title += " " + firmware;
  static constexpr char kDigits[] = "0123456789abcdef";
  title += ", hardware ";
  for (int shift = 28; shift >= 0; shift -= 4) title += kDigits[(h.hardware >> shift) & 15];
  return Extent{std::min<std::uint64_t>(h.length, image.size()), true, title};
}

bool md5_matches(const Header& h, Bytes whole) {
  std::vector<std::uint8_t> copy(whole.begin(), whole.end());
  for (const auto& salt : {kSalt, kSaltWithBoot}) {
    std::copy(salt.begin(), salt.end(), copy.begin() + kMd5At);
    const auto computed = container_hash("md5", copy);
    if (std::equal(computed.begin(), computed.end(), h.md5.begin(), h.md5.end())) return true;
  }
  return false;
}

Result<std::uint64_t> extract(Bytes image, Sink& out, Budget& budget) {
  const Header h = ASSAY_TRY(read_header(image));
  const Bytes whole = clip(image, 0, h.length);
  if (whole.size() < h.length) {
    out.refused("image", whole.size(),
                Error{Errc::truncated,
                      "the image has " + std::to_string(std::uint32_t{h.length}) + " bytes, " +
                          std::to_string(whole.size()) + " are there",
                      {},
                      {},
                      {}});
  } else {
    ASSAY_TRY(budget.charge_bytes(whole.size()));
    if (!md5_matches(h, whole))
      out.refused("image", kMd5At,
                  Error{Errc::malformed, "its MD5 does not match: the bytes are damaged or were changed", {}, {}, {}});
  }
  const Bytes kernel = clip(whole, h.kernel_at, h.kernel_size);
  if (!kernel.empty()) ASSAY_TRY(out.part("kernel", kernel, h.kernel_at, true));
  // The offset of the root file system is not to be trusted: OpenWrt puts the file system right behind the kernel and
  // leaves here what the device's boot loader wants to read. So all that follows the kernel is one part, and the walker
  // finds the file system.
  const std::uint64_t rest = std::uint64_t{h.kernel_at} + h.kernel_size;
  if (rest < whole.size()) ASSAY_TRY(out.part("rootfs", clip(whole, rest), rest, true));
  return whole.size();
}

}  // namespace

extern constinit const Format tp_link{
    .name = "tp-link",
    .title = "TP-Link image, header version 1",
    .reference = "docs/formats/tp_link.md",
    .limits = "versions 2 and 3; SafeLoader images",
    .magics = kMagics,
    .measure = measure,
    .extract = extract,
};

}  // namespace assay::unpack
