// xz (the .xz file format 1.0.4): streams of blocks, checked by CRC; streams that follow each other without a gap are
// joined.
#include <lzma.h>

#include "unpack/format.h"
#include "unpack/stream.h"

namespace assay::unpack {
namespace {

constexpr Magic kMagics[] = {
    {std::string_view("\xfd"
                      "7zXZ\0",
                      6)}};

constexpr std::uint64_t kMemory = std::uint64_t{100} << 20;  // xz -9 needs 65 MiB

// Section 2.1.1: the header has a CRC of its own, so chance does not make one.
bool begins(Bytes image) {
  lzma_stream_flags flags{};
  return image.size() > LZMA_STREAM_HEADER_SIZE && lzma_stream_header_decode(&flags, image.data()) == LZMA_OK;
}

class Decoder {
 public:
  Decoder() = default;
  ~Decoder() { lzma_end(&stream_); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  Result<void> restart() {
    if (lzma_stream_decoder(&stream_, kMemory, 0) != LZMA_OK) return fail(Errc::limit, "no memory for xz");
    return {};
  }
  Result<bool> step(Bytes& in, std::span<std::uint8_t>& out) {
    stream_.next_in = in.data();
    stream_.avail_in = in.size();
    stream_.next_out = out.data();
    stream_.avail_out = out.size();
    const lzma_ret status = lzma_code(&stream_, LZMA_RUN);
    in = in.last(stream_.avail_in);
    out = out.last(stream_.avail_out);
    switch (status) {
      case LZMA_STREAM_END:
        return true;
      case LZMA_OK:
      case LZMA_BUF_ERROR:
        return false;
      case LZMA_MEMLIMIT_ERROR:
        return fail(Errc::unsupported, "the xz dictionary needs more than 100 MiB of memory");
      case LZMA_MEM_ERROR:
        return fail(Errc::limit, "no memory for xz");
      case LZMA_OPTIONS_ERROR:
        return fail(Errc::unsupported, "the xz stream uses a filter that is not known");
      default:
        return fail(Errc::malformed, "the xz stream is damaged");
    }
  }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
};

Result<Extent> measure(Bytes image) {
  if (!begins(image)) return fail(Errc::malformed, "no xz stream header");
  Extent extent;
  extent.certain = true;
  return extent;
}

Result<std::uint64_t> extract(Bytes image, Sink& sink, Budget& budget) {
  if (!begins(image)) return fail(Errc::malformed, "no xz stream header");
  Decoder decoder;
  return unpack_streams(image, "content", sink, budget, decoder, begins, 1);
}

}  // namespace

extern constinit const Format xz{
    .name = "xz",
    .title = "xz",
    .reference = "The .xz file format 1.0.4",
    .limits = "dictionaries over 64 MiB are not read; padding between streams ends them",
    .magics = kMagics,
    .measure = measure,
    .extract = extract,
};

}  // namespace assay::unpack
