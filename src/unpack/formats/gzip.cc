// gzip (RFC 1952): one or more members end to end; their contents are joined, as gunzip does it.
#include <zlib.h>

#include "base/blob.h"
#include "base/text.h"
#include "unpack/format.h"

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

struct Inflater {
  z_stream z{};
  bool open = false;
  Inflater() { open = inflateInit2(&z, 15 + 16) == Z_OK; }  // zlib checks header, CRC-32 and size
  ~Inflater() {
    if (open) inflateEnd(&z);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
};

// One member; returns the bytes it took.
Result<std::uint64_t> inflate_member(Inflater& inflater, Bytes image, std::uint64_t before, Blob& out, Budget& budget) {
  std::uint64_t taken = 0;
  const std::uint64_t out_before = out.size();
  for (;;) {
    const auto space = ASSAY_TRY(out.room(std::uint64_t{1} << 16));
    z_stream& z = inflater.z;
    const std::uint64_t offer = std::min<std::uint64_t>(image.size() - taken, std::uint64_t{1} << 22);
    const std::uint64_t room = std::min<std::uint64_t>(space.size(), std::uint64_t{1} << 22);
    z.next_in = const_cast<Bytef*>(image.data() + taken);
    z.avail_in = static_cast<uInt>(offer);
    z.next_out = space.data();
    z.avail_out = static_cast<uInt>(room);
    const int status = inflate(&z, Z_NO_FLUSH);
    taken += offer - z.avail_in;
    ASSAY_TRY(out.commit(room - z.avail_out));
    ASSAY_TRY(budget.check_ratio(before + taken, out.size()));
    if (status == Z_STREAM_END) return taken;
    if (status == Z_BUF_ERROR || (status == Z_OK && taken == image.size() && z.avail_out > 0))
      return fail_at(Errc::truncated, before + taken, "the gzip stream ends too early");
    if (status != Z_OK) {
      std::string what = z.msg ? z.msg : "the deflate stream is damaged";
      if (out.size() > out_before) what += " after " + std::to_string(out.size() - out_before) + " bytes";
      return fail_at(Errc::malformed, before + taken, std::move(what));
    }
  }
}

Result<std::uint64_t> extract(Bytes image, Sink& sink, Budget& budget) {
  const Header header = ASSAY_TRY(read_header(image));
  const std::string name = header.name.empty() ? "content" : clean_utf8(header.name);
  Blob out(budget);
  Inflater inflater;
  if (!inflater.open) return fail(Errc::limit, "no memory to inflate");
  std::uint64_t taken = 0;
  std::uint64_t good = 0;  // of what came out, without a last member that was none
  std::optional<Error> damage;
  do {
    const std::uint64_t out_before = out.size();
    auto member = inflate_member(inflater, clip(image, taken), taken, out, budget);
    if (!member) {
      if (member.error().code == Errc::limit) return fail(std::move(member).error());
      // Chance does not inflate to this much: a stream whose rest is damaged or missing. A later member that is none is
      // not ours.
      constexpr std::uint64_t kNoChance = 4096;
      if (out.size() - out_before < kNoChance) {
        if (taken == 0) return fail(std::move(member).error());
        break;
      }
      taken = member.error().offset.value_or(image.size());
      damage = std::move(member).error();
      good = out.size();
      break;
    }
    taken += *member;
    good = out.size();
    inflateReset(&inflater.z);
  } while (read_header(clip(image, taken)));
  if (damage) sink.refused("the rest of the stream", taken, *damage);
  ASSAY_TRY(sink.part(name, clip(out.bytes(), 0, good), 0, false));
  return taken;
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
