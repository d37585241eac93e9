// LZ4, both the frame (lz4_Frame_format.md 1.6) and the legacy format that Linux packs its kernels in: blocks of 8 MiB,
// each behind its size, without an end mark.
#include <lz4.h>
#include <lz4frame.h>

#include "unpack/format.h"
#include "unpack/stream.h"

namespace assay::unpack {
namespace {

constexpr std::string_view kFrame = "\x04\x22\x4d\x18";
constexpr std::string_view kLegacy = "\x02\x21\x4c\x18";
constexpr Magic kMagics[] = {{kFrame}, {kLegacy}};

constexpr std::uint32_t kLegacyBlock = 8 << 20;

bool frame_begins(Bytes image) {
  if (image.size() < 7 || !starts_with(image, kFrame)) return false;
  // Version 01, no reserved bits (sections "FLG byte" and "BD byte"); the header's checksum is the library's to hold.
  return (image[4] & 0xc2) == 0x40 && (image[5] & 0x8f) == 0 && (image[5] >> 4) >= 4;
}

bool legacy_begins(Bytes image) {
  if (image.size() < 9 || !starts_with(image, kLegacy)) return false;
  const std::uint32_t size = Reader(image.subspan(4)).read<le32>("").value();
  return size > 0 && size <= static_cast<std::uint32_t>(LZ4_COMPRESSBOUND(kLegacyBlock));
}

class FrameDecoder {
 public:
  FrameDecoder() { LZ4F_createDecompressionContext(&context_, LZ4F_VERSION); }
  ~FrameDecoder() { LZ4F_freeDecompressionContext(context_); }
  FrameDecoder(const FrameDecoder&) = delete;
  FrameDecoder& operator=(const FrameDecoder&) = delete;

  Result<void> restart() {
    if (!context_) return fail(Errc::limit, "no memory for lz4");
    LZ4F_resetDecompressionContext(context_);
    return {};
  }
  Result<bool> step(Bytes& in, std::span<std::uint8_t>& out) {
    std::size_t given = out.size();
    std::size_t taken = in.size();
    const std::size_t status = LZ4F_decompress(context_, out.data(), &given, in.data(), &taken, nullptr);
    if (LZ4F_isError(status)) return fail(Errc::malformed, std::string("lz4: ") + LZ4F_getErrorName(status));
    in = in.subspan(taken);
    out = out.subspan(given);
    return status == 0;
  }

 private:
  LZ4F_dctx* context_ = nullptr;
};

// Blocks until one is short, or none follows. Linux appends the size of what comes out (scripts/Makefile.lib,
// size_append); that is not a block and is left to whoever wrapped the stream.
Result<std::uint64_t> extract_legacy(Bytes image, Sink& sink, Budget& budget) {
  Blob out(budget);
  Reader in(image);
  ASSAY_TRY(in.skip(4, "the lz4 magic"));
  std::optional<Error> damage;
  while (in.left() >= 4) {
    const std::uint64_t before = in.at();
    const std::uint32_t size = ASSAY_TRY(in.read<le32>("an lz4 block's size"));
    if (size == 0 || size > static_cast<std::uint32_t>(LZ4_COMPRESSBOUND(kLegacyBlock))) {
      ASSAY_TRY(in.seek(before, ""));
      break;
    }
    const bool cut = size > in.left();
    // A byte of LZ4 gives at most 255.
    const std::uint64_t most = std::min<std::uint64_t>(kLegacyBlock, std::uint64_t{size} * 256);
    const auto room = ASSAY_TRY(out.room(most));
    const int written =
        cut ? -1
            : LZ4_decompress_safe(reinterpret_cast<const char*>(image.data() + in.at()),
                                  reinterpret_cast<char*>(room.data()), static_cast<int>(size), static_cast<int>(most));
    if (written <= 0) {
      ASSAY_TRY(in.seek(before, ""));
      // Behind a full block, what does not decode may as well be what follows the stream.
      if (out.size() == 0)
        return fail_at(cut ? Errc::truncated : Errc::malformed, before, "the first lz4 block cannot be read");
      if (cut && size > (1u << 16)) damage = Error{Errc::truncated, "the stream ends too early", {}, before, {}};
      break;
    }
    ASSAY_TRY(in.skip(size, ""));
    ASSAY_TRY(out.commit(static_cast<std::uint64_t>(written)));
    ASSAY_TRY(budget.check_ratio(in.at(), out.size()));
    if (static_cast<std::uint32_t>(written) < kLegacyBlock) break;
  }
  if (out.size() == 0) return fail(Errc::malformed, "the lz4 stream has no block");
  if (damage) sink.refused("the rest of the stream", in.at(), *damage);
  ASSAY_TRY(sink.part("content", out.bytes(), 0, false));
  return in.at();
}

Result<Extent> measure(Bytes image) {
  if (!frame_begins(image) && !legacy_begins(image)) return fail(Errc::malformed, "no lz4 header");
  Extent extent;
  if (starts_with(image, kLegacy)) extent.title = "LZ4, legacy format";
  return extent;
}

Result<std::uint64_t> extract(Bytes image, Sink& sink, Budget& budget) {
  if (legacy_begins(image)) return extract_legacy(image, sink, budget);
  if (!frame_begins(image)) return fail(Errc::malformed, "no lz4 header");
  FrameDecoder decoder;
  return unpack_streams(image, "content", sink, budget, decoder, frame_begins, 4096);
}

}  // namespace

extern constinit const Format lz4{
    .name = "lz4",
    .title = "LZ4",
    .reference = "lz4_Frame_format.md 1.6.2, section Legacy frame included",
    .limits = "frames that need a dictionary are not read",
    .magics = kMagics,
    .measure = measure,
    .extract = extract,
};

}  // namespace assay::unpack
