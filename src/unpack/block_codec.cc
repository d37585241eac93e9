#include "unpack/block_codec.h"

#include <libdeflate.h>
#include <lz4.h>
#include <lzma.h>
#include <zstd.h>
#include <zstd_errors.h>

namespace assay::unpack {

struct BlockDecoder::State {
  BlockCodec codec;
  libdeflate_decompressor* deflate = nullptr;
  lzma_stream x = LZMA_STREAM_INIT;
  ZSTD_DCtx* zstd = nullptr;

  explicit State(BlockCodec c) : codec(c) {}
  ~State() {
    libdeflate_free_decompressor(deflate);
    lzma_end(&x);
    ZSTD_freeDCtx(zstd);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
};

namespace {

// Blocks are at most 1 MiB, so are honest dictionaries.
constexpr std::uint64_t kMemory = std::uint64_t{48} << 20;

std::string_view lzma_text(lzma_ret status) {
  switch (status) {
    case LZMA_MEM_ERROR:
      return "no memory";
    case LZMA_MEMLIMIT_ERROR:
      return "the dictionary is larger than a block has use for";
    case LZMA_FORMAT_ERROR:
      return "no such stream begins here";
    case LZMA_OPTIONS_ERROR:
      return "options that the library does not know";
    case LZMA_DATA_ERROR:
      return "the data is damaged";
    case LZMA_OK:
    case LZMA_BUF_ERROR:
      return "the data ends too early, or is more than a block";
    default:
      return "the decoder failed";
  }
}

}  // namespace

std::string_view name(BlockCodec codec) {
  switch (codec) {
    case BlockCodec::zlib:
      return "gzip";
    case BlockCodec::lzma_alone:
      return "lzma";
    case BlockCodec::xz:
      return "xz";
    case BlockCodec::lz4:
      return "lz4";
    case BlockCodec::zstd:
      return "zstd";
  }
  return "gzip";
}

BlockDecoder::BlockDecoder(BlockCodec codec) : state_(std::make_unique<State>(codec)) {}
BlockDecoder::~BlockDecoder() = default;

Result<std::size_t> BlockDecoder::decode(Bytes in, std::span<std::uint8_t> out) {
  State& s = *state_;
  switch (s.codec) {
    case BlockCodec::zlib: {
      if (!s.deflate) s.deflate = libdeflate_alloc_decompressor();
      if (!s.deflate) return fail(Errc::limit, "no memory to inflate");
      std::size_t taken = 0, written = 0;
      switch (
          libdeflate_zlib_decompress_ex(s.deflate, in.data(), in.size(), out.data(), out.size(), &taken, &written)) {
        case LIBDEFLATE_SUCCESS:
          return written;
        case LIBDEFLATE_INSUFFICIENT_SPACE:
          return fail(Errc::malformed, "the zlib block is more than a block");
        default:
          return fail(Errc::malformed, "the zlib block is damaged");
      }
    }
    case BlockCodec::lzma_alone:
    case BlockCodec::xz: {
      // Opened again, the stream keeps its memory.
      lzma_ret status =
          s.codec == BlockCodec::xz ? lzma_stream_decoder(&s.x, kMemory, 0) : lzma_alone_decoder(&s.x, kMemory);
      if (status != LZMA_OK) return fail(Errc::limit, std::string(lzma_text(status)));
      s.x.next_in = in.data();
      s.x.avail_in = in.size();
      s.x.next_out = out.data();
      s.x.avail_out = out.size();
      status = lzma_code(&s.x, LZMA_FINISH);
      // Some makers of .lzma blocks write neither size nor end mark: all bytes in, all bytes out.
      const bool all =
          s.codec == BlockCodec::lzma_alone && (status == LZMA_OK || status == LZMA_BUF_ERROR) && s.x.avail_out == 0;
      if (status != LZMA_STREAM_END && !all)
        return fail(Errc::malformed, std::string(name(s.codec)) + ": " + std::string(lzma_text(status)));
      return out.size() - s.x.avail_out;
    }
    case BlockCodec::lz4: {
      const int written =
          LZ4_decompress_safe(reinterpret_cast<const char*>(in.data()), reinterpret_cast<char*>(out.data()),
                              static_cast<int>(in.size()), static_cast<int>(out.size()));
      if (written < 0) return fail(Errc::malformed, "lz4: the data is damaged");
      return static_cast<std::size_t>(written);
    }
    case BlockCodec::zstd: {
      if (!s.zstd) s.zstd = ZSTD_createDCtx();
      if (!s.zstd) return fail(Errc::limit, "no memory for zstd");
      const std::size_t written = ZSTD_decompressDCtx(s.zstd, out.data(), out.size(), in.data(), in.size());
      if (ZSTD_isError(written)) return fail(Errc::malformed, std::string("zstd: ") + ZSTD_getErrorName(written));
      return written;
    }
  }
  return fail(Errc::internal, "no such codec");
}

}  // namespace assay::unpack
