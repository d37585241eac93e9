// Zstandard frames (RFC 8878), joined where they follow each other.
#include <zstd.h>

#include "unpack/format.h"
#include "unpack/stream.h"

namespace assay::unpack {
namespace {

constexpr Magic kMagics[] = {{"\x28\xb5\x2f\xfd"}};

constexpr int kWindowLog = 26;  // 64 MiB

// Section 3.1.1.1. The header has neither checksum nor much structure: the reserved bit, and the first block's type and
// size.
Result<void> check_header(Bytes image) {
  Reader in(image);
  ASSAY_TRY(in.skip(4, "the zstd magic"));
  const std::uint8_t descriptor = ASSAY_TRY(in.take(1, "the zstd frame header"))[0];
  if (!starts_with(image, kMagics[0].bytes)) return fail_at(Errc::malformed, 0, "no zstd magic");
  if (descriptor & 8) return fail_at(Errc::malformed, 4, "a reserved bit of the zstd header is set");
  const bool single = descriptor & 0x20;
  constexpr std::uint64_t kDictionary[] = {0, 1, 2, 4};
  constexpr std::uint64_t kContent[] = {0, 2, 4, 8};
  std::uint64_t content = kContent[descriptor >> 6];
  if (single && content == 0) content = 1;
  ASSAY_TRY(in.skip((single ? 0 : 1) + kDictionary[descriptor & 3] + content, "the zstd frame header"));
  const Bytes block = ASSAY_TRY(in.take(3, "the first zstd block"));
  if (((block[0] >> 1) & 3) == 3)
    return fail_at(Errc::malformed, in.at() - 3, "the first zstd block has a reserved type");
  const std::uint32_t size = static_cast<std::uint32_t>(block[0] | block[1] << 8 | block[2] << 16) >> 3;
  if (size > (128u << 10))
    return fail_at(Errc::malformed, in.at() - 3, "the first zstd block is larger than blocks are");
  return {};
}

class Decoder {
 public:
  Decoder() : context_(ZSTD_createDCtx()) {}
  ~Decoder() { ZSTD_freeDCtx(context_); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  Result<void> restart() {
    if (!context_) return fail(Errc::limit, "no memory for zstd");
    ZSTD_DCtx_reset(context_, ZSTD_reset_session_only);
    ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, kWindowLog);
    return {};
  }
  Result<bool> step(Bytes& in, std::span<std::uint8_t>& out) {
    ZSTD_inBuffer from{in.data(), in.size(), 0};
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    const std::size_t status = ZSTD_decompressStream(context_, &to, &from);
    if (!ZSTD_isError(status)) {
      in = in.subspan(from.pos);
      out = out.subspan(to.pos);
      return status == 0;
    }
    return fail(Errc::malformed, std::string("zstd: ") + ZSTD_getErrorName(status));
  }

 private:
  ZSTD_DCtx* context_;
};

Result<Extent> measure(Bytes image) {
  ASSAY_TRY(check_header(image));
  return Extent{};
}

Result<std::uint64_t> extract(Bytes image, Sink& sink, Budget& budget) {
  ASSAY_TRY(check_header(image));
  Decoder decoder;
  return unpack_streams(
      image, "content", sink, budget, decoder, [](Bytes rest) { return check_header(rest).has_value(); }, 4096);
}

}  // namespace

extern constinit const Format zstd{
    .name = "zstd",
    .title = "Zstandard",
    .reference = "RFC 8878",
    .limits = "windows over 64 MiB and frames that need a dictionary are not read",
    .magics = kMagics,
    .measure = measure,
    .extract = extract,
};

}  // namespace assay::unpack
