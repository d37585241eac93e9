// tar: ustar, GNU's long names, pax headers (POSIX.1-2017, pax, "ustar Interchange Format" and "pax Header Block").
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/file.h"
#include "base/text.h"
#include "unpack/format.h"

namespace assay::unpack {
namespace {

struct Header {
  std::array<char, 100> name;
  std::array<char, 8> mode;
  std::array<char, 8> uid;
  std::array<char, 8> gid;
  std::array<char, 12> size;
  std::array<char, 12> mtime;
  std::array<char, 8> sum;
  char type;
  std::array<char, 100> target;
  std::array<char, 8> magic;  // "ustar\0" "00", or GNU's "ustar  \0"
  std::array<char, 32> user;
  std::array<char, 32> group;
  std::array<char, 8> major;
  std::array<char, 8> minor;
  std::array<char, 155> prefix;
  std::array<char, 12> rest;
};
static_assert(sizeof(Header) == 512);

constexpr Magic kMagics[] = {{std::string_view("ustar\0", 6), 257}, {"ustar ", 257}};
constexpr std::uint64_t kBlock = 512, kRecord = 10'240, kLongestMeta = 1 << 20;

template <std::size_t N>
std::string_view field(const std::array<char, N>& raw) {
  const std::string_view text(raw.data(), N);
  return text.substr(0, text.find('\0'));
}

// Octal, with spaces and NULs around it; or GNU's base 256, marked by the first bit.
template <std::size_t N>
std::optional<std::uint64_t> number(const std::array<char, N>& raw) {
  const auto first = static_cast<unsigned char>(raw[0]);
  std::uint64_t value = 0;
  if (first & 0x80) {
    if (first & 0x7f) return std::nullopt;  // negative, or more than 64 bits
    for (std::size_t i = 1; i < N; ++i) {
      if (value >> 55) return std::nullopt;
      value = value << 8 | static_cast<unsigned char>(raw[i]);
    }
    return value;
  }
  for (const char c : trim(field(raw))) {
    if (c < '0' || c > '7') return std::nullopt;
    value = value << 3 | static_cast<std::uint64_t>(c - '0');  // at most 12 digits
  }
  return value;
}

// The sum of the header's bytes with the sum itself as spaces.
bool sum_matches(const Header& h, Bytes block) {
  const auto stored = number(h.sum);
  if (!stored) return false;
  std::uint64_t sum = 8 * ' ';
  for (std::size_t i = 0; i < kBlock; ++i)
    if (i < 148 || i >= 156) sum += block[i];
  return sum == *stored;
}

Result<Header> read_header(Bytes image, std::uint64_t at) {
  Reader in(image);
  ASSAY_TRY(in.seek(at, "a tar header"));
  const Header h = ASSAY_TRY(in.read<Header>("a tar header"));
  if (!sum_matches(h, image.subspan(at, kBlock)))
    return fail_at(Errc::malformed, at, "a tar header's checksum does not match");
  if (!number(h.size)) return fail_at(Errc::malformed, at + 124, "a tar header without a size");
  return h;
}

bool is_zero(Bytes block) {
  return std::all_of(block.begin(), block.end(), [](std::uint8_t b) { return b == 0; });
}

Result<Extent> measure(Bytes image) {
  const Header h = ASSAY_TRY(read_header(image, 0));
  if (std::string_view(h.magic.data(), 5) != "ustar") return fail(Errc::malformed, "no tar magic");
  return Extent{std::nullopt, true, ""};
}

// What pax or GNU headers say of the next member.
struct Meta {
  std::optional<std::string> path, target;
  std::optional<std::uint64_t> size, uid, gid;
  std::string xattrs;
  bool sparse = false;
};

// Records "LENGTH KEY=VALUE\n", where LENGTH counts itself.
Result<void> read_pax(std::string_view text, std::uint64_t at, Meta& meta) {
  while (!text.empty() && text.front() != '\0') {
    std::uint64_t length = 0;
    std::size_t digits = 0;
    while (digits < text.size() && digits < 8 && is_digit(text[digits]))
      length = length * 10 + static_cast<std::uint64_t>(text[digits++] - '0');
    if (digits == 0 || length <= digits + 1 || length > text.size() || text[digits] != ' ' || text[length - 1] != '\n')
      return fail_at(Errc::malformed, at, "a pax record is damaged");
    const std::string_view record = text.substr(digits + 1, length - digits - 2);
    text.remove_prefix(length);
    const std::size_t equals = record.find('=');
    if (equals == std::string_view::npos) return fail_at(Errc::malformed, at, "a pax record without a value");
    const std::string_view key = record.substr(0, equals), value = record.substr(equals + 1);
    const auto decimal = [&]() -> std::optional<std::uint64_t> {
      std::uint64_t n = 0;
      if (value.empty() || value.size() > 18 || !std::all_of(value.begin(), value.end(), is_digit)) return std::nullopt;
      for (const char c : value) n = n * 10 + static_cast<std::uint64_t>(c - '0');
      return n;
    };
    if (key == "path") meta.path = value;
    if (key == "linkpath") meta.target = value;
    if (key == "size") meta.size = decimal();
    if (key == "uid") meta.uid = decimal();
    if (key == "gid") meta.gid = decimal();
    if (key.starts_with("GNU.sparse.")) meta.sparse = true;
    if (key.starts_with("SCHILY.xattr.") && meta.xattrs.size() < 4096)
      meta.xattrs += (meta.xattrs.empty() ? "" : ",") + clean_utf8(key.substr(13));
  }
  return {};
}

EntryType type_of(char type) {
  switch (type) {
    case '1':
      return EntryType::hardlink;
    case '2':
      return EntryType::symlink;
    case '3':
      return EntryType::char_device;
    case '4':
      return EntryType::block_device;
    case '5':
      return EntryType::directory;
    case '6':
      return EntryType::fifo;
    default:
      return EntryType::file;
  }
}

Entry make_entry(const Header& h, const Meta& meta, std::uint64_t at) {
  Entry entry;
  entry.type = type_of(h.type);
  entry.mode = static_cast<std::uint32_t>(number(h.mode).value_or(0) & 07777);
  entry.uid = static_cast<std::uint32_t>(meta.uid.value_or(number(h.uid).value_or(0)));
  entry.gid = static_cast<std::uint32_t>(meta.gid.value_or(number(h.gid).value_or(0)));
  entry.xattrs = meta.xattrs;
  entry.at = at;
  if (entry.type == EntryType::symlink || entry.type == EntryType::hardlink)
    entry.target = meta.target.value_or(std::string(field(h.target)));
  if (entry.type == EntryType::char_device || entry.type == EntryType::block_device) {
    entry.major = static_cast<std::uint32_t>(number(h.major).value_or(0));
    entry.minor = static_cast<std::uint32_t>(number(h.minor).value_or(0));
  }
  return entry;
}

std::string full_name(const Header& h, const Meta& meta) {
  if (meta.path) return *meta.path;
  std::string name(field(h.name));
  // GNU's own format has other things where ustar has the prefix.
  if (h.magic[5] == '\0' && h.prefix[0] != '\0') name = std::string(field(h.prefix)) + "/" + name;
  return name;
}

class Reading {
 public:
  Reading(Bytes image, Sink& out, Budget& budget) : image_(image), out_(out), budget_(budget) {}

  Result<std::uint64_t> run() {
    while (at_ < image_.size()) {
      const Bytes block = clip(image_, at_, kBlock);
      if (block.size() == kBlock && is_zero(block)) {
        end_of_archive();
        return finish();
      }
      const auto header = read_header(image_, at_);
      if (!header) {
        out_.refused("the rest of the archive", at_, header.error());
        return finish();
      }
      if (!ASSAY_TRY(member(*header))) return finish();
    }
    return finish();  // many tools leave the end mark out; nothing is lost
  }

 private:
  std::uint64_t finish() {
    out_.title("tar archive, " + grouped(count_) + (count_ == 1 ? " entry" : " entries"));
    return std::min<std::uint64_t>(at_, image_.size());
  }

  // Two zero blocks, and more of them up to the record's end.
  void end_of_archive() {
    const std::uint64_t limit =
        std::min<std::uint64_t>(std::max(at_ + 2 * kBlock, (at_ / kRecord + 1) * kRecord), image_.size());
    while (at_ < limit && is_zero(clip(image_, at_, kBlock))) at_ += kBlock;
  }

  // False: the archive is cut inside this member.
  Result<bool> member(const Header& h) {
    const std::uint64_t header_at = at_;
    std::uint64_t size = *number(h.size);
    const bool meta = h.type == 'x' || h.type == 'g' || h.type == 'L' || h.type == 'K';
    if (!meta && next_.size) size = *next_.size;
    const EntryType type = type_of(h.type);
    if (!meta && type != EntryType::file) size = 0;  // a directory's or link's size says nothing about what follows
    std::uint64_t data_at = at_ + kBlock;
    // GNU's old sparse files: more blocks of the map, each saying whether another follows.
    bool more = h.type == 'S' && h.prefix[137] != 0;
    while (more) {
      const Bytes block = clip(image_, data_at, kBlock);
      if (block.size() < kBlock) break;
      more = block[504] != 0;
      data_at += kBlock;
    }
    const auto end = checked_add(data_at, size);
    if (!end || *end > image_.size()) {
      out_.refused(clean_utf8(full_name(h, next_)), header_at,
                   Error{Errc::truncated, "the archive ends inside it", {}, {}, {}});
      at_ = data_at;  // what follows is searched for other things
      return false;
    }
    const Bytes data = image_.subspan(data_at, size);
    at_ = std::min<std::uint64_t>(data_at + align_up(size, kBlock), image_.size());
    if (meta) {
      read_meta(h, data, header_at);
      return true;
    }
    ++count_;
    ASSAY_TRY(budget_.charge_file());
    ASSAY_TRY(budget_.check_time());
    Meta now = std::exchange(next_, global_);
    const std::string name = full_name(h, now);
    const auto path = safe_path(name);
    if (!path) {
      out_.refused(clean_utf8(name), header_at, path.error());
      return true;
    }
    if (h.type == 'S' || now.sparse || h.type == 'M') {
      out_.refused(clean_utf8(name), header_at,
                   Error{Errc::unsupported, "a sparse file, or one split over volumes, is not read", {}, {}, {}});
      return true;
    }
    if (path->empty() || h.type == 'V' || h.type == 'D') return true;  // the root itself, a label, a list of names
    Entry entry = make_entry(h, now, header_at);
    entry.path = *path;
    if (entry.type == EntryType::file && name.ends_with('/')) entry.type = EntryType::directory;  // older than ustar
    if (entry.type == EntryType::file) entry.size = size;
    ASSAY_TRY(out_.entry(entry, entry.type == EntryType::file ? data : Bytes{}));
    return true;
  }

  void read_meta(const Header& h, Bytes data, std::uint64_t at) {
    if (data.size() > kLongestMeta) {
      out_.refused("a header of headers", at, Error{Errc::limit, "it has more than a million bytes", {}, {}, {}});
      return;
    }
    const std::string_view text = as_text(data);
    if (h.type == 'L') next_.path = text.substr(0, text.find('\0'));
    if (h.type == 'K') next_.target = text.substr(0, text.find('\0'));
    if (h.type == 'x' || h.type == 'g') {
      Meta& meta = h.type == 'x' ? next_ : global_;
      if (auto good = read_pax(text, at, meta); !good) out_.refused("a pax header", at, good.error());
      if (h.type == 'g') next_ = global_;
    }
  }

  Bytes image_;
  Sink& out_;
  Budget& budget_;
  std::uint64_t at_ = 0;
  std::uint64_t count_ = 0;
  Meta next_, global_;
};

Result<std::uint64_t> extract(Bytes image, Sink& out, Budget& budget) {
  ASSAY_TRY(measure(image));
  return Reading(image, out, budget).run();
}

}  // namespace

extern constinit const Format tar{
    .name = "tar",
    .title = "tar archive",
    .reference = "POSIX.1-2017, pax; GNU tar manual, \u201cBasic Tar Format\u201d",
    .limits = "sparse files; archives older than ustar",
    .magics = kMagics,
    .tree = true,
    .measure = measure,
    .extract = extract,
};

}  // namespace assay::unpack
