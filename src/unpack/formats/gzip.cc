// gzip (RFC 1952): one or more members end to end; their contents are joined, as gunzip does it.
#include <libdeflate.h>
#include <zlib.h>

#include "base/text.h"
#include "unpack/format.h"
#include "unpack/stream.h"

namespace assay::unpack {
namespace {

constexpr Magic kMagics[] = {{"\x1f\x8b\x08"}};

struct Header {
  std::uint64_t size = 0;  // up to the deflate stream
  std::string name;
};

// RFC 1952 section 2.3.
Result<Header> read_header(Bytes image) {
  Reader in(image);
  const Bytes fixed = ASSAY_TRY(in.take(10, "the gzip header"));
  if (!starts_with(fixed, "\x1f\x8b\x08")) return fail_at(Errc::malformed, 0, "no gzip magic");
  const std::uint8_t flags = fixed[3];
  if (flags & 0xe0) return fail_at(Errc::malformed, 3, "reserved gzip flags are set");
  // XFL: 2 best, 4 fastest, 0 not said; others are not written by any compressor met so far, but allowed.
  // OS: 0 to 13 and 255 are defined.
  if (fixed[9] > 13 && fixed[9] != 255)
    return fail_at(Errc::malformed, 9, "the operating system in the gzip header is not defined");
  Header header;
  if (flags & 4) {
    const le16 size = ASSAY_TRY(in.read<le16>("the size of the extra field"));
    ASSAY_TRY(in.skip(size, "the extra field"));
  }
  for (const std::uint8_t flag : {std::uint8_t{8}, std::uint8_t{16}}) {
    if (!(flags & flag)) continue;
    const Bytes rest = clip(image, in.at(), 4096);
    const auto end = std::find(rest.begin(), rest.end(), std::uint8_t{0});
    if (end == rest.end()) return fail_at(Errc::malformed, in.at(), "a text in the gzip header has no end");
    if (flag == 8) header.name = std::string(as_text(rest.first(static_cast<std::size_t>(end - rest.begin()))));
    ASSAY_TRY(in.skip(static_cast<std::uint64_t>(end - rest.begin()) + 1, "a text in the gzip header"));
  }
  if (flags & 2) ASSAY_TRY(in.skip(2, "the header's checksum"));
  header.size = in.at();
  // A deflate block of type 3 does not exist (RFC 1951 section 3.2.3).
  if (in.left() > 0 && ((image[in.at()] >> 1) & 3) == 3)
    return fail_at(Errc::malformed, in.at(), "no deflate block begins here");
  return header;
}

Result<Extent> measure(Bytes image) {
  const Header header = ASSAY_TRY(read_header(image));
  Extent extent;
  if (!header.name.empty()) extent.title = "gzip, “" + clean_utf8(header.name) + "”";
  return extent;
}

// zlib checks header, CRC-32 and size.
class Inflater {
 public:
  Inflater() = default;
  ~Inflater() {
    if (open_) inflateEnd(&z_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  Result<void> restart() {
    const bool was_open = std::exchange(open_, true);
    if ((was_open ? inflateReset(&z_) : inflateInit2(&z_, 15 + 16)) == Z_OK) return {};
    open_ = was_open;
    return fail(Errc::limit, "no memory to inflate");
  }
  Result<bool> step(Bytes& in, std::span<std::uint8_t>& out) {
    const std::size_t offered = std::min<std::size_t>(in.size(), std::size_t{1} << 30);
    z_.next_in = const_cast<Bytef*>(in.data());
    z_.avail_in = static_cast<uInt>(offered);
    z_.next_out = out.data();
    z_.avail_out = static_cast<uInt>(out.size());
    const int status = inflate(&z_, Z_NO_FLUSH);
    in = in.subspan(offered - z_.avail_in);
    out = out.last(z_.avail_out);
    if (status == Z_STREAM_END) return true;
    if (status == Z_OK || status == Z_BUF_ERROR) return false;
    return fail(Errc::malformed, z_.msg ? z_.msg : "the deflate stream is damaged");
  }

 private:
  z_stream z_{};
  bool open_ = false;
};

// One member that ends where the bytes end, after at most a few zeros of padding, says in its last four bytes how much
// comes out: then the whole of it is inflated in one go, two to three times as fast. Anything else, damage included, is
// for the stream, which keeps what comes before the damage.
bool inflate_whole(Bytes image, Blob& out, std::uint64_t& taken, Budget& budget) {
  constexpr std::uint64_t kMost = std::uint64_t{256} << 20;
  Bytes member = image;
  for (int zeros = 0; zeros < 4096 && member.size() > 18 && member.back() == 0; ++zeros)
    member = member.first(member.size() - 1);
  const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> inflater(
      libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  if (!inflater) return false;
  // The size's own upper bytes may be zeros, which look like padding.
  for (std::size_t end = member.size(); end <= std::min<std::size_t>(member.size() + 3, image.size()); ++end) {
    if (end < 18) continue;
    le32 last;
    std::memcpy(&last, image.data() + end - 4, sizeof(last));
    const std::uint64_t size = last;
    if (size == 0 || size > kMost || size > budget.bytes_left() || size / 1032 > end) continue;
    const auto room = out.room(size);
    if (!room) return false;
    std::size_t read = 0, written = 0;
    const libdeflate_result result =
        libdeflate_gzip_decompress_ex(inflater.get(), image.data(), image.size(), room->data(), size, &read, &written);
    if (result == LIBDEFLATE_INSUFFICIENT_SPACE || result == LIBDEFLATE_SHORT_OUTPUT) continue;
    if (result != LIBDEFLATE_SUCCESS) return false;
    if (!budget.check_ratio(read, written) || read_header(clip(image, read)).has_value()) return false;
    taken = read;
    return out.commit(written).has_value();
  }
  return false;
}

Result<std::uint64_t> extract(Bytes image, Sink& sink, Budget& budget) {
  const Header header = ASSAY_TRY(read_header(image));
  const std::string name = header.name.empty() ? "content" : header.name;
  {
    Blob out(budget);
    std::uint64_t taken = 0;
    if (inflate_whole(image, out, taken, budget)) {
      ASSAY_TRY(sink.part(name, out.bytes(), 0, false));
      return taken;
    }
  }
  Inflater inflater;
  return unpack_streams(
      image, name, sink, budget, inflater, [](Bytes rest) { return read_header(rest).has_value(); }, 4096);
}

}  // namespace

extern constinit const Format gzip{
    .name = "gzip",
    .title = "gzip",
    .reference = "RFC 1952, RFC 1951",
    .limits = "",
    .magics = kMagics,
    .measure = measure,
    .extract = extract,
};

}  // namespace assay::unpack
