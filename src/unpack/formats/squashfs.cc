// SquashFS 4.0, little endian: a superblock, data blocks, and tables of compressed metadata blocks of 8 KiB
// (Documentation/filesystems/ squashfs.rst of Linux). Directories are walked by their own entries; every directory is
// entered once, so loops end.
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "base/text.h"
#include "unpack/block_pipeline.h"
#include "unpack/format.h"

namespace assay::unpack {
namespace {

constexpr Magic kMagics[] = {{"hsqs"}};

struct Superblock {
  std::array<char, 4> magic;
  le32 inodes, modified, block_size, fragments;
  le16 compressor, block_log, flags, ids, major, minor;
  le64 root, bytes_used, id_table, xattr_table, inode_table, directory_table, fragment_table, export_table;
};
static_assert(sizeof(Superblock) == 96);

struct InodeHead {
  le16 type, mode, uid, gid;
  le32 modified, number;
};
struct Directory {
  le32 block, links;
  le16 size, offset;
  le32 parent;
};
struct LongDirectory {
  le32 links, size, block, parent;
  le16 index_count, offset;
  le32 xattr;
};
struct File {
  le32 start, fragment, offset, size;
};
struct LongFile {
  le64 start, size, sparse;
  le32 links, fragment, offset, xattr;
};
struct Symlink {
  le32 links, size;
};
struct Device {
  le32 links, number;
};
struct DirectoryHead {
  le32 count, block, inode;
};
struct DirectoryEntry {
  le16 offset, inode_delta, type, name_size;
};
struct FragmentEntry {
  le64 start;
  le32 size, unused;
};
struct XattrHead {
  le64 start;
  le32 count, unused;
};
struct XattrId {
  le64 at;
  le32 count, size;
};

enum InodeType { kDirectory = 1, kFile, kSymlink, kBlock, kChar, kFifo, kSocket };  // + 7: the long form

constexpr std::uint32_t kNone = 0xffffffff;
constexpr std::uint64_t kNoTable = ~std::uint64_t{0};
constexpr std::uint32_t kMetadata = 8192;
constexpr std::uint32_t kStored = 1u << 24;  // in a data block's size: not compressed
constexpr std::size_t kDeepest = 512;        // directories

std::optional<BlockCodec> codec_of(unsigned compressor) {
  switch (compressor) {
    case 1:
      return BlockCodec::zlib;
    case 2:
      return BlockCodec::lzma_alone;
    case 4:
      return BlockCodec::xz;
    case 5:
      return BlockCodec::lz4;
    case 6:
      return BlockCodec::zstd;
    default:
      return std::nullopt;
  }
}

Result<Superblock> read_superblock(Bytes image) {
  const Superblock super = ASSAY_TRY(Reader(image).read<Superblock>("the SquashFS superblock"));
  if (std::string_view(super.magic.data(), 4) != "hsqs") return fail_at(Errc::malformed, 0, "no SquashFS magic");
  if (super.major != 4 || super.minor != 0) return fail_at(Errc::unsupported, 28, "only SquashFS 4.0 is read");
  if (super.block_log < 12 || super.block_log > 20 || super.block_size != 1u << super.block_log)
    return fail_at(Errc::malformed, 12, "the SquashFS block size makes no sense");
  if (super.compressor < 1 || super.compressor > 6)
    return fail_at(Errc::malformed, 20, "the SquashFS compressor is not defined");
  if (super.inode_table < sizeof(Superblock) || super.inode_table >= super.directory_table ||
      super.directory_table >= super.bytes_used || super.id_table >= super.bytes_used || super.ids == 0)
    return fail_at(Errc::malformed, 48, "the SquashFS tables are not in order");
  if ((super.root >> 16) >= super.directory_table - super.inode_table || (super.root & 0xffff) >= kMetadata)
    return fail_at(Errc::malformed, 32, "the SquashFS root directory lies outside the inode table");
  return super;
}

Result<Extent> measure(Bytes image) {
  const Superblock super = ASSAY_TRY(read_superblock(image));
  const auto codec = codec_of(super.compressor);
  Extent extent;
  extent.size = std::min<std::uint64_t>(super.bytes_used, image.size());
  extent.certain = true;
  extent.title =
      fmt::format("SquashFS 4.0, {}, blocks of {} KiB", codec ? name(*codec) : "lzo", super.block_size / 1024u);
  return extent;
}

// Metadata blocks, decompressed when first needed and kept.
class Metadata {
 public:
  Metadata(Bytes image, BlockCodec codec, Budget& budget) : image_(image), decoder_(codec), budget_(budget) {}

  struct Block {
    std::vector<std::uint8_t> bytes;
    std::uint64_t next = 0;  // where the block behind it begins
  };
  Result<const Block*> block(std::uint64_t at) {
    if (const auto known = blocks_.find(at); known != blocks_.end()) return &known->second;
    Reader in(clip(image_, at), at);
    const std::uint16_t head = ASSAY_TRY(in.read<le16>("a metadata block"));
    const std::uint16_t size = head & 0x7fff;
    if (size == 0 || size > kMetadata)
      return fail_at(Errc::malformed, at, "a metadata block has no or too large a size");
    const Bytes stored = ASSAY_TRY(in.take(size, "a metadata block"));
    // Kept in memory, so bounded beside the budget: enough for a million files.
    if (blocks_.size() >= 8192) return fail(Errc::limit, "the file system has more than 64 MiB of metadata");
    ASSAY_TRY(budget_.charge_bytes(kMetadata));
    Block block;
    block.next = at + 2 + size;
    if (head & 0x8000) {
      block.bytes.assign(stored.begin(), stored.end());
    } else {
      block.bytes.resize(kMetadata);
      auto written = decoder_.decode(stored, block.bytes);
      if (!written) return fail(in_context(std::move(written).error(), fmt::format("the metadata block at {:#x}", at)));
      block.bytes.resize(*written);
    }
    if (block.bytes.empty()) return fail_at(Errc::malformed, at, "a metadata block is empty");
    return &blocks_.emplace(at, std::move(block)).first->second;
  }

 private:
  Bytes image_;
  BlockDecoder decoder_;
  Budget& budget_;
  std::unordered_map<std::uint64_t, Block> blocks_;
};

// Reads across metadata blocks.
class Cursor {
 public:
  Cursor(Metadata& metadata, std::uint64_t block, std::uint32_t offset)
      : metadata_(metadata), at_(block), offset_(offset) {}

  Result<void> read(void* to, std::size_t size) {
    auto* out = static_cast<std::uint8_t*>(to);
    while (size > 0) {
      if (!block_) block_ = ASSAY_TRY(metadata_.block(at_));
      if (offset_ > block_->bytes.size())
        return fail_at(Errc::malformed, at_, "an offset lies outside its metadata block");
      const std::size_t step = std::min(size, block_->bytes.size() - offset_);
      if (step > 0) std::memcpy(out, block_->bytes.data() + offset_, step);
      out += step;
      size -= step;
      offset_ += static_cast<std::uint32_t>(step);
      if (size > 0) {
        at_ = block_->next;
        offset_ = 0;
        block_ = nullptr;
      }
    }
    return {};
  }
  template <class T>
  Result<T> read() {
    T value;
    ASSAY_TRY(read(&value, sizeof(T)));
    return value;
  }
  Result<std::string> text(std::size_t size) {
    std::string out(size, '\0');
    ASSAY_TRY(read(out.data(), size));
    return out;
  }

 private:
  Metadata& metadata_;
  std::uint64_t at_;
  std::uint32_t offset_;
  const Metadata::Block* block_ = nullptr;
};

// "" where the name may stand in a path.
std::string_view bad_name(std::string_view name) {
  if (name == "." || name == "..") return "is no name for an entry";
  if (name.find('/') != std::string_view::npos) return "has a slash in it";
  if (name.find('\0') != std::string_view::npos) return "has a zero byte in it";
  return {};
}

class Walk {
 public:
  Walk(Bytes image, const Superblock& super, BlockCodec codec, Sink& sink, Budget& budget)
      : image_(image),
        super_(super),
        sink_(sink),
        budget_(budget),
        metadata_(image, codec, budget),
        pipeline_(codec, super.block_size, sink.jobs(), sink, budget) {}

  // Fails where the root cannot be read, or for a limit.
  Result<void> run() {
    ASSAY_TRY_CTX(open_directory("", super_.root), "the root directory");
    while (!open_.empty()) {
      Frame& frame = open_.back();
      if (frame.next == frame.names.size()) {
        open_.pop_back();
        continue;
      }
      const Name name = std::move(frame.names[frame.next++]);
      const std::string path = frame.path.empty() ? name.text : frame.path + "/" + name.text;
      if (auto done = visit(path, name.inode); !done) {
        if (done.error().code == Errc::limit) return done;
        sink_.refused("/" + path, super_.inode_table + (name.inode >> 16), done.error());
      }
    }
    return pipeline_.finish();
  }

 private:
  struct Name {
    std::string text;
    std::uint64_t inode;  // block behind the inode table's begin << 16 | offset
  };
  struct Frame {
    std::string path;
    std::vector<Name> names;
    std::size_t next = 0;
  };
  struct Inode {
    Entry entry;
    unsigned type = 0;  // short form
    bool is_long = false;
    Cursor cursor;
  };

  Result<Inode> read_inode(std::uint64_t reference);
  Result<void> open_directory(const std::string& path, std::uint64_t reference);
  Result<void> read_names(Frame& frame, std::uint64_t block, std::uint32_t offset, std::uint64_t size);
  Result<void> visit(const std::string& path, std::uint64_t reference);
  Result<void> file(Inode inode);
  Result<std::shared_ptr<SharedBlock>> fragment(std::uint32_t index, std::uint64_t& at);
  Result<std::uint32_t> id(std::uint16_t index);
  Result<std::string> xattrs(std::uint32_t index);
  // The block of a table that is found through a list of addresses: entry `index` of `entry_size` bytes.
  Result<Cursor> table(std::uint64_t list, std::uint64_t index, std::uint32_t entry_size) {
    const std::uint32_t each = kMetadata / entry_size;
    Reader in(image_);
    const auto at = checked_add(list, index / each * 8);
    if (!at) return fail(Errc::malformed, "a table lies outside the image");
    ASSAY_TRY(in.seek(*at, "a table"));
    const std::uint64_t block = ASSAY_TRY(in.read<le64>("the address of a table's block"));
    return Cursor(metadata_, block, static_cast<std::uint32_t>(index % each * entry_size));
  }

  Bytes image_;
  const Superblock& super_;
  Sink& sink_;
  Budget& budget_;
  Metadata metadata_;
  std::vector<Frame> open_;
  std::unordered_set<std::uint64_t> entered_;              // directories
  std::unordered_map<std::uint64_t, std::string> linked_;  // files with several links, by inode
  std::unordered_map<std::uint16_t, std::uint32_t> ids_;
  std::unordered_map<std::uint32_t, std::string> xattrs_;
  std::vector<std::pair<std::uint32_t, std::shared_ptr<SharedBlock>>> fragments_;  // the last few
  std::uint64_t out_ = 0;
  BlockPipeline pipeline_;
};

Result<std::uint32_t> Walk::id(std::uint16_t index) {
  if (const auto known = ids_.find(index); known != ids_.end()) return known->second;
  if (index >= super_.ids) return fail(Errc::malformed, "an owner's number lies outside the table of owners");
  Cursor cursor = ASSAY_TRY(table(super_.id_table, index, 4));
  const std::uint32_t value = ASSAY_TRY(cursor.read<le32>());
  ids_.emplace(index, value);
  return value;
}

Result<std::string> Walk::xattrs(std::uint32_t index) {
  if (index == kNone || super_.xattr_table == kNoTable) return std::string();
  if (const auto known = xattrs_.find(index); known != xattrs_.end()) return known->second;
  Reader in(image_);
  ASSAY_TRY(in.seek(super_.xattr_table, "the table of extended attributes"));
  const XattrHead head = ASSAY_TRY(in.read<XattrHead>("the table of extended attributes"));
  if (index >= head.count) return fail(Errc::malformed, "an extended attribute lies outside its table");
  Cursor ids = ASSAY_TRY(table(super_.xattr_table + sizeof(XattrHead), index, sizeof(XattrId)));
  const XattrId where = ASSAY_TRY(ids.read<XattrId>());
  if (where.count > 256) return fail(Errc::malformed, "an entry has more than 256 extended attributes");
  const auto block = checked_add(head.start, where.at >> 16);
  if (!block) return fail(Errc::malformed, "an extended attribute lies outside the image");
  Cursor cursor(metadata_, *block, where.at & 0xffff);
  std::string names;
  for (std::uint32_t i = 0; i < where.count; ++i) {
    const std::uint16_t type = ASSAY_TRY(cursor.read<le16>());
    const std::uint16_t size = ASSAY_TRY(cursor.read<le16>());
    constexpr std::string_view kPrefix[] = {"user.", "trusted.", "security."};
    if ((type & 0xff) > 2 || size > 255) return fail(Errc::malformed, "an extended attribute has no known kind");
    if (!names.empty()) names += ',';
    names += kPrefix[type & 0xff];
    names += clean_utf8(ASSAY_TRY(cursor.text(size)));
    const std::uint32_t value = ASSAY_TRY(cursor.read<le32>());
    if (value > (64u << 10)) return fail(Errc::malformed, "an extended attribute is longer than 64 KiB");
    ASSAY_TRY(budget_.charge_bytes(value));
    ASSAY_TRY(cursor.text(value));
  }
  xattrs_.emplace(index, names);
  return names;
}

Result<Walk::Inode> Walk::read_inode(std::uint64_t reference) {
  const std::uint64_t block = reference >> 16;
  if (block >= super_.directory_table - super_.inode_table)
    return fail(Errc::malformed, "the inode lies outside its table");
  Inode inode{{}, 0, false, Cursor(metadata_, super_.inode_table + block, reference & 0xffff)};
  const InodeHead head = ASSAY_TRY(inode.cursor.read<InodeHead>());
  if (head.type < 1 || head.type > 14) return fail(Errc::malformed, "the inode has no known type");
  inode.is_long = head.type > 7;
  inode.type = inode.is_long ? head.type - 7u : unsigned{head.type};
  inode.entry.mode = head.mode & 07777;
  inode.entry.uid = ASSAY_TRY(id(head.uid));
  inode.entry.gid = ASSAY_TRY(id(head.gid));
  inode.entry.at = super_.inode_table + block;
  return inode;
}

Result<void> Walk::read_names(Frame& frame, std::uint64_t block, std::uint32_t offset, std::uint64_t size) {
  if (size <= 3) return {};  // "." and ".." are counted and not written
  std::uint64_t left = size - 3;
  Cursor cursor(metadata_, super_.directory_table + block, offset);
  while (left > 0) {
    const DirectoryHead head = ASSAY_TRY(cursor.read<DirectoryHead>());
    if (head.count >= 256 || left < sizeof(DirectoryHead))
      return fail(Errc::malformed, "a directory's list is damaged");
    left -= sizeof(DirectoryHead);
    for (std::uint32_t i = 0; i <= head.count; ++i) {
      const DirectoryEntry entry = ASSAY_TRY(cursor.read<DirectoryEntry>());
      const std::uint64_t name_size = std::uint64_t{entry.name_size} + 1;
      if (name_size > 256 || left < sizeof(DirectoryEntry) + name_size)
        return fail(Errc::malformed, "a directory's list is damaged");
      left -= sizeof(DirectoryEntry) + name_size;
      ASSAY_TRY(budget_.charge_file());
      Name name{ASSAY_TRY(cursor.text(name_size)), std::uint64_t{head.block} << 16 | entry.offset};
      if (const auto bad = bad_name(name.text); !bad.empty()) {
        sink_.refused(fmt::format("/{}", frame.path), super_.directory_table + block,
                      Error{Errc::malformed, fmt::format("“{}” {}", clean_utf8(name.text), bad), {}, {}, {}});
        continue;
      }
      frame.names.push_back(std::move(name));
    }
  }
  return {};
}

Result<void> Walk::open_directory(const std::string& path, std::uint64_t reference) {
  if (!entered_.insert(reference).second) return fail(Errc::malformed, "the directory is met a second time");
  if (open_.size() >= kDeepest) return fail(Errc::malformed, "directories nest too deeply");
  Inode inode = ASSAY_TRY(read_inode(reference));
  if (inode.type != kDirectory) return fail(Errc::malformed, "no directory");
  std::uint64_t block = 0;
  std::uint64_t size = 0;
  std::uint32_t offset = 0;
  if (inode.is_long) {
    const LongDirectory d = ASSAY_TRY(inode.cursor.read<LongDirectory>());
    block = d.block;
    size = d.size;
    offset = d.offset;
    inode.entry.xattrs = ASSAY_TRY(xattrs(d.xattr));
  } else {
    const Directory d = ASSAY_TRY(inode.cursor.read<Directory>());
    block = d.block;
    size = d.size;
    offset = d.offset;
  }
  // The list first: what of it can be read is walked, also where its end is damaged.
  Frame frame{path, {}, 0};
  auto names = read_names(frame, block, offset, size);
  if (!names && (names.error().code == Errc::limit || (path.empty() && frame.names.empty()))) return names;
  if (!names) sink_.refused("/" + path, super_.directory_table + block, names.error());
  if (!path.empty()) {
    inode.entry.path = path;
    inode.entry.type = EntryType::directory;
    ASSAY_TRY(pipeline_.add(std::move(inode.entry)));
  }
  open_.push_back(std::move(frame));
  return {};
}

Result<void> Walk::visit(const std::string& path, std::uint64_t reference) {
  if (path.size() > 4096) return fail(Errc::malformed, "the path is longer than 4096 bytes");
  Inode inode = ASSAY_TRY(read_inode(reference));
  Entry& entry = inode.entry;
  entry.path = path;
  if (inode.type == kDirectory) return open_directory(path, reference);
  if (const auto first = linked_.find(reference); first != linked_.end()) {
    entry.type = EntryType::hardlink;
    entry.target = first->second;
    return pipeline_.add(std::move(entry));
  }
  std::uint32_t links = 1;
  switch (inode.type) {
    case kFile:
      if (inode.is_long) linked_.emplace(reference, path);
      return file(std::move(inode));
    case kSymlink: {
      const Symlink link = ASSAY_TRY(inode.cursor.read<Symlink>());
      if (link.size > (64u << 10)) return fail(Errc::malformed, "the link's target is longer than 64 KiB");
      entry.type = EntryType::symlink;
      ASSAY_TRY(budget_.charge_bytes(link.size));
      entry.target = ASSAY_TRY(inode.cursor.text(link.size));
      entry.size = link.size;
      links = link.links;
      break;
    }
    case kBlock:
    case kChar: {
      const Device device = ASSAY_TRY(inode.cursor.read<Device>());
      entry.type = inode.type == kBlock ? EntryType::block_device : EntryType::char_device;
      // As Linux packs a device's number (new_decode_dev).
      entry.major = (device.number & 0xfff00) >> 8;
      entry.minor = (device.number & 0xff) | ((device.number >> 12) & 0xfff00);
      links = device.links;
      break;
    }
    default: {
      links = ASSAY_TRY(inode.cursor.read<le32>());
      entry.type = inode.type == kFifo ? EntryType::fifo : EntryType::socket;
      break;
    }
  }
  if (inode.is_long) entry.xattrs = ASSAY_TRY(xattrs(ASSAY_TRY(inode.cursor.read<le32>())));
  if (links > 1) linked_.emplace(reference, path);
  return pipeline_.add(std::move(entry));
}

Result<void> Walk::file(Inode inode) {
  Entry& entry = inode.entry;
  std::uint64_t start = 0;
  std::uint32_t fragment_index = kNone;
  FileContent content;
  if (inode.is_long) {
    const LongFile f = ASSAY_TRY(inode.cursor.read<LongFile>());
    start = f.start;
    entry.size = f.size;
    fragment_index = f.fragment;
    content.tail_at = f.offset;
    entry.xattrs = ASSAY_TRY(xattrs(f.xattr));
  } else {
    const File f = ASSAY_TRY(inode.cursor.read<File>());
    start = f.start;
    entry.size = f.size;
    fragment_index = f.fragment;
    content.tail_at = f.offset;
  }
  const std::uint64_t block_size = super_.block_size;
  // Before anything is sized by it. The ratio is that of the whole tree: files may share blocks.
  const bool fits = entry.size <= budget_.bytes_left();
  const std::uint64_t whole = entry.size / block_size;
  const std::uint32_t rest = static_cast<std::uint32_t>(entry.size % block_size);
  if (fragment_index != kNone) content.tail_size = rest;
  if (fits) {
    out_ += entry.size;
    ASSAY_TRY(budget_.check_ratio(image_.size(), out_));
    std::uint64_t at = start;
    const std::uint64_t blocks = whole + (fragment_index == kNone && rest > 0 ? 1 : 0);
    ASSAY_TRY(budget_.charge_bytes(blocks * 4));
    for (std::uint64_t i = 0; i < blocks; ++i) {
      const std::uint32_t word = ASSAY_TRY(inode.cursor.read<le32>());
      const std::uint32_t size = word & (kStored - 1);
      if (word & ~(kStored | (kStored - 1)) || size > block_size * 2)
        return fail(Errc::malformed, "a block is larger than it may be");
      const Bytes bytes = clip(image_, at, size);
      if (bytes.size() != size) return fail_at(Errc::truncated, at, "a block lies outside the image");
      content.blocks.push_back({bytes, (word & kStored) == 0});
      at += size;
    }
    if (blocks > 0) entry.at = start;
    if (content.tail_size > 0) {
      std::uint64_t where = 0;
      content.tail_block = ASSAY_TRY(fragment(fragment_index, where));
      if (blocks == 0) entry.at = where;
    }
  }
  return pipeline_.add(std::move(entry), std::move(content));
}

Result<std::shared_ptr<SharedBlock>> Walk::fragment(std::uint32_t index, std::uint64_t& at) {
  if (index >= super_.fragments) return fail(Errc::malformed, "the fragment lies outside its table");
  Cursor cursor = ASSAY_TRY(table(super_.fragment_table, index, sizeof(FragmentEntry)));
  const FragmentEntry entry = ASSAY_TRY(cursor.read<FragmentEntry>());
  at = entry.start;
  for (const auto& [known, block] : fragments_)
    if (known == index) return block;
  const std::uint32_t size = entry.size & (kStored - 1);
  const Bytes bytes = clip(image_, entry.start, size);
  if (size == 0 || bytes.size() != size) return fail_at(Errc::truncated, at, "a fragment lies outside the image");
  auto block = ASSAY_TRY(pipeline_.shared({bytes, (entry.size & kStored) == 0}));
  constexpr std::size_t kKept = 8;
  if (fragments_.size() == kKept) fragments_.erase(fragments_.begin());
  fragments_.emplace_back(index, block);
  return block;
}

Result<std::uint64_t> extract(Bytes image, Sink& sink, Budget& budget) {
  const Superblock super = ASSAY_TRY(read_superblock(image));
  const auto codec = codec_of(super.compressor);
  if (!codec) return fail_at(Errc::unsupported, 20, "SquashFS with lzo blocks is not read yet");
  const std::uint64_t size = std::min<std::uint64_t>(super.bytes_used, image.size());
  if (size < super.bytes_used) {
    // The tables stand behind the data: nothing can be found without them.
    return fail_at(
        Errc::truncated, size,
        fmt::format("the file system is {} bytes long, {} are there", std::uint64_t{super.bytes_used}, size));
  }
  Walk walk(image.first(static_cast<std::size_t>(size)), super, *codec, sink, budget);
  ASSAY_TRY(walk.run());
  return size;
}

}  // namespace

extern constinit const Format squashfs{
    .name = "squashfs",
    .title = "SquashFS 4.0, little endian",
    .reference = "Linux, Documentation/filesystems/squashfs.rst",
    .limits = "lzo blocks, big endian and versions before 4.0 are not read; values of extended attributes are not kept",
    .magics = kMagics,
    .tree = true,
    .measure = measure,
    .extract = extract,
};

}  // namespace assay::unpack
