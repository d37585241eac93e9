// cpio, what an initramfs is made of: newc and crc (headers in hexadecimal), odc (octal). Archives that follow each
// other with zeros between are one tree, as the kernel's own reader takes them
// (Documentation/driver-api/early-userspace/buffer-format.rst).
#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/text.h"
#include "unpack/format.h"

namespace assay::unpack {
namespace {

constexpr Magic kMagics[] = {{"070701"}, {"070702"}, {"070707"}};
constexpr std::string_view kTrailer = "TRAILER!!!";
constexpr std::uint64_t kLongestName = 4097, kLongestTarget = 4096;

struct Member {
  std::uint64_t ino = 0, mode = 0, uid = 0, gid = 0, links = 0, dev = 0, major = 0, minor = 0, check = 0;
  std::string_view name;
  std::uint64_t data = 0;  // offset
  std::uint64_t size = 0;
  std::uint64_t next = 0;
  bool summed = false;  // "070702": `check` is the sum of the data's bytes
  bool trailer() const { return name == kTrailer; }
  bool regular() const { return (mode & 0170000) == 0100000; }
};

std::optional<std::uint64_t> number(Bytes digits, unsigned base) {
  std::uint64_t value = 0;
  for (const std::uint8_t c : digits) {
    unsigned digit = 99;
    if (c >= '0' && c <= '9') digit = c - '0';
    if (c >= 'a' && c <= 'f') digit = c - 'a' + 10;
    if (c >= 'A' && c <= 'F') digit = c - 'A' + 10;
    if (digit >= base) return std::nullopt;
    value = value * base + digit;
  }
  return value;
}

// The member at `at` of an archive that begins at `start`: newc aligns to four from there.
Result<Member> read_member(Bytes image, std::uint64_t at, std::uint64_t start) {
  Reader in(image);
  ASSAY_TRY(in.seek(at, "a cpio member"));
  const std::string_view magic = as_text(ASSAY_TRY(in.take(6, "a cpio header")));
  const bool newc = magic == "070701" || magic == "070702";
  if (!newc && magic != "070707") return fail_at(Errc::malformed, at, "no cpio header stands where one should");
  Member m;
  bool good = true;
  const auto field = [&](std::uint64_t width) -> Result<std::uint64_t> {
    const auto value = number(ASSAY_TRY(in.take(width, "a cpio header")), newc ? 16 : 8);
    good = good && value;
    return value.value_or(0);
  };
  std::uint64_t name_size = 0;
  if (newc) {
    m.summed = magic == "070702";
    std::array<std::uint64_t, 13> v{};
    for (std::uint64_t& value : v) value = ASSAY_TRY(field(8));
    m.ino = v[0], m.mode = v[1], m.uid = v[2], m.gid = v[3], m.links = v[4], m.size = v[6];
    m.dev = v[7] << 32 | v[8], m.major = v[9], m.minor = v[10], name_size = v[11], m.check = v[12];
  } else {
    std::array<std::uint64_t, 10> v{};
    for (std::size_t i = 0; i < v.size(); ++i) v[i] = ASSAY_TRY(field(i == 7 || i == 9 ? 11 : 6));
    m.dev = v[0], m.ino = v[1], m.mode = v[2], m.uid = v[3], m.gid = v[4], m.links = v[5];
    m.major = v[6] >> 8, m.minor = v[6] & 0xff, name_size = v[8], m.size = v[9];
  }
  if (!good) return fail_at(Errc::malformed, at, "a cpio header with other characters than digits");
  if (name_size < 2 || name_size > kLongestName)
    return fail_at(Errc::malformed, at, "a cpio name without a sensible length");
  const Bytes name = ASSAY_TRY(in.take(name_size, "a cpio name"));
  m.name = as_text(name.first(name.size() - 1));
  if (name.back() != 0 || m.name.find('\0') != std::string_view::npos)
    return fail_at(Errc::malformed, at, "a cpio name that does not end with its NUL");
  const std::uint64_t type = m.mode >> 12;
  if (m.mode > 0177777 ||
      (!m.trailer() && type != 1 && type != 2 && type != 4 && type != 6 && type != 8 && type != 10 && type != 12))
    return fail_at(Errc::malformed, at, "a cpio member of no known type");
  const auto aligned = [&](std::uint64_t offset) { return newc ? start + align_up(offset - start, 4) : offset; };
  m.data = aligned(in.at());
  m.next = aligned(m.data + m.size);  // at most 36 bits
  return m;
}

Result<Extent> measure(Bytes image) {
  const Member first = ASSAY_TRY(read_member(image, 0, 0));
  if (first.trailer()) return fail(Errc::malformed, "a cpio archive with nothing in it");
  // One more header, where the image is long enough to have it.
  if (first.next < image.size()) ASSAY_TRY(read_member(image, first.next, 0));
  return Extent{std::nullopt, true, ""};
}

EntryType type_of(std::uint64_t mode) {
  switch (mode & 0170000) {
    case 0040000:
      return EntryType::directory;
    case 0120000:
      return EntryType::symlink;
    case 0060000:
      return EntryType::block_device;
    case 0020000:
      return EntryType::char_device;
    case 0010000:
      return EntryType::fifo;
    case 0140000:
      return EntryType::socket;
    default:
      return EntryType::file;
  }
}

// Of the names of one file, newc gives the data to the last, odc to each. The first that has data stands for the file.
struct Holder {
  std::uint64_t at = 0;
  std::string path;  // once it was handed out
};
using Key = std::pair<std::uint64_t, std::uint64_t>;

struct Archive {
  std::map<Key, Holder> holders;
  std::uint64_t whole = 0;      // behind the last whole member
  std::uint64_t end = 0;        // behind what was understood
  std::optional<Error> damage;  // why it ends there
};

Archive survey(Bytes image, std::uint64_t start) {
  Archive archive;
  archive.whole = start;
  for (;;) {
    const auto m = read_member(image, archive.whole, start);
    if (!m) {
      archive.end = archive.whole;
      archive.damage = archive.whole >= image.size()
                           ? Error{Errc::truncated, "the archive has no end mark", {}, archive.whole, {}}
                           : m.error();
      return archive;
    }
    if (m->data + m->size > image.size() || m->data > image.size()) {
      archive.damage = Error{
          Errc::truncated, "the archive ends inside \u201c" + clean_utf8(m->name) + "\u201d", {}, archive.whole, {}};
      archive.end = std::min<std::uint64_t>(m->data, image.size());  // what follows is searched for other things
      return archive;
    }
    if (m->regular() && m->links > 1 && m->size > 0)
      archive.holders.try_emplace({m->dev, m->ino}, Holder{archive.whole, {}});
    archive.whole = std::min<std::uint64_t>(m->next, image.size());
    if (m->trailer()) {
      archive.end = archive.whole;
      return archive;
    }
  }
}

Result<void> hand_out(Bytes image, std::uint64_t start, Archive& archive, Sink& out, Budget& budget,
                      std::uint64_t& count) {
  std::vector<std::pair<Entry, Key>> links;
  for (std::uint64_t at = start; at < archive.whole;) {
    const Member m = ASSAY_TRY(read_member(image, at, start));
    const std::uint64_t here = at;
    at = m.next;
    if (m.trailer()) break;
    ASSAY_TRY(budget.charge_file());
    ASSAY_TRY(budget.check_time());
    ++count;
    const auto path = safe_path(m.name);
    if (!path) {
      out.refused(clean_utf8(m.name), here, path.error());
      continue;
    }
    if (path->empty()) continue;  // the root itself
    Entry entry;
    entry.path = *path;
    entry.type = type_of(m.mode);
    entry.mode = static_cast<std::uint32_t>(m.mode & 07777);
    entry.uid = static_cast<std::uint32_t>(m.uid);
    entry.gid = static_cast<std::uint32_t>(m.gid);
    entry.at = here;
    const Bytes data = image.subspan(m.data, m.size);
    switch (entry.type) {
      case EntryType::file: {
        const auto holder = m.links > 1 ? archive.holders.find({m.dev, m.ino}) : archive.holders.end();
        if (holder != archive.holders.end() && m.size == 0) {
          entry.type = EntryType::hardlink;
          links.emplace_back(std::move(entry), holder->first);
          continue;
        }
        if (holder != archive.holders.end() && holder->second.at == here) holder->second.path = entry.path;
        entry.size = m.size;
        if (m.summed) {
          std::uint32_t sum = 0;
          for (const std::uint8_t b : data) sum += b;
          if (sum != m.check)
            out.refused(clean_utf8(m.name), here, Error{Errc::malformed, "its checksum does not match", {}, {}, {}});
        }
        ASSAY_TRY(out.entry(entry, data));
        continue;
      }
      case EntryType::symlink:
        if (data.size() > kLongestTarget) {
          out.refused(clean_utf8(m.name), here,
                      Error{Errc::malformed, "a link's target longer than 4096 bytes", {}, {}, {}});
          continue;
        }
        entry.target = as_text(data);
        break;
      case EntryType::block_device:
      case EntryType::char_device:
        entry.major = static_cast<std::uint32_t>(m.major);
        entry.minor = static_cast<std::uint32_t>(m.minor);
        break;
      default:
        break;
    }
    ASSAY_TRY(out.entry(entry, {}));
  }
  for (auto& [entry, key] : links) {
    entry.target = archive.holders[key].path;
    if (entry.target.empty()) {
      out.refused(clean_utf8(entry.path), entry.at,
                  Error{Errc::malformed, "it is a second name of a file that was refused", {}, {}, {}});
      continue;
    }
    ASSAY_TRY(out.entry(entry, {}));
  }
  return {};
}

Result<std::uint64_t> extract(Bytes image, Sink& out, Budget& budget) {
  std::uint64_t start = 0, count = 0, end = 0;
  unsigned archives = 0;
  for (;;) {
    Archive archive = survey(image, start);
    ASSAY_TRY(hand_out(image, start, archive, out, budget, count));
    ++archives;
    end = archive.end;
    if (archive.damage) {
      out.refused("the rest of the archive", end, *archive.damage);
      break;
    }
    // Zeros up to a block's end belong to it. Behind more of them another archive may begin.
    std::uint64_t at = end;
    while (at < image.size() && image[at] == 0) ++at;
    end = std::min(at, std::max(end, std::min<std::uint64_t>(align_up(end, 512), image.size())));
    if (at % 4 != 0 || !measure(clip(image, at))) break;
    start = at;
  }
  out.title("cpio archive, " + grouped(count) + (count == 1 ? " entry" : " entries") +
            (archives > 1 ? ", " + std::to_string(archives) + " archives end to end" : ""));
  return end;
}

}  // namespace

extern constinit const Format cpio{
    .name = "cpio",
    .title = "cpio archive",
    .reference = "cpio(5); Linux Documentation/driver-api/early-userspace/buffer-format.rst",
    .limits = "the old binary format",
    .magics = kMagics,
    .tree = true,
    .measure = measure,
    .extract = extract,
};

}  // namespace assay::unpack
