// The formats that are one compressed stream, held to the same expectations. Samples are made here by the libraries.
#include <bzlib.h>
#include <gtest/gtest.h>
#include <lz4.h>
#include <lz4frame.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include "parse/lzma.h"
#include "unpack/formats/unit_testing.h"

namespace assay::unpack {

extern const Format bzip2, gzip, lz4, lzma, xz, zstd;

namespace {

using testing::put_le;
using testing::take;
using testing::Taken;

std::string words(std::size_t size) {
  std::mt19937 random(11);
  std::string out;
  while (out.size() < size) out += "word" + std::to_string(random() % 500) + (random() % 7 == 0 ? "\n" : " ");
  out.resize(size);
  return out;
}

std::string pack_gzip(const std::string& text) {
  z_stream z{};
  deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
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

std::string run_lzma(lzma_stream& s, const std::string& text) {
  std::string out(text.size() + 65536, '\0');
  s.next_in = reinterpret_cast<const std::uint8_t*>(text.data());
  s.avail_in = text.size();
  s.next_out = reinterpret_cast<std::uint8_t*>(out.data());
  s.avail_out = out.size();
  EXPECT_EQ(lzma_code(&s, LZMA_FINISH), LZMA_STREAM_END);
  out.resize(s.total_out);
  lzma_end(&s);
  return out;
}

std::string pack_xz(const std::string& text) {
  lzma_stream s = LZMA_STREAM_INIT;
  lzma_mt options{};
  options.threads = 1;
  options.block_size = 16 << 10;  // several blocks
  options.preset = 1;
  options.check = LZMA_CHECK_CRC64;
  EXPECT_EQ(lzma_stream_encoder_mt(&s, &options), LZMA_OK);
  return run_lzma(s, text);
}

std::string pack_lzma(const std::string& text, unsigned lc = 3, unsigned lp = 0) {
  lzma_stream s = LZMA_STREAM_INIT;
  lzma_options_lzma options{};
  lzma_lzma_preset(&options, 1);
  options.lc = lc;
  options.lp = lp;
  EXPECT_EQ(lzma_alone_encoder(&s, &options), LZMA_OK);
  return run_lzma(s, text);
}

std::string pack_zstd(const std::string& text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

std::string pack_lz4(const std::string& text) {
  LZ4F_preferences_t options{};
  options.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
  std::string out(LZ4F_compressFrameBound(text.size(), &options), '\0');
  out.resize(LZ4F_compressFrame(out.data(), out.size(), text.data(), text.size(), &options));
  return out;
}

std::string pack_lz4_legacy(const std::string& text) {
  std::string out = "\x02\x21\x4c\x18";
  for (std::size_t at = 0; at < text.size(); at += 8 << 20) {
    const std::string piece = text.substr(at, 8 << 20);
    std::string block(static_cast<std::size_t>(LZ4_compressBound(static_cast<int>(piece.size()))), '\0');
    const int size = LZ4_compress_default(piece.data(), block.data(), static_cast<int>(piece.size()),
                                          static_cast<int>(block.size()));
    put_le(out, static_cast<std::uint64_t>(size), 4);
    out += block.substr(0, static_cast<std::size_t>(size));
  }
  return out;
}

std::string pack_bzip2(const std::string& text) {
  std::string out(text.size() + text.size() / 100 + 600, '\0');
  unsigned size = static_cast<unsigned>(out.size());
  EXPECT_EQ(BZ2_bzBuffToBuffCompress(out.data(), &size, const_cast<char*>(text.data()),
                                     static_cast<unsigned>(text.size()), 1, 0, 0),
            BZ_OK);
  out.resize(size);
  return out;
}

struct Kind {
  const char* name;
  const Format* format;
  std::string (*pack)(const std::string&);
  bool joined;   // streams end to end are one
  bool checked;  // a checksum stands over what comes out
  std::size_t largest = 1'000'000;
};

const Kind kKinds[] = {
    {"gzip", &gzip, pack_gzip, true, true},
    {"xz", &xz, pack_xz, true, true},
    {"lzma", &lzma, [](const std::string& t) { return pack_lzma(t); }, false, false},
    {"lzma_lc1_lp2", &lzma, [](const std::string& t) { return pack_lzma(t, 1, 2); }, false, false},
    {"zstd", &zstd, pack_zstd, true, false},
    {"lz4", &lz4, pack_lz4, true, true},
    {"lz4_legacy", &lz4, pack_lz4_legacy, false, false, 9'000'000},
    {"bzip2", &bzip2, pack_bzip2, true, true},
};

class Streams : public ::testing::TestWithParam<Kind> {};
class JoinedStreams : public Streams {};
class CheckedStreams : public Streams {};

TEST_P(Streams, GiveBackWhatWasPackedAndEndExactly) {
  for (const std::size_t size : {std::size_t{40}, std::size_t{5000}, std::size_t{300'000}, GetParam().largest}) {
    const std::string text = words(size);
    const std::string packed = GetParam().pack(text);
    const Taken t = take(*GetParam().format, as_bytes(packed + "something else behind it"));
    ASSERT_TRUE(t.extent) << t.extent.error().text();
    ASSERT_TRUE(t.used) << t.used.error().text();
    EXPECT_EQ(*t.used, packed.size());
    ASSERT_EQ(t.out.parts.size(), 1u);
    EXPECT_TRUE(t.out.parts[0].bytes == text);
    EXPECT_FALSE(t.out.parts[0].in_place);
    EXPECT_TRUE(t.out.refusals.empty());
  }
}

TEST_P(JoinedStreams, AreJoinedOnlyWhereTheyTouch) {
  const std::string a = GetParam().pack(words(3000)), b = GetParam().pack("and more, " + words(200));
  const Taken joined = take(*GetParam().format, as_bytes(a + b));
  ASSERT_TRUE(joined.used);
  EXPECT_EQ(*joined.used, a.size() + b.size());
  EXPECT_EQ(joined.out.parts.at(0).bytes, words(3000) + "and more, " + words(200));
  const Taken apart = take(*GetParam().format, as_bytes(a + std::string(4, '\0') + b));
  ASSERT_TRUE(apart.used);
  EXPECT_EQ(*apart.used, a.size());
  // A second one that is damaged at once does not spoil the first.
  const Taken spoiled = take(*GetParam().format, as_bytes(a + b.substr(0, 12) + std::string(200, '\x5a')));
  ASSERT_TRUE(spoiled.used);
  EXPECT_EQ(spoiled.out.parts.at(0).bytes.substr(0, 3000), words(3000));
}

TEST_P(Streams, TruncatedIsAnErrorOrPartial) {
  const std::string text = words(200'000);
  const std::string packed = GetParam().pack(text);
  for (std::size_t n = 0; n < packed.size(); n += n < 64 ? 1 : packed.size() / 97 + 1) {
    const std::vector<std::uint8_t> cut(packed.begin(), packed.begin() + static_cast<std::ptrdiff_t>(n));
    const Taken t = take(*GetParam().format, cut);
    testing::check_sane(t, cut);
    if (!t.extent || !t.used) continue;
    ASSERT_FALSE(t.out.refusals.empty()) << n;
    ASSERT_EQ(t.out.parts.size(), 1u);
    ASSERT_EQ(t.out.parts[0].bytes, text.substr(0, t.out.parts[0].bytes.size()));
  }
  testing::check_truncations(*GetParam().format, as_bytes(GetParam().pack(words(900))));
}

TEST_P(Streams, StandDamagedBytes) {
  testing::check_mutations(*GetParam().format, as_bytes(GetParam().pack(words(900))));
}

TEST_P(Streams, EndWithTheBudget) {
  const std::string packed = GetParam().pack(std::string(4 << 20, '\0'));
  Limits limits;
  limits.bytes = 1 << 20;
  const Taken t = take(*GetParam().format, as_bytes(packed), limits);
  ASSERT_TRUE(t.extent);
  ASSERT_FALSE(t.used);
  EXPECT_EQ(t.used.error().code, Errc::limit);
  EXPECT_TRUE(t.out.parts.empty());
}

TEST_P(CheckedStreams, DamageIsSeenOrShown) {
  const std::string text = words(100'000);
  std::string packed = GetParam().pack(text);
  packed[packed.size() / 2] = static_cast<char>(packed[packed.size() / 2] ^ 0x10);
  const Taken t = take(*GetParam().format, as_bytes(packed));
  EXPECT_TRUE(!t.used || !t.out.refusals.empty());
}

std::vector<Kind> kinds(bool Kind::*which) {
  std::vector<Kind> out;
  for (const Kind& kind : kKinds)
    if (!which || kind.*which) out.push_back(kind);
  return out;
}
std::string kind_name(const ::testing::TestParamInfo<Kind>& kind) { return kind.param.name; }

INSTANTIATE_TEST_SUITE_P(All, Streams, ::testing::ValuesIn(kinds(nullptr)), kind_name);
INSTANTIATE_TEST_SUITE_P(Joined, JoinedStreams, ::testing::ValuesIn(kinds(&Kind::joined)), kind_name);
INSTANTIATE_TEST_SUITE_P(Checked, CheckedStreams, ::testing::ValuesIn(kinds(&Kind::checked)), kind_name);

TEST(Gzip, HeaderFields) {
  const std::string plain = pack_gzip("hello\n");
  std::string header = plain.substr(0, 10);
  header[3] = 4 | 8 | 16;
  put_le(header, 3, 2);
  header += "xyz";
  header += std::string("vmlinux\0", 8) + std::string("a comment\0", 10);
  const Taken t = take(gzip, as_bytes(header + plain.substr(10)));
  ASSERT_TRUE(t.used) << t.used.error().text();
  EXPECT_EQ(t.out.parts.at(0).name, "vmlinux");
  EXPECT_EQ(t.out.parts.at(0).bytes, "hello\n");
  EXPECT_NE(t.extent->title.find("vmlinux"), std::string::npos);
  header[3] = static_cast<char>(0x80);
  EXPECT_FALSE(take(gzip, as_bytes(header + plain.substr(10))).extent);
}

TEST(LzmaAlone, HeadersOfChanceAreRefused) {
  const std::string packed = pack_lzma(words(1000));
  const auto with = [&](std::size_t at, char byte) {
    std::string changed = packed;
    changed[at] = byte;
    return changed;
  };
  EXPECT_TRUE(lzma.measure(as_bytes(packed)));
  EXPECT_FALSE(lzma.measure(as_bytes(with(0, static_cast<char>(225)))));
  EXPECT_FALSE(lzma.measure(as_bytes(with(1, 1))));  // the dictionary is no round number
  EXPECT_FALSE(lzma.measure(as_bytes(with(8, 1))));  // nor the size
  EXPECT_FALSE(lzma.measure(as_bytes(with(13, 1))));
  EXPECT_FALSE(lzma.measure(as_bytes(with(14, static_cast<char>(0x90)))));
}

TEST(LzmaAlone, OwnDecoderAgreesWithTheLibrary) {
  std::string text = words(400'000);
  text += text.substr(1000, 70'000);  // far matches
  for (const auto& [lc, lp] : {std::pair{3u, 0u}, {1u, 2u}, {0u, 4u}, {4u, 0u}}) {
    const std::string packed = pack_lzma(text, lc, lp);
    // The library's encoder writes no size but an end mark.
    LzmaDecoder decoder(*LzmaProperties::from_byte(static_cast<std::uint8_t>(packed[0])), as_bytes(packed).subspan(13),
                        std::nullopt);
    std::string out(text.size() + 1, '\0');
    const auto ended = decoder.run(reinterpret_cast<std::uint8_t*>(out.data()), out.size());
    ASSERT_TRUE(ended && *ended);
    EXPECT_EQ(decoder.done(), text.size());
    EXPECT_EQ(decoder.taken(), packed.size() - 13);
    EXPECT_TRUE(out.substr(0, text.size()) == text);
  }
}

TEST(Lz4Legacy, WhatLinuxAppendsIsNotABlock) {
  const std::string text = words(100'000);
  std::string packed = pack_lz4_legacy(text);
  const std::size_t size = packed.size();
  put_le(packed, text.size(), 4);
  const Taken t = take(lz4, as_bytes(packed));
  ASSERT_TRUE(t.used);
  EXPECT_EQ(*t.used, size);
}

}  // namespace
}  // namespace assay::unpack
