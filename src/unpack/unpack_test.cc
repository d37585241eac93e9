#include "unpack/unpack.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <cstdio>
#include <filesystem>

#include "unpack/formats/unit_testing.h"
#include "unpack/ledger.h"
#include "unpack/scan.h"

namespace assay::unpack {
namespace {

// Counts what comes, and digests it all in order.
class Counter : public Visitor {
 public:
  Result<void> entry(int node, const NodeInfo& info, const Entry& e, Bytes content) override {
    EXPECT_GE(node, 0);
    if (stop_after > 0 && entries == stop_after) return fail(Errc::limit, "the visitor has enough");
    ++entries;
    if (e.type == EntryType::file) {
      ++files[info.place];
      EXPECT_EQ(e.size, content.size()) << e.path;
    }
    trace.add(as_bytes(info.place + e.path + e.target + std::to_string(e.mode) + e.xattrs));
    trace.add(content);
    return {};
  }
  Result<void> part(int node, const NodeInfo& info, Bytes content) override {
    EXPECT_GE(node, 0);
    EXPECT_EQ(info.size, content.size()) << info.place;
    parts.push_back(info.place);
    trace.add(as_bytes(info.place));
    trace.add(content);
    return {};
  }
  std::size_t entries = 0;
  std::size_t stop_after = 0;
  std::map<std::string, std::size_t> files;
  std::vector<std::string> parts;
  Sha256Stream trace;
};

std::string dump(const Outcome& o) {
  std::string out;
  for (const NodeInfo& n : o.nodes)
    out += n.place + " | " + n.title + " | " + std::to_string(n.offset) + "+" + std::to_string(n.size) + " " +
           std::string(name(n.status)) + " " + n.reason + "\n";
  for (const LedgerRow& r : o.ledger)
    out += std::to_string(r.node) + ": " + std::to_string(r.offset) + "+" + std::to_string(r.size) + " " + r.state +
           " " + r.reason + " " + r.entropy + "\n";
  for (const Refusal& r : o.refusals) out += "refused " + r.place + ": " + r.reason + "\n";
  return out;
}

// Each searched stretch of bytes is covered without gap or overlap, rows are merged, nodes are where they can be,
// places are unique.
void check_outcome(const Outcome& o, std::uint64_t size) {
  std::map<int, std::uint64_t> sums;
  std::map<int, const LedgerRow*> last;
  for (const LedgerRow& r : o.ledger) {
    ASSERT_EQ(r.offset, sums[r.node]) << dump(o);
    ASSERT_GT(r.size, 0u);
    ASSERT_TRUE(r.state == "claimed" || r.state == "padding" || r.state == "unknown" || r.state == "refused")
        << r.state;
    ASSERT_EQ(r.state == "unknown", !r.entropy.empty());
    ASSERT_EQ(r.state == "unknown", r.reason.empty());
    if (const LedgerRow* before = last[r.node]) {
      ASSERT_FALSE(before->state == r.state && before->reason == r.reason && before->entropy == r.entropy &&
                   r.state != "unknown")
          << "not merged at " << r.offset;
    }
    sums[r.node] += r.size;
    last[r.node] = &r;
  }
  ASSERT_EQ(sums[-1], size) << dump(o);
  std::set<std::string> places;
  for (std::size_t i = 0; i < o.nodes.size(); ++i) {
    const NodeInfo& n = o.nodes[i];
    ASSERT_LT(n.parent, static_cast<int>(i));
    ASSERT_TRUE(places.insert(n.place).second) << n.place;
    ASSERT_EQ(sums[static_cast<int>(i)], n.searched) << n.place;
    ASSERT_EQ(n.status == Status::whole, n.reason.empty()) << n.place;
  }
}

Outcome run(std::string_view image, Counter& counter, Limits limits = {}, unsigned jobs = 1) {
  Budget budget(limits);
  Outcome o = unpack(as_bytes(image), "image.bin", jobs, budget, counter);
  check_outcome(o, image.size());
  return o;
}

std::string gzip(const std::string& text) {
  z_stream z{};
  deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
  std::string out(compressBound(text.size()) + 64, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

std::string noise(std::size_t size, unsigned seed = 1) {
  std::mt19937_64 random(seed);
  std::string out(size, '\0');
  for (char& c : out) c = static_cast<char>(random());
  return out;
}

std::string squashfs_sample(const std::string& kind) {
  const std::string text =
      read_file(std::string(ASSAY_SOURCE_DIR) + "/tests/cases/unpack/squashfs/" + kind + ".hex", 1 << 20).value();
  std::string out, pair;
  for (const char c : text) {
    if (c == '\n') continue;
    pair += c;
    if (pair.size() == 2) out += static_cast<char>(std::stoi(std::exchange(pair, ""), nullptr, 16));
  }
  return out;
}

TEST(Ledger, PartsComeBeforeWhatTheyLieIn) {
  Ledger ledger;
  ledger.claim(10, 20, "claimed", "inner");
  ledger.claim(0, 30, "claimed", "outer");
  ledger.claim(0, 40, "unknown", "", "x");
  const auto rows = ledger.rows(-1);
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(rows[1].reason, "inner");
  EXPECT_EQ(rows[2].offset, 20u);
  EXPECT_EQ(rows[2].reason, "outer");
  EXPECT_EQ(rows[3].state, "unknown");
  EXPECT_TRUE(ledger.open(0, 40).empty());
  EXPECT_TRUE(ledger.taken(39));
  EXPECT_FALSE(ledger.taken(40));
}

TEST(Ledger, GapsAreSplitIntoPaddingAndUnknown) {
  const auto split = [](const std::string& bytes) {
    std::string out;
    for (const Stretch& s : split_gap(as_bytes(bytes), {0, bytes.size()}))
      out += std::to_string(s.range.from) + "-" + std::to_string(s.range.to) + " " + s.padding + ";";
    return out;
  };
  EXPECT_EQ(split(std::string(100, '\xff')), "0-100 0xff;");
  EXPECT_EQ(split(std::string(100, ' ')), "0-100 0x20;");
  EXPECT_EQ(split(std::string(20, '\0') + "hello" + std::string(20, '\xff')), "0-20 0x00;20-25 ;25-45 0xff;");
  EXPECT_EQ(split(std::string(20, '\xff') + "\xde\xad\xc0\xde" + std::string(20, '\xff')),
            "0-20 0xff;20-24 0xdeadc0de end mark;24-44 0xff;");
  EXPECT_EQ(split("ab" + std::string(3000, '\0') + "cd"), "0-3004 ;");
  EXPECT_EQ(split("ab" + std::string(5000, '\0') + "cd"), "0-2 ;2-5002 0x00;5002-5004 ;");
}

TEST(Ledger, EntropySaysWhatBytesMayBe) {
  EXPECT_EQ(entropy_class(as_bytes(std::string(1000, '\0'))), "0.00 zero");
  EXPECT_EQ(entropy_class(as_bytes(noise(100'000))), "8.00 compressed or encrypted");
  EXPECT_NE(entropy_class(as_bytes("hostname=doorbell\nmode=ap\n")).find("text"), std::string::npos);
  EXPECT_NE(entropy_class(as_bytes("\x01\x02\x03")).find("too short"), std::string::npos);
}

TEST(Scanner, FindsWhatASlowSearchFinds) {
  const Scanner scanner(formats());
  std::string data = noise(200'000, 5);
  std::mt19937 random(6);
  for (const Format* f : formats())
    for (const Magic& m : f->magics)
      for (int i = 0; i < 5; ++i) data.replace(random() % (data.size() - 64), m.bytes.size(), m.bytes);
  for (const Format* f : formats())  // at the very end, too
    if (!f->magics.empty() && f->anywhere) data += f->magics[0].bytes;
  std::set<std::pair<std::uint64_t, std::string_view>> slow, fast;
  for (const Format* f : formats())
    for (const Magic& m : f->magics)
      for (std::size_t at = data.find(m.bytes); f->anywhere && at != std::string::npos; at = data.find(m.bytes, at + 1))
        if (at >= m.at) slow.emplace(at - m.at, f->name);
  scanner.each(as_bytes(data), 0, [&](const Format& f, std::uint64_t start) -> std::uint64_t {
    fast.emplace(start, f.name);
    return 0;
  });
  EXPECT_GT(slow.size(), 50u);
  EXPECT_EQ(slow, fast);
}

TEST(Unpack, FindsContainersBetweenOtherBytes) {
  const std::string a = gzip("configuration=1\n" + noise(500)), b = squashfs_sample("xz");
  const std::string text(300, 'x');
  std::string image = "BOOT" + noise(996, 2) + a + std::string(50, '\0') + b + std::string(64, '\xff');
  image += text + "y";
  Counter counter;
  const Outcome o = run(image, counter);
  ASSERT_EQ(o.nodes.size(), 5u) << dump(o);
  EXPECT_EQ(o.nodes[0].place, "gzip");
  EXPECT_EQ(o.nodes[0].offset, 1000u);
  EXPECT_EQ(o.nodes[0].size, a.size());
  EXPECT_EQ(o.nodes[1].place, "gzip > content");
  EXPECT_EQ(o.nodes[2].place, "squashfs");
  EXPECT_EQ(o.nodes[2].size, b.size());
  EXPECT_EQ(o.nodes[3].place, "data@0x0");
  EXPECT_EQ(counter.files["squashfs"], 6u);
  ASSERT_GE(o.ledger.size(), 6u);
  EXPECT_EQ(o.ledger[0].state, "unknown");
  EXPECT_EQ(o.ledger[1].reason, "gzip");
  EXPECT_EQ(o.ledger[2].reason, "0x00");
  EXPECT_EQ(o.ledger[3].reason, "squashfs");
  EXPECT_EQ(o.ledger[4].reason, "0xff");
  EXPECT_EQ(o.ledger[5].size, text.size() + 1);
  EXPECT_TRUE(o.refusals.empty());
  EXPECT_FALSE(o.cut);
}

// cpio as Linux reads it for an initramfs ("newc").
std::string cpio(const std::vector<std::pair<std::string, std::string>>& files) {
  std::string out;
  unsigned inode = 0;
  const auto add = [&](const std::string& path, const std::string& content, unsigned mode) {
    char head[111];
    std::snprintf(head, sizeof head, "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X", ++inode, mode, 0u,
                  0u, 1u, 0u, static_cast<unsigned>(content.size()), 0u, 0u, 0u, 0u,
                  static_cast<unsigned>(path.size() + 1), 0u);
    out += head + path + '\0';
    out.resize(align_up(out.size(), 4));
    out += content;
    out.resize(align_up(out.size(), 4));
  };
  for (const auto& [path, content] : files) add(path, content, 0100644);
  add("TRAILER!!!", "", 0);
  out.resize(align_up(out.size(), 512));
  return out;
}

TEST(Unpack, LooksIntoFilesOfTreesWithCare) {
  const std::string fs = squashfs_sample("gzip"), packed = gzip("a manual page\n" + noise(500));
  std::string text;
  while (text.size() < 70'000) text += "nothing but words in here\n";
  const std::string image = cpio({{"man.gz", packed},
                                  {"behind", "x" + packed},               // not at its start
                                  {"flash.bin", noise(70'000, 12) + fs},  // searched
                                  {"small.bin", noise(1000, 13) + fs},    // too small for an image
                                  {"flash.so", noise(70'000, 14) + fs},   // not named like one
                                  {"text.img", text + fs},                // text
                                  {"program.bin",
                                   "\x7f"
                                   "ELF" +
                                       noise(70'000, 15) + fs},  // a program
                                  {"root.sqsh", fs + std::string(40, '\0')}});
  Counter counter;
  const Outcome o = run(image, counter);
  std::vector<std::string> places;
  for (const NodeInfo& n : o.nodes) places.push_back(n.place);
  const std::vector<std::string> wanted = {"cpio",
                                           "cpio > /man.gz",
                                           "cpio > /man.gz > gzip",
                                           "cpio > /man.gz > gzip > content",
                                           "cpio > /flash.bin",
                                           "cpio > /flash.bin > squashfs",
                                           "cpio > /root.sqsh",
                                           "cpio > /root.sqsh > squashfs"};
  EXPECT_EQ(places, wanted) << dump(o);
  EXPECT_EQ(counter.files["cpio"], 8u);
  EXPECT_EQ(counter.files["cpio > /flash.bin > squashfs"], 6u);
  EXPECT_EQ(counter.parts, std::vector<std::string>{"cpio > /man.gz > gzip > content"});
  EXPECT_EQ(o.nodes[4].searched, 70'000 + fs.size());
}

TEST(Unpack, WhatAHeaderSaysOfCompressionIsNotBelieved) {
  const std::string payload = gzip("a kernel, perhaps\n" + noise(400));
  std::string head;
  for (const std::uint64_t v :
       {std::uint64_t{0x27051956}, std::uint64_t{0}, std::uint64_t{0}, std::uint64_t{payload.size()}, std::uint64_t{0},
        std::uint64_t{0}, std::uint64_t{assay::crc32(as_bytes(payload))}})
    testing::put_be(head, v, 4);
  head += std::string("\x05\x05\x02\x03", 4) + "Linux";  // Linux, MIPS, kernel, LZMA: which it is not
  head.resize(64);
  std::string sum;
  testing::put_be(sum, assay::crc32(as_bytes(head)), 4);
  head.replace(4, 4, sum);
  Counter counter;
  const Outcome o = run(head + payload, counter);
  ASSERT_GE(o.nodes.size(), 2u) << dump(o);
  EXPECT_EQ(o.nodes[1].place, "uimage > gzip");
  EXPECT_EQ(counter.parts, std::vector<std::string>{"uimage > gzip > content"});
}

TEST(Unpack, WithdrawsFalseHits) {
  std::string image = noise(300'000, 9);
  for (const Format* f : formats())
    for (const Magic& m : f->magics)
      image.replace(100 + 997 * m.bytes.size() + static_cast<std::size_t>(f->name[0]) * 1000, m.bytes.size(), m.bytes);
  Counter counter;
  const Outcome o = run(image, counter);
  ASSERT_EQ(o.nodes.size(), 1u) << dump(o);
  EXPECT_EQ(o.nodes[0].format, "data");
  EXPECT_EQ(o.nodes[0].place, "image.bin");
  ASSERT_EQ(o.ledger.size(), 1u);
  EXPECT_EQ(o.ledger[0].state, "unknown");
}

TEST(Unpack, NothingTextAndBlank) {
  Counter counter;
  EXPECT_TRUE(run("", counter).nodes.empty());
  EXPECT_TRUE(run(std::string(5000, '\xff'), counter).nodes.empty());
  EXPECT_EQ(run("short text\n", counter).ledger.at(0).state, "unknown");
  EXPECT_TRUE(counter.parts.empty());
}

TEST(Unpack, TellsTwoOfAKindApart) {
  const std::string fs = squashfs_sample("gzip");
  Counter counter;
  const Outcome o = run(fs + std::string(200, '\0') + fs, counter);
  ASSERT_EQ(o.nodes.size(), 2u);
  EXPECT_EQ(o.nodes[0].place, "squashfs");
  EXPECT_EQ(
      o.nodes[1].place, "squashfs@0x" + [&] {
        std::ostringstream s;
        s << std::hex << fs.size() + 200;
        return s.str();
      }());
  EXPECT_EQ(counter.files.size(), 2u);
}

TEST(Unpack, TruncatedFileSystemIsRefusedNotForgotten) {
  const std::string fs = squashfs_sample("gzip");
  Counter counter;
  const Outcome o = run("head" + noise(508, 3) + fs.substr(0, fs.size() - 100), counter);
  ASSERT_FALSE(o.nodes.empty());
  EXPECT_EQ(o.nodes[0].status, Status::refused);
  EXPECT_EQ(o.ledger.back().state, "refused");
  ASSERT_EQ(o.refusals.size(), 1u);
  EXPECT_EQ(o.refusals[0].place, "squashfs");
}

TEST(Unpack, NestingEndsWithTheDepth) {
  std::string image = "the innermost text\n";
  for (int i = 0; i < 100; ++i) image = gzip(image);
  Counter counter;
  const Outcome o = run(image, counter);
  ASSERT_EQ(o.nodes.size(), Limits().depth + 1u);
  EXPECT_EQ(o.nodes.back().status, Status::refused);
  EXPECT_EQ(o.ledger.back().state, "refused");
  EXPECT_TRUE(o.cut);
  ASSERT_EQ(o.refusals.size(), 1u);
}

// 10 GiB of zeros in a few hundred bytes: gzip of gzip of gzip.
TEST(Unpack, BombsEndWithTheBudget) {
  const std::string zeros(1 << 20, '\0');
  z_stream z{};
  deflateInit2(&z, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY);
  std::string piece(4096, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(zeros.data()));
  z.avail_in = static_cast<uInt>(zeros.size());
  z.next_out = reinterpret_cast<Bytef*>(piece.data());
  z.avail_out = static_cast<uInt>(piece.size());
  ASSERT_EQ(deflate(&z, Z_FULL_FLUSH), Z_OK);
  piece.resize(z.total_out);
  deflateEnd(&z);
  std::string image("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
  for (int i = 0; i < 10 << 10; ++i) image += piece;
  image = gzip(gzip(image));
  ASSERT_LT(image.size(), 4096u);
  Limits limits;
  limits.bytes = 256 << 20;
  Counter counter;
  const Outcome o = run(image, counter, limits);
  EXPECT_TRUE(o.cut);
  ASSERT_EQ(o.nodes.size(), 3u) << dump(o);
  EXPECT_EQ(o.nodes[2].status, Status::refused);
  EXPECT_EQ(o.ledger.back().state, "refused");
  EXPECT_EQ(o.ledger.back().node, 1);
  EXPECT_FALSE(o.refusals.empty());
}

TEST(Unpack, StopsWhereTheVisitorHasEnough) {
  const std::string fs = squashfs_sample("gzip");
  Counter counter;
  counter.stop_after = 3;
  const Outcome o = run(fs + noise(1000, 4) + fs, counter);
  EXPECT_EQ(counter.entries, 3u);
  EXPECT_TRUE(o.cut);
  EXPECT_EQ(o.nodes.at(0).status, Status::partial);
  EXPECT_EQ(o.ledger.back().state, "refused");
}

TEST(Unpack, ManyFalseStartsEnd) {
  std::string image;
  // A stream that inflates a little and breaks, again and again.
  const std::string start = gzip(noise(3000, 8)).substr(0, 60);
  while (image.size() < 3'200'000) image += start;
  Counter counter;
  const Outcome o = run(image, counter);
  EXPECT_TRUE(o.cut);
  EXPECT_FALSE(o.refusals.empty());
}

TEST(Unpack, LedeImage) {
  ASSAY_SAMPLE(image, "router/lede-17.01.7-tl-wr703n-v1-factory.bin");
  std::string first;
  for (const unsigned jobs : {1u, 2u, 5u}) {
    Counter counter;
    const Outcome o = run(image, counter, {}, jobs);
    EXPECT_EQ(counter.files["tp-link > squashfs"], 841u);
    EXPECT_TRUE(o.refusals.empty());
    for (const LedgerRow& r : o.ledger) EXPECT_TRUE(r.node >= 0 || r.state != "unknown") << dump(o);
    const std::string all = dump(o) + hex(counter.trace.finish());
    if (first.empty()) first = all;
    EXPECT_EQ(all, first);
  }
}

TEST(Unpack, EverySampleHasAWholeLedger) {
  const std::filesystem::path root = testing::samples() + "/firmware";
  std::error_code error;
  if (!std::filesystem::is_directory(root, error)) GTEST_SKIP() << "no samples in " << root;
  std::size_t count = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(root)) {
    if (!file.is_regular_file()) continue;
    const auto mapped = MappedFile::open(file.path());
    ASSERT_TRUE(mapped);
    Counter counter;
    Budget budget({});
    const Outcome o = unpack(mapped->bytes(), file.path().filename().string(), 2, budget, counter);
    check_outcome(o, mapped->bytes().size());
    ASSERT_FALSE(HasFatalFailure()) << file.path();
    EXPECT_FALSE(o.cut) << file.path();
    ++count;
    if (std::getenv("ASSAY_SHOW")) std::cerr << "== " << file.path() << "\n" << dump(o);
  }
  EXPECT_GT(count, 100u);
}

}  // namespace
}  // namespace assay::unpack
