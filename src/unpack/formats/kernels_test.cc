// zImage, bzImage and the decompressed kernel; device trees and FITs, which lie beside them.
#include "unpack/formats/unit_testing.h"

namespace assay::unpack {
namespace {

using testing::check_mutations;
using testing::check_truncations;
using testing::put_be;
using testing::put_le;
using testing::take;

const Format& format(std::string_view name) {
  const Format* found = find_format(name);
  EXPECT_NE(found, nullptr) << name;
  return *found;
}

const std::string kGzip("\x1f\x8b\x08\0\0\0\0\0\x02\x03payload", 17);

std::string make_zimage(bool with_table) {
  std::string z;
  for (int i = 0; i < 8; ++i) put_le(z, 0xe1a00000, 4);
  put_le(z, 0xea000005, 4), put_le(z, 0x016f2818, 4), put_le(z, 0, 4), put_le(z, 2048, 4), put_le(z, 0x04030201, 4);
  put_le(z, with_table ? 0x45454545 : 0, 4), put_le(z, 0x100, 4);
  z.resize(0x100);
  put_le(z, 6, 4), put_le(z, 0x5a534c4b, 4), put_le(z, 0x400 + kGzip.size() - 4, 4);
  z.resize(0x400);
  z += kGzip;
  z.resize(2048, 'g');
  return z;
}

TEST(ZImage, hands_out_the_compressed_kernel) {
  const std::string image = make_zimage(true) + "\xd0\x0d\xfe\xed";
  auto t = take(format("zimage"), as_bytes(image));
  ASSERT_TRUE(t.used) << t.used.error().text();
  EXPECT_EQ(*t.used, 2048u);
  EXPECT_EQ(t.extent->title, "zImage, Linux for ARM, with appended device tree");
  ASSERT_EQ(t.out.parts.size(), 1u);
  EXPECT_EQ(t.out.parts[0].at, 0x400u);
  EXPECT_EQ(t.out.parts[0].bytes, kGzip) << "the table tells its end";

  t = take(format("zimage"), as_bytes(make_zimage(false)));
  ASSERT_EQ(t.out.parts.size(), 1u);
  EXPECT_EQ(t.out.parts[0].bytes.size(), 2048u - 0x400) << "without the table, up to the image's end";
}

TEST(ZImage, says_when_it_was_cut) {
  const std::string image = make_zimage(true);
  const auto t = take(format("zimage"), as_bytes(image).first(0x500));
  ASSERT_TRUE(t.used);
  EXPECT_EQ(*t.used, 0x500u);
  ASSERT_EQ(t.out.refusals.size(), 1u);
  EXPECT_EQ(t.out.parts.size(), 1u);
}

TEST(ZImage, stands_truncation_and_mutation) {
  for (const bool with_table : {true, false}) {
    const std::string image = make_zimage(with_table);
    check_truncations(format("zimage"), as_bytes(image));
    check_mutations(format("zimage"), as_bytes(image), 10'000);
  }
}

TEST(ZImage, a_big_endian_one_cut_short) {
  ASSAY_SAMPLE(image, "formats/fact/zImage_be32");
  const auto t = take(format("zimage"), as_bytes(image));
  ASSERT_TRUE(t.used);
  EXPECT_EQ(*t.used, image.size());
  EXPECT_EQ(t.extent->title, "zImage, Linux for ARM, big endian");
  EXPECT_FALSE(t.out.refusals.empty());
}

std::string make_bzimage() {
  std::string b(0x1f1, '\0');
  b += '\1', put_le(b, 0, 2), put_le(b, 64, 4), put_le(b, 0, 6), put_le(b, 0xaa55, 2), put_le(b, 0, 2);
  b += "HdrS", put_le(b, 0x20d, 2), put_le(b, 0, 6), put_le(b, 0x100, 2);
  b.resize(0x248), put_le(b, 0x40, 4), put_le(b, kGzip.size(), 4);
  b.resize(0x300), b += "6.1.0-hearth (who@where) #1 SMP", b.resize(1024);
  b += std::string(0x40, 'c') + kGzip;
  b.resize(2048);
  return b;
}

TEST(BzImage, hands_out_the_compressed_kernel) {
  const std::string image = make_bzimage() + "behind";
  const auto t = take(format("bzimage"), as_bytes(image));
  ASSERT_TRUE(t.used) << t.extent.error().text();
  EXPECT_EQ(*t.used, 2048u);
  EXPECT_EQ(t.extent->title, "bzImage, Linux for x86, 6.1.0-hearth");
  ASSERT_EQ(t.out.parts.size(), 1u);
  EXPECT_EQ(t.out.parts[0].at, 1024u + 0x40);
  EXPECT_EQ(t.out.parts[0].bytes, kGzip);
}

TEST(BzImage, stands_truncation_and_mutation) {
  const std::string image = make_bzimage();
  check_truncations(format("bzimage"), as_bytes(image));
  check_mutations(format("bzimage"), as_bytes(image));
}

TEST(BzImage, a_real_one) {
  ASSAY_SAMPLE(image, "formats/fact/bzImage_xz");
  const auto t = take(format("bzimage"), as_bytes(image));
  ASSERT_TRUE(t.used);
  EXPECT_EQ(*t.used, 444'240u);
  EXPECT_TRUE(t.out.refusals.empty());
  ASSERT_EQ(t.out.parts.size(), 1u);
  EXPECT_EQ(t.out.parts[0].bytes.substr(0, 6), std::string("\xfd"
                                                           "7zXZ\0",
                                                           6));
  EXPECT_TRUE(t.out.parts[0].bytes.ends_with("YZ"));
}

std::string make_kernel() {
  std::string k(200'000, '\x12');
  k += "Linux version 4.4.182 (builder@a-long-name.where.example.org) (gcc version 5.4.0 (a distribution's GCC 5.4.0 "
       "of some "
       "revision)) #0 Thu Jun 27 12:18:52 2019\n";
  k += '\0';
  k += "%s version %s (builder@where) (gcc version 5.4.0) %s\n";
  k.resize(250'000, '\0');
  return k;
}

TEST(Kernel, is_known_by_its_banners) {
  const std::string image = make_kernel();
  const auto t = take(format("kernel"), as_bytes(image));
  ASSERT_TRUE(t.used) << t.extent.error().text();
  EXPECT_EQ(*t.used, image.size());
  EXPECT_EQ(t.extent->title, "Linux kernel 4.4.182, #0 Thu Jun 27 12:18:52 2019");
  EXPECT_TRUE(t.out.parts.empty());
}

TEST(Kernel, hands_out_its_configuration) {
  std::string image = make_kernel();
  image.replace(1000, 8 + kGzip.size() + 8, "IKCFG_ST" + kGzip + "IKCFG_ED");
  const auto t = take(format("kernel"), as_bytes(image));
  ASSERT_EQ(t.out.parts.size(), 1u);
  EXPECT_EQ(t.out.parts[0].name, "config");
  EXPECT_EQ(t.out.parts[0].bytes, kGzip);
}

TEST(Kernel, does_not_claim_other_data) {
  const std::string image = make_kernel();
  std::string log = image;  // a log of a start: no pattern of /proc/version
  log[log.find("%s version")] = 'x';
  EXPECT_FALSE(format("kernel").measure(as_bytes(log)));
  EXPECT_FALSE(format("kernel").measure(as_bytes(image).subspan(150'000))) << "too small";
  // A flash chip's dump: a uImage somewhere in it.
  std::string dump = image, header;
  put_be(header, 0x27051956, 4), put_be(header, 0, 4), put_be(header, 0, 4), put_be(header, 100, 4), header.resize(64);
  std::string crc;
  put_be(crc, crc32(as_bytes(header)), 4);
  header.replace(4, 4, crc);
  dump.replace(100'000, 64, header);
  EXPECT_FALSE(format("kernel").measure(as_bytes(dump)));
}

// --- device trees and FITs ---

struct Tree {
  std::string structure, strings;
  void begin(std::string_view name) {
    put_be(structure, 1, 4), structure += name;
    structure.resize(structure.size() + 4 - structure.size() % 4);
  }
  void end() { put_be(structure, 2, 4); }
  void property(std::string_view name, std::string_view value) {
    put_be(structure, 3, 4), put_be(structure, value.size(), 4), put_be(structure, strings.size(), 4);
    strings += name, strings += '\0', structure += value;
    structure.resize(align_up(structure.size(), 4));
  }
  void text(std::string_view name, std::string_view value) { property(name, std::string(value) + '\0'); }
  void cell(std::string_view name, std::uint32_t value) {
    std::string raw;
    put_be(raw, value, 4);
    property(name, raw);
  }
  std::string blob() const {
    std::string out;
    const std::string body = structure + std::string("\0\0\0\x09", 4);
    put_be(out, 0xd00dfeed, 4), put_be(out, 56 + body.size() + strings.size(), 4), put_be(out, 56, 4);
    put_be(out, 56 + body.size(), 4), put_be(out, 40, 4), put_be(out, 17, 4), put_be(out, 16, 4), put_be(out, 0, 4);
    put_be(out, strings.size(), 4), put_be(out, body.size(), 4), out.append(16, '\0');
    return out + body + strings;
  }
};

std::string make_dtb() {
  Tree t;
  t.begin("");
  t.text("model", "Hearth Doorbell");
  t.text("compatible", "hearth,doorbell");
  t.end();
  return t.blob();
}

std::string make_fit(const std::string& inside, bool external) {
  Tree t;
  t.begin("");
  t.text("description", "Hearth 1.4.2");
  t.begin("images");
  t.begin("kernel-1");
  t.property("data", inside);
  t.begin("hash-1");
  t.text("algo", "crc32");
  t.cell("value", crc32(as_bytes(inside)));
  t.end();
  t.begin("hash-2");
  t.text("algo", "sha256");
  const Sha256 digest = sha256(as_bytes(inside));
  t.property("value", as_text(digest));
  t.end();
  t.end();
  if (external) {
    t.begin("fdt-1");
    t.cell("data-offset", 4);
    t.cell("data-size", 6);
    t.end();
    t.begin("same");
    t.cell("data-offset", 4);
    t.cell("data-size", 6);
    t.end();
    t.begin("into-itself");
    t.cell("data-position", 0);
    t.cell("data-size", 50);
    t.end();
  }
  t.end();
  t.end();
  std::string out = t.blob();
  if (external) out.resize(align_up(out.size(), 4)), out += "....device";
  return out;
}

TEST(Fdt, tells_the_board) {
  const std::string blob = make_dtb();
  const auto t = take(format("fdt"), as_bytes(blob + "behind"));
  ASSERT_TRUE(t.used) << t.used.error().text();
  EXPECT_EQ(*t.used, blob.size());
  EXPECT_EQ(t.out.title_text, "device tree “Hearth Doorbell”, hearth,doorbell");
  EXPECT_FALSE(take(format("fit"), as_bytes(blob)).used) << "no FIT";
}

TEST(Fit, hands_out_its_images) {
  const std::string image = make_fit("kernel!", true) + "behind";
  const auto t = take(format("fit"), as_bytes(image));
  ASSERT_TRUE(t.used) << t.used.error().text();
  EXPECT_EQ(*t.used, image.size() - 6);
  EXPECT_EQ(t.out.title_text, "FIT image “Hearth 1.4.2”, 4 parts, not signed");
  ASSERT_EQ(t.out.parts.size(), 2u) << "shared bytes once";
  EXPECT_EQ(t.out.parts[0].name, "kernel-1");
  EXPECT_EQ(t.out.parts[0].bytes, "kernel!");
  EXPECT_EQ(t.out.parts[1].name, "fdt-1");
  EXPECT_EQ(t.out.parts[1].bytes, "device");
  ASSERT_EQ(t.out.refusals.size(), 1u);
  EXPECT_EQ(t.out.refusals[0].what, "into-itself");
  EXPECT_FALSE(take(format("fdt"), as_bytes(image)).used) << "no plain device tree";
}

TEST(Fit, says_that_a_hash_does_not_match) {
  std::string image = make_fit("kernel!", false);
  image[image.find("kernel!")] = 'K';
  const auto t = take(format("fit"), as_bytes(image));
  ASSERT_EQ(t.out.refusals.size(), 2u);
  EXPECT_NE(t.out.refusals[0].why.find("crc32 does not match"), std::string::npos);
  EXPECT_NE(t.out.refusals[1].why.find("sha256 does not match"), std::string::npos);
  EXPECT_EQ(t.out.parts.size(), 1u);
}

TEST(Fit, stands_truncation_and_mutation) {
  const std::string image = make_fit("kernel!", true);
  check_truncations(format("fit"), as_bytes(image));
  check_mutations(format("fit"), as_bytes(image));
  check_mutations(format("fdt"), as_bytes(make_dtb()));
}

TEST(Fit, data_inside) {
  ASSAY_SAMPLE(image, "formats/fact/fit.itb");
  const auto t = take(format("fit"), as_bytes(image));
  ASSERT_TRUE(t.used);
  EXPECT_EQ(*t.used, image.size());
  EXPECT_EQ(t.out.title_text, "FIT image “FACT Test FIT Image”, 3 parts, not signed");
  ASSERT_EQ(t.out.parts.size(), 3u);
  EXPECT_EQ(t.out.parts[0].name, "kernel");
  EXPECT_EQ(t.out.parts[0].bytes.substr(0, 2), "\x1f\x8b");
  EXPECT_EQ(t.out.parts[2].name, "rootfs");
  EXPECT_EQ(t.out.parts[2].bytes.substr(0, 2), "\x1f\x8b");
  EXPECT_TRUE(t.out.refusals.empty()) << t.out.refusals[0].why;
}

TEST(Fit, data_behind) {
  ASSAY_SAMPLE(image, "bootloader/rockpro64-u-boot.itb");
  const auto t = take(format("fit"), as_bytes(image));
  ASSERT_TRUE(t.used);
  EXPECT_EQ(*t.used, image.size());
  EXPECT_EQ(t.out.title_text, "FIT image “FIT image for U-Boot with bl31 (TF-A)”, 5 parts, not signed");
  ASSERT_EQ(t.out.parts.size(), 5u);
  EXPECT_EQ(t.out.parts[0].name, "uboot");
  EXPECT_EQ(t.out.parts[0].at, 1400u);
  EXPECT_EQ(t.out.parts[4].name, "fdt_1");
  const auto tree = take(format("fdt"), as_bytes(t.out.parts[4].bytes));
  ASSERT_TRUE(tree.used);
  EXPECT_NE(tree.out.title_text.find("pine64,rockpro64"), std::string::npos) << tree.out.title_text;
}

}  // namespace
}  // namespace assay::unpack
