// The header that D-Link's network disks (DNS-320, DNS-325 …, boards with a Marvell chip) want before their parts.
// docs/formats/dlink.md has the layout.
#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <string_view>

#include "unpack/format.h"
#include "unpack/printable.h"

namespace assay::unpack {
namespace {

struct Header {
  struct Range {
    le32 at;
    le32 size;
  };
  std::array<Range, 4> parts;      // kernel, ramdisk, SquashFS, defaults
  std::array<le32, 4> checks;      // each part's whole little-endian words, XORed
  std::array<char, 12> signature;  // 55 aa, a name of eight bytes, 55 aa
  std::uint8_t product;
  std::uint8_t custom;
  std::uint8_t model;
  std::uint8_t sub;
};
static_assert(sizeof(Header) == 0x40);

// DNS323D1 (DNS-320) has been met; the others are the signatures of its sisters with the same header.
constexpr Magic kMagics[] = {{"\x55\xaa"
                              "DNS323D1"
                              "\x55\xaa",
                              0x30},
                             {std::string_view("\x55\xaa"
                                               "DNS-325\0"
                                               "\x55\xaa",
                                               12),
                              0x30},
                             {std::string_view("\x55\xaa"
                                               "DNS320B\0"
                                               "\x55\xaa",
                                               12),
                              0x30},
                             {std::string_view("\x55\xaa"
                                               "DNS320L\0"
                                               "\x55\xaa",
                                               12),
                              0x30},
                             {std::string_view("\x55\xaa"
                                               "DNS327L\0"
                                               "\x55\xaa",
                                               12),
                              0x30}};
constexpr std::uint64_t kHeaderSize = 128;
constexpr std::array<std::string_view, 4> kNames = {"kernel", "ramdisk", "squashfs", "defaults"};

struct Image {
  Header header;
  std::uint64_t end = 0;  // of the last part; may be more than is there
};

Result<Image> read(Bytes bytes) {
  Reader in(bytes);
  Image image{ASSAY_TRY(in.read<Header>("the D-Link header")), 0};
  std::uint64_t free_from = kHeaderSize;
  for (const Header::Range& r : image.header.parts) {
    if (r.size == 0) continue;
    if (r.at < free_from) return fail(Errc::malformed, "the parts in the D-Link header overlap");
    free_from = std::uint64_t{r.at} + r.size;
  }
  image.end = free_from;
  if (image.header.parts[0].size == 0) return fail(Errc::malformed, "a D-Link image without a kernel");
  if (image.header.parts[0].at >= bytes.size()) return fail(Errc::truncated, "the D-Link image ends before its kernel");
  return image;
}

Result<Extent> measure(Bytes bytes) {
  const Image image = ASSAY_TRY(read(bytes));
  const Header& h = image.header;
  std::string title = "D-Link image" + quoted({h.signature.data() + 2, 8}) + ", product " + std::to_string(h.product) +
                      ", model " + std::to_string(h.custom) + "." + std::to_string(h.model) + "." +
                      std::to_string(h.sub);
  return Extent{std::min<std::uint64_t>(image.end, bytes.size()), true, title};
}

// Over the whole words of `size` bytes, of which those that are not there count as zero: some of D-Link's own images
// say more bytes for their last part than they have.
std::uint32_t xor_words(Bytes part, std::uint64_t size) {
  std::uint32_t sum = 0;
  if (part.size() < size && part.size() % 4 != 0 && size - part.size() >= 4 - part.size() % 4) {
    le32 last{};
    std::memcpy(&last, part.data() + part.size() / 4 * 4, part.size() % 4);
    sum = last;
  }
  for (std::size_t i = 0; i + 4 <= part.size(); i += 4) {
    le32 word;
    std::memcpy(&word, part.data() + i, 4);
    sum ^= word;
  }
  return sum;
}

Result<std::uint64_t> extract(Bytes bytes, Sink& out, Budget& budget) {
  const Image image = ASSAY_TRY(read(bytes));
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    ASSAY_TRY(budget.check_time());
    const Header::Range& r = image.header.parts[i];
    if (r.size == 0) continue;
    const Bytes part = clip(bytes, r.at, r.size);
    const bool matches = xor_words(part, r.size) == image.header.checks[i];
    if (!matches && part.size() < r.size)
      out.refused(kNames[i], r.at,
                  Error{Errc::truncated,
                        "it has " + std::to_string(std::uint32_t{r.size}) + " bytes, " + std::to_string(part.size()) +
                            " are there",
                        {},
                        {},
                        {}});
    else if (!matches)
      out.refused(
          kNames[i], r.at,
          Error{Errc::malformed, "its checksum does not match: the bytes are damaged or were changed", {}, {}, {}});
    if (!part.empty()) ASSAY_TRY(out.part(kNames[i], part, r.at, true));
  }
  return std::min<std::uint64_t>(image.end, bytes.size());
}

}  // namespace

extern constinit const Format dlink{
    .name = "dlink",
    .title = "D-Link image for network disks",
    .reference = "docs/formats/dlink.md",
    .limits = "the older header of 64 bytes (DNS-321, DNS-323, DNS-343)",
    .magics = kMagics,
    .measure = measure,
    .extract = extract,
};

}  // namespace assay::unpack
