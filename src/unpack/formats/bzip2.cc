// bzip2: "BZh", the block size in units of 100 kB, then blocks that begin with the digits of pi and end with a CRC.
#include <bzlib.h>

#include "unpack/format.h"
#include "unpack/stream.h"

namespace assay::unpack {
namespace {

// The first block's own mark stands behind the header: ten bytes that chance does not write.
constexpr std::string_view kBlock = "1AY&SY";
constexpr Magic kMagics[] = {{kBlock, 4}};

bool begins(Bytes image) {
  return image.size() > 10 && starts_with(image, "BZh") && image[3] >= '1' && image[3] <= '9' &&
         starts_with(image.subspan(4), kBlock);
}

class Decoder {
 public:
  Decoder() = default;
  ~Decoder() {
    if (open_) BZ2_bzDecompressEnd(&stream_);
  }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  Result<void> restart() {
    if (open_) BZ2_bzDecompressEnd(&stream_);
    stream_ = {};
    open_ = BZ2_bzDecompressInit(&stream_, 0, 0) == BZ_OK;
    if (!open_) return fail(Errc::limit, "no memory for bzip2");
    return {};
  }
  Result<bool> step(Bytes& in, std::span<std::uint8_t>& out) {
    const std::size_t offered = std::min<std::size_t>(in.size(), std::size_t{1} << 30);
    stream_.next_in = const_cast<char*>(reinterpret_cast<const char*>(in.data()));
    stream_.avail_in = static_cast<unsigned>(offered);
    stream_.next_out = reinterpret_cast<char*>(out.data());
    stream_.avail_out = static_cast<unsigned>(out.size());
    const int status = BZ2_bzDecompress(&stream_);
    in = in.subspan(offered - stream_.avail_in);
    out = out.last(stream_.avail_out);
    if (status == BZ_STREAM_END) return true;
    if (status == BZ_OK) return false;
    if (status == BZ_MEM_ERROR) return fail(Errc::limit, "no memory for bzip2");
    return fail(Errc::malformed, "the bzip2 stream is damaged");
  }

 private:
  bz_stream stream_{};
  bool open_ = false;
};

Result<Extent> measure(Bytes image) {
  if (!begins(image)) return fail(Errc::malformed, "no bzip2 header");
  Extent extent;
  extent.certain = true;
  return extent;
}

Result<std::uint64_t> extract(Bytes image, Sink& sink, Budget& budget) {
  if (!begins(image)) return fail(Errc::malformed, "no bzip2 header");
  Decoder decoder;
  return unpack_streams(image, "content", sink, budget, decoder, begins, 1);
}

}  // namespace

extern constinit const Format bzip2{
    .name = "bzip2",
    .title = "bzip2",
    .reference = "bzip2 1.0.8, decompress.c",
    .limits = "a stream without any block is not looked for",
    .magics = kMagics,
    .measure = measure,
    .extract = extract,
};

}  // namespace assay::unpack
