#include <gtest/gtest.h>

#include <fmt/format.h>
#include <zlib.h>

#include "unpack/formats/unit_testing.h"

namespace assay::unpack {

extern const Format squashfs;

namespace {

using testing::Recorder;
using testing::take;
using testing::Taken;

std::string case_file(const std::string& name) {
  return read_file(std::string(ASSAY_SOURCE_DIR) + "/tests/cases/unpack/squashfs/" + name, 1 << 20).value();
}

std::string from_hex(std::string_view text) {
  std::string out;
  int half = -1;
  for (const char c : text) {
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) continue;
    if (half < 0) {
      half = digit;
    } else {
      out += static_cast<char>(half << 4 | digit);
      half = -1;
    }
  }
  return out;
}

std::string listing(const Recorder& out) {
  std::string text;
  for (const Recorder::Item& item : out.entries) {
    const Entry& e = item.entry;
    std::string what = e.target;
    if (e.type == EntryType::file) what = sha256_hex(as_bytes(item.content)).substr(0, 32);
    if (e.type == EntryType::block_device || e.type == EntryType::char_device)
      what = fmt::format("{},{}", e.major, e.minor);
    text +=
        fmt::format("{} {} {:o} {}:{} {} {} {}\n", e.path, name(e.type), e.mode, e.uid, e.gid, e.size, what, e.xattrs);
  }
  return text;
}

class SquashfsKinds : public ::testing::TestWithParam<const char*> {};

TEST_P(SquashfsKinds, GivesTheTreeItWasMadeFrom) {
  const std::string image = from_hex(case_file(std::string(GetParam()) + ".hex"));
  const Taken t = take(squashfs, as_bytes(image));
  ASSERT_TRUE(t.extent) << t.extent.error().text();
  EXPECT_EQ(t.extent->size, image.size());
  EXPECT_TRUE(t.extent->certain);
  ASSERT_TRUE(t.used) << t.used.error().text();
  EXPECT_EQ(*t.used, image.size());
  EXPECT_TRUE(t.out.refusals.empty());
  EXPECT_EQ(listing(t.out), case_file("expected"));
}

TEST_P(SquashfsKinds, EveryTruncationIsAnErrorOrPartial) {
  const std::string image = from_hex(case_file(std::string(GetParam()) + ".hex"));
  for (std::size_t n = 0; n < image.size(); ++n) {
    const std::vector<std::uint8_t> cut(image.begin(), image.begin() + static_cast<std::ptrdiff_t>(n));
    const Taken t = take(squashfs, cut);
    testing::check_sane(t, cut);
    ASSERT_FALSE(t.extent && t.used && t.out.refusals.empty()) << n;
  }
}

TEST_P(SquashfsKinds, StandsDamagedBytes) {
  testing::check_mutations(squashfs, as_bytes(from_hex(case_file(std::string(GetParam()) + ".hex"))));
}

INSTANTIATE_TEST_SUITE_P(, SquashfsKinds, ::testing::Values("gzip", "lz4", "lzma", "xz", "zstd"));

class JobsRecorder : public Recorder {
 public:
  explicit JobsRecorder(unsigned jobs) : jobs_(jobs) {}
  unsigned jobs() const override { return jobs_; }

 private:
  unsigned jobs_;
};

TEST(Squashfs, IsTheSameForAnyNumberOfThreads) {
  const std::string image = from_hex(case_file("xz.hex"));
  for (const unsigned jobs : {1u, 2u, 7u}) {
    for (int round = 0; round < 50; ++round) {
      JobsRecorder out(jobs);
      Budget budget({});
      ASSERT_TRUE(squashfs.extract(as_bytes(image), out, budget));
      ASSERT_EQ(listing(out), case_file("expected"));
    }
  }
}

TEST(Squashfs, RealImages) {
  ASSAY_SAMPLE(image, "formats/bang/test.sqsh");
  const Taken t = take(squashfs, as_bytes(image));
  ASSERT_TRUE(t.used) << t.used.error().text();
  EXPECT_TRUE(t.out.refusals.empty());
  ASSERT_EQ(t.out.entries.size(), 1u);  // as unsquashfs lists it: one file in the root
  EXPECT_EQ(t.out.entries[0].content.size(), t.out.entries[0].entry.size);
  EXPECT_EQ(*t.used, 577043u);
}

// Writes what the tests below need of a SquashFS: nothing compressed, short inodes.
class Maker {
 public:
  struct Node {
    std::string name;
    std::uint32_t offset;  // in the only inode block
    std::uint16_t type;
  };
  std::uint32_t add_inode(std::uint16_t type, const std::string& rest) {
    const auto at = static_cast<std::uint32_t>(inodes_.size());
    testing::put_le(inodes_, type, 2);
    testing::put_le(inodes_, 0644, 2);
    testing::put_le(inodes_, 0, 2);
    testing::put_le(inodes_, 0, 2);
    testing::put_le(inodes_, 0, 4);
    testing::put_le(inodes_, ++count_, 4);
    inodes_ += rest;
    return at;
  }
  // `size` bytes in `blocks` data blocks, each of them the same stored bytes at the image's offset 96, or holes.
  std::uint32_t add_file(std::uint64_t size, const std::vector<std::uint32_t>& words) {
    std::string rest;
    testing::put_le(rest, 96, 8);
    testing::put_le(rest, size, 8);
    testing::put_le(rest, 0, 8);
    testing::put_le(rest, 1, 4);
    testing::put_le(rest, 0xffffffff, 4);
    testing::put_le(rest, 0, 4);
    testing::put_le(rest, 0xffffffff, 4);
    for (const std::uint32_t word : words) testing::put_le(rest, word, 4);
    return add_inode(9, rest);
  }
  std::uint32_t add_directory(const std::vector<Node>& nodes) {
    std::string list;
    if (!nodes.empty()) {
      testing::put_le(list, nodes.size() - 1, 4);
      testing::put_le(list, 0, 4);
      testing::put_le(list, 0, 4);
      for (const Node& n : nodes) {
        testing::put_le(list, n.offset, 2);
        testing::put_le(list, 0, 2);
        testing::put_le(list, n.type, 2);
        testing::put_le(list, n.name.size() - 1, 2);
        list += n.name;
      }
    }
    std::string rest;
    testing::put_le(rest, 0, 4);
    testing::put_le(rest, 2, 4);
    testing::put_le(rest, list.size() + 3, 2);
    testing::put_le(rest, directories_.size(), 2);
    testing::put_le(rest, 1, 4);
    directories_ += list;
    return add_inode(1, rest);
  }
  std::string finish(std::uint32_t root, const std::string& data) const {
    const auto block = [](const std::string& bytes) {
      std::string out;
      testing::put_le(out, bytes.size() | 0x8000, 2);
      return out + bytes;
    };
    const std::string inodes = block(inodes_), directories = block(directories_), ids = block(std::string(4, '\0'));
    const std::uint64_t inode_table = 96 + data.size(), directory_table = inode_table + inodes.size(),
                        id_block = directory_table + directories.size(), id_table = id_block + ids.size();
    std::string out = "hsqs";
    for (const std::uint64_t v : {std::uint64_t{count_}, std::uint64_t{0}, std::uint64_t{1} << 20, std::uint64_t{0}})
      testing::put_le(out, v, 4);
    for (const int v : {1, 20, 0, 1, 4, 0}) testing::put_le(out, static_cast<std::uint64_t>(v), 2);
    for (const std::uint64_t v : {std::uint64_t{root}, id_table + 8, id_table, ~std::uint64_t{0}, inode_table,
                                  directory_table, ~std::uint64_t{0}, ~std::uint64_t{0}})
      testing::put_le(out, v, 8);
    out += data + inodes + directories + ids;
    testing::put_le(out, id_block, 8);
    return out;
  }

 private:
  std::string inodes_, directories_;
  std::uint32_t count_ = 0;
};

TEST(Squashfs, DirectoryLoopsEnd) {
  Maker maker;
  // The second directory lists the root, which is written behind it: inode offsets are known beforehand.
  const std::uint32_t second = maker.add_directory({{"up", 32, 1}});
  const std::uint32_t root = maker.add_directory({{"self", 32, 1}, {"down", second, 1}});
  ASSERT_EQ(root, 32u);
  const std::string image = maker.finish(root, "");
  const Taken t = take(squashfs, as_bytes(image));
  ASSERT_TRUE(t.used) << t.used.error().text();
  ASSERT_EQ(t.out.entries.size(), 1u);
  EXPECT_EQ(t.out.entries[0].entry.path, "down");
  ASSERT_EQ(t.out.refusals.size(), 2u);
  EXPECT_EQ(t.out.refusals[0].what, "/self");
  EXPECT_NE(t.out.refusals[0].why.find("a second time"), std::string::npos);
}

TEST(Squashfs, NamesThatLeaveTheTreeAreRefused) {
  Maker maker;
  const std::uint32_t file = maker.add_file(0, {});
  const std::uint32_t root =
      maker.add_directory({{"..", file, 2}, {"a/b", file, 2}, {std::string("n\0l", 3), file, 2}, {"good", file, 2}});
  const Taken t = take(squashfs, as_bytes(maker.finish(root, "")));
  ASSERT_TRUE(t.used) << t.used.error().text();
  ASSERT_EQ(t.out.entries.size(), 1u);
  EXPECT_EQ(t.out.entries[0].entry.path, "good");
  EXPECT_EQ(t.out.refusals.size(), 3u);
}

// A few kB that promise 720 MiB: every file is the same twelve blocks, each 1 MiB of zeros packed by zlib.
TEST(Squashfs, SharedBlocksEndWithTheBudget) {
  Maker maker;
  const std::string zeros(1 << 20, '\0');
  std::string block(2048, '\0');
  uLongf packed = block.size();
  ASSERT_EQ(compress(reinterpret_cast<Bytef*>(block.data()), &packed, reinterpret_cast<const Bytef*>(zeros.data()),
                     zeros.size()),
            Z_OK);
  block.resize(packed);
  std::string data;
  for (int i = 0; i < 12; ++i) data += block;
  std::vector<Maker::Node> nodes;
  const std::vector<std::uint32_t> words(12, static_cast<std::uint32_t>(packed));
  for (int i = 0; i < 60; ++i)
    nodes.push_back({"file" + std::to_string(10 + i), maker.add_file(std::uint64_t{12} << 20, words), 2});
  const std::uint32_t root = maker.add_directory(nodes);
  const std::string image = maker.finish(root, data);
  Limits limits;
  limits.bytes = 256 << 20;
  limits.ratio = 1'000'000;
  Budget budget(limits);

  class Nowhere : public Sink {
   public:
    Result<void> part(std::string_view, Bytes, std::uint64_t, bool) override { return {}; }
    Result<void> entry(const Entry& e, Bytes content) override {
      EXPECT_EQ(e.size, content.size());
      bytes += content.size();
      return {};
    }
    void refused(std::string_view, std::uint64_t, const Error& why) override {
      EXPECT_EQ(why.code, Errc::limit);
      ++refusals;
    }
    void title(std::string_view) override {}
    unsigned jobs() const override { return 2; }
    std::uint64_t bytes = 0;
    unsigned refusals = 0;
  } out;
  const auto used = squashfs.extract(as_bytes(image), out, budget);
  ASSERT_FALSE(used);
  EXPECT_EQ(used.error().code, Errc::limit);
  EXPECT_GT(out.refusals, 0u);
  EXPECT_GT(out.bytes, limits.bytes / 2);
  EXPECT_LE(out.bytes, limits.bytes);
}

TEST(Squashfs, HolesEndWithTheRatio) {
  Maker maker;
  const std::uint32_t file = maker.add_file(std::uint64_t{64} << 20, std::vector<std::uint32_t>(64, 0));
  const std::uint32_t root = maker.add_directory({{"holes", file, 2}});
  const Taken t = take(squashfs, as_bytes(maker.finish(root, "")));
  ASSERT_FALSE(t.used);
  EXPECT_EQ(t.used.error().code, Errc::limit);
}

}  // namespace
}  // namespace assay::unpack
