// zip (PKWARE APPNOTE 6.3.10). Local headers are walked from the front, so that a damaged or cut archive gives what it
// has; the central directory behind them then says which of them count, and their modes. Each local header is used
// once: the archives that expand without end let many entries share one.
#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/blob.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"
#include "unpack/format.h"

namespace assay::unpack {
namespace {

struct LocalHeader {
  be32 magic;
  le16 needed;
  le16 flags;
  le16 method;
  le32 time;
  le32 crc;
  le32 packed;
  le32 size;
  le16 name;
  le16 extra;
};
static_assert(sizeof(LocalHeader) == 30);

struct CentralHeader {
  be32 magic;
  le16 made_by;
  le16 needed;
  le16 flags;
  le16 method;
  le32 time;
  le32 crc;
  le32 packed;
  le32 size;
  le16 name;
  le16 extra;
  le16 comment;
  le16 disk;
  le16 internal;
  le32 external;
  le32 offset;
};
static_assert(sizeof(CentralHeader) == 46);

struct EndRecord {
  be32 magic;
  le16 disk;
  le16 central_disk;
  le16 entries_here;
  le16 entries;
  le32 central_size;
  le32 central_at;
  le16 comment;
};
static_assert(sizeof(EndRecord) == 22);

constexpr Magic kMagics[] = {{"PK\x03\x04"}};
constexpr std::uint32_t kLocal = 0x504b0304, kCentral = 0x504b0102, kEnd = 0x504b0506, kEnd64 = 0x504b0606,
                        kLocator64 = 0x504b0607;
constexpr std::uint16_t kEncrypted = 1, kDescriptor = 8, kStored = 0, kDeflated = 8;
constexpr std::uint64_t kGap =
    64 << 10;  // how far behind the last entry the central directory is looked for (signing blocks)

struct Item {
  std::uint64_t at = 0;  // of the local header
  std::uint64_t data = 0;
  std::uint64_t packed = 0;
  std::uint64_t size = 0;
  std::uint32_t crc = 0;
  std::uint16_t flags = 0;
  std::uint16_t method = 0;
  std::string name;
  std::uint32_t external = 0;
  bool unix_made = false;
  bool listed = false;  // in the central directory
};

std::uint32_t magic_at(Bytes image, std::uint64_t at) {
  be32 value{};
  if (at + 4 <= image.size()) std::memcpy(&value, image.data() + at, 4);
  return value;
}

// Zip64's sizes (section 4.5.3) stand in the order size, packed, offset, each only where its old field is all ones.
void widen(Bytes extra, std::initializer_list<std::uint64_t*> fields) {
  Reader in(extra);
  while (in.left() >= 4) {
    const auto id = in.read<le16>("an extra field"), size = in.read<le16>("an extra field");
    const auto content = in.take(*size, "an extra field");
    if (!content) return;
    if (*id != 1) continue;
    Reader wide(*content);
    for (std::uint64_t* field : fields) {
      if (*field != 0xffffffff) continue;
      const auto value = wide.read<le64>("a zip64 size");
      if (!value) return;
      *field = *value;
    }
    return;
  }
}

Result<Item> read_local(Bytes image, std::uint64_t at) {
  Reader in(image);
  ASSAY_TRY(in.seek(at, "a zip entry"));
  const LocalHeader h = ASSAY_TRY(in.read<LocalHeader>("a zip entry's header"));
  if (h.magic != kLocal) return fail_at(Errc::malformed, at, "no zip entry");
  if ((h.needed & 0xff) > 63 || (h.flags & 0xc000) != 0 || h.method > 99 || h.name == 0 || h.name > 4096)
    return fail_at(Errc::malformed, at, "a zip entry's header with values that do not exist");
  Item item;
  item.at = at;
  item.flags = h.flags, item.method = h.method, item.crc = h.crc;
  item.packed = h.packed, item.size = h.size;
  item.name = as_text(ASSAY_TRY(in.take(h.name, "a zip entry's name")));
  if (std::any_of(item.name.begin(), item.name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }))
    return fail_at(Errc::malformed, at, "a zip entry's name with control characters");
  widen(ASSAY_TRY(in.take(h.extra, "a zip entry's extra fields")), {&item.size, &item.packed});
  item.data = in.at();
  return item;
}

Result<Extent> measure(Bytes image) {
  ASSAY_TRY(read_local(image, 0));
  return Extent{std::nullopt, true, ""};
}

// An entry written without seeking back has its sizes behind the data, mostly with a signature (section 4.3.9). Finds
// where the data ends: where a number is as large as the distance to it. Fills in sizes and returns the offset of what
// follows; 0: not found.
std::uint64_t find_descriptor(Bytes image, Item& item) {
  const auto word = [&](std::uint64_t at) {
    le32 value{};
    std::memcpy(&value, image.data() + at, 4);
    return std::uint32_t{value};
  };
  for (std::uint64_t p = item.data; p + 16 <= image.size(); ++p) {
    const void* found = std::memchr(image.data() + p, 'P', image.size() - 15 - p);
    if (!found) return 0;
    p = static_cast<std::uint64_t>(static_cast<const std::uint8_t*>(found) - image.data());
    const std::uint32_t magic = magic_at(image, p);
    const std::uint64_t distance = p - item.data;
    if (magic == 0x504b0708) {
      if (word(p + 8) == distance && (p + 24 > image.size() || word(p + 12) != 0 || distance == 0)) {
        item.crc = word(p + 4), item.packed = distance, item.size = word(p + 12);
        return p + 16;
      }
      if (p + 24 <= image.size() && word(p + 8) == (distance & 0xffffffff) && word(p + 12) == distance >> 32) {
        item.crc = word(p + 4), item.packed = distance, item.size = word(p + 16) | std::uint64_t{word(p + 20)} << 32;
        return p + 24;
      }
    }
    if ((magic == kLocal || magic == kCentral) && distance >= 12 && word(p - 8) == distance - 12) {
      item.crc = word(p - 12), item.packed = distance - 12, item.size = word(p - 4);
      return p;
    }
  }
  return 0;
}

class Reading {
 public:
  Reading(Bytes image, Sink& out, Budget& budget) : image_(image), out_(out), budget_(budget) {}

  Result<std::uint64_t> run() {
    ASSAY_TRY(walk_entries());
    if (whole_) read_directory();
    std::uint64_t count = 0;
    for (const Item& item : items_) {
      ASSAY_TRY(budget_.check_time());
      if (has_directory_ && !item.listed) {
        out_.refused(clean_utf8(item.name), item.at,
                     Error{Errc::malformed, "an entry that the central directory does not list", {}, {}, {}});
        continue;
      }
      ASSAY_TRY(hand_out(item));
      ++count;
    }
    out_.title("zip archive, " + grouped(count) + (count == 1 ? " entry" : " entries"));
    return end_;
  }

 private:
  // Local headers, end to end.
  Result<void> walk_entries() {
    std::uint64_t at = 0;
    while (magic_at(image_, at) == kLocal) {
      auto item = read_local(image_, at);
      if (!item) {
        if (items_.empty()) return fail(item.error());
        out_.refused("the rest of the archive", at, item.error());
        end_ = at;
        return {};
      }
      ASSAY_TRY(budget_.charge_file());
      std::uint64_t next = 0;
      if ((item->flags & kDescriptor) && item->packed == 0) {
        next = find_descriptor(image_, *item);
      } else {
        const auto end = checked_add(item->data, item->packed);
        if (end && *end <= image_.size()) next = *end;
        // The descriptor that repeats sizes already known.
        if (next != 0 && (item->flags & kDescriptor) && magic_at(image_, next) == 0x504b0708)
          next = std::min<std::uint64_t>(next + 16, image_.size());
      }
      if (next == 0) {
        out_.refused(clean_utf8(item->name), at, Error{Errc::truncated, "the archive ends inside it", {}, {}, {}});
        end_ = item->data;  // what follows is searched for other things
        return {};
      }
      items_.push_back(std::move(*item));
      at = next;
      if (magic_at(image_, at) != kLocal && magic_at(image_, at) != kCentral) at = skip_gap(at);
    }
    end_ = at;
    whole_ = magic_at(image_, at) == kCentral;
    if (!whole_)
      out_.refused("the rest of the archive", at,
                   Error{Errc::truncated, "the central directory is missing", {}, {}, {}});
    return {};
  }

  std::uint64_t skip_gap(std::uint64_t at) const {
    const std::string_view rest = as_text(clip(image_, at, kGap));
    const std::size_t found = rest.find("PK\x01\x02");
    return found == std::string_view::npos ? at : at + found;
  }

  void read_directory() {
    struct Listed {
      CentralHeader header;
      std::uint64_t offset;
      std::string name;
      std::uint64_t at;
    };
    const std::uint64_t directory = end_;
    std::vector<Listed> all;
    Reader in(image_);
    (void)in.seek(directory, "the central directory");
    while (magic_at(image_, in.at()) == kCentral) {
      const std::uint64_t at = in.at();
      const auto h = in.read<CentralHeader>("the central directory");
      const auto name = h ? in.take(h->name, "a name") : Result<Bytes>(fail(Errc::truncated, "cut"));
      const auto extra = name ? in.take(h->extra, "extra fields") : Result<Bytes>(fail(Errc::truncated, "cut"));
      if (!extra || !in.skip(h->comment, "a comment")) {
        out_.refused("the central directory", at, Error{Errc::truncated, "it ends inside an entry", {}, {}, {}});
        end_ = image_.size();
        break;
      }
      std::uint64_t size = h->size, packed = h->packed, offset = h->offset;
      widen(*extra, {&size, &packed, &offset});
      all.push_back({*h, offset, std::string(as_text(*name)), at});
      end_ = in.at();
      if (all.size() > items_.size() + 1000) break;  // more names than entries: the surplus is refused below
    }
    has_directory_ = !all.empty();
    const std::uint64_t base = read_end(directory);
    for (const Listed& l : all) {
      const std::uint64_t at = l.offset >= base ? l.offset - base : UINT64_MAX;
      const auto item = std::lower_bound(items_.begin(), items_.end(), at,
                                         [](const Item& i, std::uint64_t value) { return i.at < value; });
      if (item == items_.end() || item->at != at || item->listed) {
        out_.refused(clean_utf8(l.name), l.at,
                     Error{Errc::malformed, "the central directory points to no entry of its own", {}, {}, {}});
        continue;
      }
      item->listed = true;
      item->name = l.name;
      item->external = l.header.external;
      item->unix_made = (l.header.made_by >> 8) == 3;
    }
  }

  // The records behind the directory. Returns what offsets have to be lowered by: the length of what stood before the
  // archive when it was written (self-extracting programs).
  std::uint64_t read_end(std::uint64_t directory) {
    if (magic_at(image_, end_) == kEnd64 && end_ + 12 <= image_.size()) {
      le64 size{};
      std::memcpy(&size, image_.data() + end_ + 4, 8);
      const auto after = checked_add(end_ + 12, size);
      if (after && *after <= image_.size()) end_ = *after;
      if (magic_at(image_, end_) == kLocator64 && end_ + 20 <= image_.size()) end_ += 20;
    }
    Reader in(clip(image_, end_));
    const auto end = in.read<EndRecord>("the end record");
    if (!end || end->magic != kEnd) {
      out_.refused("the rest of the archive", end_, Error{Errc::truncated, "the end record is missing", {}, {}, {}});
      return 0;
    }
    const std::uint64_t size =
        end_ - directory;  // zip64 records are not counted in it; all ones are never the distance
    end_ = std::min<std::uint64_t>(end_ + sizeof(EndRecord) + end->comment, image_.size());
    if (end->central_at == 0xffffffff || end->central_at < directory || end->central_size > size) return 0;
    return end->central_at - directory;
  }

  Result<void> hand_out(const Item& item) {
    const auto path = safe_path(replace_all(item.name, "\\", "/"));
    if (!path || path->empty()) {
      if (!path) out_.refused(clean_utf8(item.name), item.at, path.error());
      return {};
    }
    Entry entry;
    entry.path = *path;
    entry.at = item.at;
    const std::uint32_t mode = item.unix_made ? item.external >> 16 : 0;
    const bool directory = item.name.ends_with('/') || (mode & 0170000) == 0040000;
    entry.type = directory ? EntryType::directory : (mode & 0170000) == 0120000 ? EntryType::symlink : EntryType::file;
    entry.mode = mode != 0 ? mode & 07777 : directory ? 0755 : 0644;
    if (directory) return out_.entry(entry, {});
    if (item.flags & kEncrypted) {
      out_.refused(clean_utf8(item.name), item.at, Error{Errc::unsupported, "it is encrypted", {}, {}, {}});
      return {};
    }
    const Bytes packed = clip(image_, item.data, item.packed);
    if (item.method == kStored) return hand_content(item, entry, packed);
    if (item.method != kDeflated) {
      out_.refused(
          clean_utf8(item.name), item.at,
          Error{Errc::unsupported, "compression method " + std::to_string(item.method) + " is not read", {}, {}, {}});
      return {};
    }
    Blob blob(budget_);
    if (auto good = inflate_all(packed, blob); !good) {
      if (good.error().code == Errc::limit) return good;
      out_.refused(clean_utf8(item.name), item.data + good.error().offset.value_or(0), good.error());
      if (blob.size() == 0) return {};
      entry.size = blob.size();  // what came out is looked at all the same
      return out_.entry(entry, blob.bytes());
    }
    return hand_content(item, entry, blob.bytes());
  }

  Result<void> hand_content(const Item& item, Entry& entry, Bytes content) {
    if (crc32(content) != item.crc)
      out_.refused(clean_utf8(item.name), item.at, Error{Errc::malformed, "its CRC does not match", {}, {}, {}});
    if (entry.type == EntryType::symlink && content.size() <= 4096) {
      entry.target = as_text(content);
      return out_.entry(entry, {});
    }
    entry.size = content.size();
    return out_.entry(entry, content);
  }

  Result<void> inflate_all(Bytes packed, Blob& blob) {
    z_stream z{};
    if (inflateInit2(&z, -15) != Z_OK) return fail(Errc::limit, "no memory to inflate");
    const std::unique_ptr<z_stream, int (*)(z_stream*)> guard(&z, inflateEnd);
    std::uint64_t taken = 0;
    for (;;) {
      const auto space = ASSAY_TRY(blob.room(std::uint64_t{1} << 16));
      const std::uint64_t offer = std::min<std::uint64_t>(packed.size() - taken, std::uint64_t{1} << 22);
      const std::uint64_t room = std::min<std::uint64_t>(space.size(), std::uint64_t{1} << 22);
      z.next_in = const_cast<Bytef*>(packed.data() + taken);
      z.avail_in = static_cast<uInt>(offer);
      z.next_out = space.data();
      z.avail_out = static_cast<uInt>(room);
      const int status = inflate(&z, Z_NO_FLUSH);
      taken += offer - z.avail_in;
      ASSAY_TRY(blob.commit(room - z.avail_out));
      ASSAY_TRY(budget_.check_ratio(taken, blob.size()));
      if (status == Z_STREAM_END) return {};
      if (status == Z_BUF_ERROR || (status == Z_OK && taken == packed.size() && z.avail_out > 0))
        return fail_at(Errc::truncated, taken, "its data ends too early");
      if (status != Z_OK) return fail_at(Errc::malformed, taken, "its data is damaged");
    }
  }

  Bytes image_;
  Sink& out_;
  Budget& budget_;
  std::vector<Item> items_;  // by offset
  std::uint64_t end_ = 0;
  bool whole_ = false;
  bool has_directory_ = false;
};

Result<std::uint64_t> extract(Bytes image, Sink& out, Budget& budget) { return Reading(image, out, budget).run(); }

}  // namespace

extern constinit const Format zip{
    .name = "zip",
    .title = "zip archive",
    .reference = "PKWARE APPNOTE.TXT 6.3.10",
    .limits = "encrypted entries; methods other than stored and deflated; archives over several files",
    .magics = kMagics,
    .tree = true,
    .measure = measure,
    .extract = extract,
};

}  // namespace assay::unpack
