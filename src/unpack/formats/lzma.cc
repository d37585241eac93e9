// LZMA alone: a properties byte, the dictionary's size, the size of what comes out, then the range coder. There is no
// magic and no checksum, so the header is held to what encoders write before anything is decoded.
#include <lzma.h>

#include <fmt/format.h>

#include "parse/lzma.h"
#include "unpack/format.h"
#include "unpack/stream.h"

namespace assay::unpack {
namespace {

// The properties met in firmware, before a dictionary of at least 64 KiB that is a power of two. Others are tried where
// a container says that a part begins.
constexpr Magic kMagics[] = {{std::string_view("\x5d\0\0", 3)},
                             {std::string_view("\x6d\0\0", 3)},
                             {std::string_view("\x6c\0\0", 3)},
                             {std::string_view("\x5e\0\0", 3)}};

constexpr std::uint64_t kHeader = 13;
constexpr std::uint64_t kNoChance = 64 << 10;

struct Header {
  LzmaProperties properties;
  std::uint32_t dictionary = 0;
  std::optional<std::uint64_t> size;
};

Result<Header> read_header(Bytes image) {
  if (image.size() < kHeader + 6) return fail(Errc::truncated, "too short for an LZMA stream");
  const auto properties = LzmaProperties::from_byte(image[0]);
  if (!properties) return fail_at(Errc::malformed, 0, "no LZMA properties");
  Header header{*properties, 0, std::nullopt};
  Reader in(image.subspan(1));
  header.dictionary = ASSAY_TRY(in.read<le32>("the dictionary's size"));
  // 2^n or 2^n + 2^(n-1), 4 KiB to 64 MiB: what encoders write (and xz's own guess for .lzma).
  const std::uint32_t d = header.dictionary;
  const std::uint32_t low = d & (~d + 1);
  const bool shape = (d & (d - 1)) == 0 || d == 3 * low;
  if (!shape || d < (4u << 10) || d > (64u << 20)) return fail_at(Errc::malformed, 1, "no size of an LZMA dictionary");
  const std::uint64_t size = ASSAY_TRY(in.read<le64>("the size"));
  if (size != ~std::uint64_t{0}) {
    // One byte of LZMA gives at most some 7000.
    if (size == 0 || size / 8192 > image.size()) return fail_at(Errc::malformed, 5, "the size makes no sense");
    header.size = size;
  }
  // The range coder's first byte is zero, and the first symbol a literal: its first bit is decoded at half probability.
  if (image[13] != 0) return fail_at(Errc::malformed, 13, "no range coder begins here");
  const std::uint32_t code = static_cast<std::uint32_t>(image[14]) << 24 | image[15] << 16 | image[16] << 8 | image[17];
  if (code >= (0xffffffffu >> 11) * 1024) return fail_at(Errc::malformed, 14, "the first symbol is no literal");
  return header;
}

Result<Extent> measure(Bytes image) {
  const Header header = ASSAY_TRY(read_header(image));
  Extent extent;
  extent.title =
      fmt::format("LZMA, lc {} lp {} pb {}", header.properties.lc, header.properties.lp, header.properties.pb);
  return extent;
}

class LibraryDecoder {
 public:
  LibraryDecoder() = default;
  ~LibraryDecoder() { lzma_end(&stream_); }
  LibraryDecoder(const LibraryDecoder&) = delete;
  LibraryDecoder& operator=(const LibraryDecoder&) = delete;

  Result<void> restart() {
    if (lzma_alone_decoder(&stream_, std::uint64_t{100} << 20) != LZMA_OK)
      return fail(Errc::limit, "no memory for LZMA");
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
    if (status == LZMA_STREAM_END) return true;
    if (status == LZMA_OK || status == LZMA_BUF_ERROR) return false;
    if (status == LZMA_MEM_ERROR) return fail(Errc::limit, "no memory for LZMA");
    return fail(Errc::malformed, "the LZMA stream is damaged");
  }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
};

class OwnDecoder {
 public:
  explicit OwnDecoder(const Header& header) : header_(header) {}

  Result<void> restart() { return {}; }
  Result<bool> step(Bytes& in, std::span<std::uint8_t>& out) {
    if (!decoder_) decoder_.emplace(header_.properties, in = in.subspan(kHeader), header_.size);
    // What came out before lies in front of `out`: a Blob is one stretch.
    const std::uint64_t before = decoder_->done();
    const std::uint64_t taken = decoder_->taken();
    auto ended = decoder_->run(out.data() - before, before + out.size());
    in = in.subspan(decoder_->taken() - taken);
    out = out.subspan(decoder_->done() - before);
    return ended;
  }

 private:
  const Header& header_;
  std::optional<LzmaDecoder> decoder_;
};

Result<std::uint64_t> extract(Bytes image, Sink& sink, Budget& budget) {
  const Header header = ASSAY_TRY(read_header(image));
  const auto alone = [](Bytes) { return false; };  // streams are not joined: nothing tells where a second one begins
  if (header.properties.lc + header.properties.lp > 4) {
    OwnDecoder decoder(header);
    return unpack_streams(image, "content", sink, budget, decoder, alone, kNoChance);
  }
  LibraryDecoder decoder;
  return unpack_streams(image, "content", sink, budget, decoder, alone, kNoChance);
}

}  // namespace

extern constinit const Format lzma{
    .name = "lzma",
    .title = "LZMA alone",
    .reference = "LZMA SDK, lzma.txt and LzmaSpec",
    .limits =
        "dictionaries over 64 MiB are taken for chance; searched for only with the properties met in firmware, with "
        "any where a part begins",
    .magics = kMagics,
    .measure = measure,
    .extract = extract,
};

}  // namespace assay::unpack
