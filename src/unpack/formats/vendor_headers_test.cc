// The headers that vendors put before kernels and file systems: TP-Link, D-Link, uImage.
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

std::string make_uimage(std::uint8_t type, const std::string& data) {
  const auto header = [&](std::uint32_t crc) {
    std::string h;
    put_be(h, 0x27051956, 4), put_be(h, crc, 4), put_be(h, 1'700'000'000, 4), put_be(h, data.size(), 4);
    put_be(h, 0x8000, 4), put_be(h, 0x8000, 4), put_be(h, crc32(as_bytes(data)), 4);
    h += {5, 2, static_cast<char>(type), 1};
    std::string name = "Hearth-1.4.2";
    name.resize(32);
    return h + name;
  };
  return header(crc32(as_bytes(header(0)))) + data;
}

TEST(UImage, hands_out_its_data) {
  const std::string image = make_uimage(2, "payload") + "behind";
  const auto t = take(format("uimage"), as_bytes(image));
  ASSERT_TRUE(t.extent) << t.extent.error().text();
  EXPECT_TRUE(t.extent->certain);
  EXPECT_EQ(t.extent->size, 71u);
  EXPECT_EQ(t.extent->title, "uImage Linux ARM kernel “Hearth-1.4.2”, gzip");
  ASSERT_TRUE(t.used);
  EXPECT_EQ(*t.used, 71u);
  ASSERT_EQ(t.out.parts.size(), 1u);
  EXPECT_EQ(t.out.parts[0].name, "kernel");
  EXPECT_EQ(t.out.parts[0].bytes, "payload");
  EXPECT_EQ(t.out.parts[0].at, 64u);
  EXPECT_TRUE(t.out.parts[0].in_place);
  EXPECT_TRUE(t.out.refusals.empty());
}

TEST(UImage, parts_of_a_multi_file_image) {
  std::string data;
  put_be(data, 5, 4), put_be(data, 3, 4), put_be(data, 0, 4);
  data += std::string("12345\0\0\0abc", 11);
  const auto t = take(format("uimage"), as_bytes(make_uimage(4, data)));
  ASSERT_TRUE(t.used);
  ASSERT_EQ(t.out.parts.size(), 2u);
  EXPECT_EQ(t.out.parts[0].bytes, "12345");
  EXPECT_EQ(t.out.parts[1].bytes, "abc");
  EXPECT_EQ(t.out.parts[1].at, 64u + 12 + 8);
  EXPECT_TRUE(t.out.refusals.empty());
}

TEST(UImage, a_script_is_its_text) {
  std::string data;
  put_be(data, 7, 4), put_be(data, 0, 4);
  const auto t = take(format("uimage"), as_bytes(make_uimage(6, data + "bootm 0")));
  ASSERT_EQ(t.out.parts.size(), 1u);
  EXPECT_EQ(t.out.parts[0].name, "script");
  EXPECT_EQ(t.out.parts[0].bytes, "bootm 0");
}

TEST(UImage, says_what_is_damaged) {
  std::string image = make_uimage(2, "payload");
  image[66] ^= 1;
  auto t = take(format("uimage"), as_bytes(image));
  ASSERT_TRUE(t.used);
  ASSERT_EQ(t.out.refusals.size(), 1u);
  EXPECT_NE(t.out.refusals[0].why.find("CRC does not match"), std::string::npos);
  EXPECT_EQ(t.out.parts.size(), 1u) << "the bytes are still looked at";

  t = take(format("uimage"), as_bytes(image).first(68));
  ASSERT_TRUE(t.used);
  EXPECT_EQ(*t.used, 68u);
  ASSERT_EQ(t.out.refusals.size(), 1u);
  EXPECT_NE(t.out.refusals[0].why.find("7 bytes of data, 4 are there"), std::string::npos);

  image[40] ^= 1;
  EXPECT_FALSE(format("uimage").measure(as_bytes(image))) << "the header's CRC";
}

TEST(UImage, stands_truncation_and_mutation) {
  std::string list;
  put_be(list, 5, 4), put_be(list, 3, 4), put_be(list, 0, 4);
  list += std::string("12345\0\0\0abc", 11);
  for (const std::string& image : {make_uimage(2, "payload"), make_uimage(4, list)}) {
    check_truncations(format("uimage"), as_bytes(image));
    check_mutations(format("uimage"), as_bytes(image));
  }
}

TEST(UImage, a_vendors_image) {
  ASSAY_SAMPLE(image, "formats/fact/uboot.image_with_header");
  const auto t = take(format("uimage"), as_bytes(image));
  ASSERT_TRUE(t.used);
  EXPECT_EQ(*t.used, 32817u);
  EXPECT_EQ(t.extent->title, "uImage Linux MIPS firmware “u-boot image”, lzma");
  EXPECT_TRUE(t.out.refusals.empty());
}

std::string make_tp_link(std::string_view vendor) {
  std::string h;
  put_be(h, 0x01000000, 4);
  h += vendor, h.resize(28);
  h += "ver. 1.0", h.resize(64);
  put_be(h, 0x07030101, 4), put_be(h, 1, 4), put_be(h, 0, 4);
  h += "\xdc\xd7\x3a\xa5\xc3\x95\x98\xfb\xdd\xf9\xe7\xf4\x0e\xae\x47\x38";
  h.resize(0x74);
  put_be(h, 0x80060000, 4), put_be(h, 0x80060000, 4);
  put_be(h, 1024, 4), put_be(h, 512, 4), put_be(h, 100, 4), put_be(h, 700, 4), put_be(h, 324, 4);
  h.resize(512);
  h += std::string(100, 'k') + std::string(412, 'r');
  const auto md5 = container_hash("md5", as_bytes(h));
  std::copy(md5.begin(), md5.end(), h.begin() + 0x4c);
  return h;
}

TEST(TpLink, hands_out_kernel_and_what_follows) {
  const std::string image = make_tp_link("TP-LINK Technologies") + "behind";
  const auto t = take(format("tp-link"), as_bytes(image));
  ASSERT_TRUE(t.used) << t.used.error().text();
  EXPECT_EQ(*t.used, 1024u);
  EXPECT_EQ(t.extent->title, "TP-Link image “TP-LINK Technologies” ver. 1.0, hardware 07030101");
  ASSERT_EQ(t.out.parts.size(), 2u);
  EXPECT_EQ(t.out.parts[0].name, "kernel");
  EXPECT_EQ(t.out.parts[0].bytes, std::string(100, 'k'));
  EXPECT_EQ(t.out.parts[1].name, "rootfs");
  EXPECT_EQ(t.out.parts[1].at, 612u);
  EXPECT_EQ(t.out.parts[1].bytes.size(), 412u);
  EXPECT_TRUE(t.out.refusals.empty());
}

TEST(TpLink, says_that_the_md5_does_not_match) {
  std::string image = make_tp_link("OpenWrt");
  image[700] ^= 1;
  const auto t = take(format("tp-link"), as_bytes(image));
  ASSERT_TRUE(t.used) << t.used.error().text();
  ASSERT_EQ(t.out.refusals.size(), 1u);
  EXPECT_NE(t.out.refusals[0].why.find("MD5 does not match"), std::string::npos);
}

TEST(TpLink, stands_truncation_and_mutation) {
  const std::string image = make_tp_link("OpenWrt");
  check_truncations(format("tp-link"), as_bytes(image));
  check_mutations(format("tp-link"), as_bytes(image));
}

TEST(TpLink, a_router_image) {
  ASSAY_SAMPLE(image, "router/lede-17.01.7-tl-wr703n-v1-factory.bin");
  const auto t = take(format("tp-link"), as_bytes(image));
  ASSERT_TRUE(t.used) << t.used.error().text();
  EXPECT_EQ(*t.used, image.size());
  EXPECT_EQ(t.extent->title, "TP-Link image “OpenWrt” r4030-6028f00df0, hardware 07030101");
  EXPECT_TRUE(t.out.refusals.empty()) << t.out.refusals[0].why;
  ASSERT_EQ(t.out.parts.size(), 2u);
  EXPECT_EQ(t.out.parts[0].at, 0x200u);
  EXPECT_EQ(t.out.parts[0].bytes.size(), 0x137994u);
  EXPECT_TRUE(t.out.parts[0].bytes.starts_with("\x6d")) << "LZMA with properties of its own";
  EXPECT_EQ(t.out.parts[1].bytes.substr(0, 4), "hsqs");
}

std::string make_dlink() {
  const std::string kernel = "kernel--abc", ramdisk = "ramdisk-";
  const auto check = [](std::string_view words) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < words.size(); ++i)
      sum ^= std::uint32_t{static_cast<unsigned char>(words[i])} << (8 * (i % 4));
    return sum;
  };
  std::string h;
  put_le(h, 128, 4), put_le(h, 11, 4), put_le(h, 139, 4), put_le(h, 8, 4);
  put_le(h, 147, 4), put_le(h, 0, 4), put_le(h, 147, 4), put_le(h, 0, 4);
  // Only whole words count.
  put_le(h, check("kernel--"), 4), put_le(h, check(ramdisk), 4), put_le(h, 0, 8);
  h += "\x55\xaa"
       "DNS323D1"
       "\x55\xaa";
  h += std::string("\0\x08\x07\x01", 4);
  h.resize(128);
  return h + kernel + ramdisk;
}

TEST(DLink, hands_out_its_parts) {
  std::string image = make_dlink();
  const auto t = take(format("dlink"), as_bytes(image + "x"));
  ASSERT_TRUE(t.used) << t.used.error().text();
  EXPECT_EQ(*t.used, image.size());
  EXPECT_TRUE(t.out.refusals.empty()) << t.out.refusals[0].why;
  ASSERT_EQ(t.out.parts.size(), 2u);
  EXPECT_EQ(t.out.parts[0].name, "kernel");
  EXPECT_EQ(t.out.parts[0].bytes, "kernel--abc");
  EXPECT_EQ(t.out.parts[1].bytes, "ramdisk-");

  image[130] ^= 4;
  EXPECT_EQ(take(format("dlink"), as_bytes(image)).out.refusals.size(), 1u);
  image[8] = 100;  // the ramdisk would lie in the header
  EXPECT_FALSE(format("dlink").measure(as_bytes(image)));
}

TEST(DLink, stands_truncation_and_mutation) {
  const std::string image = make_dlink();
  check_truncations(format("dlink"), as_bytes(image));
  check_mutations(format("dlink"), as_bytes(image));
}

TEST(DLink, a_disk_image) {
  ASSAY_SAMPLE(image, "nas/dns-320-netboot.img");
  const auto t = take(format("dlink"), as_bytes(image));
  ASSERT_TRUE(t.used);
  EXPECT_EQ(*t.used, image.size());
  EXPECT_EQ(t.extent->title, "D-Link image “DNS323D1”, product 0, model 8.7.1");
  EXPECT_TRUE(t.out.refusals.empty()) << t.out.refusals[0].why;
  ASSERT_EQ(t.out.parts.size(), 2u);

  // The two parts are uImages whose CRCs hold.
  const auto first = take(format("uimage"), as_bytes(t.out.parts[0].bytes));
  ASSERT_TRUE(first.used);
  EXPECT_EQ(*first.used, t.out.parts[0].bytes.size());
  EXPECT_EQ(first.extent->title, "uImage Linux ARM kernel “Debian kernel”");
  EXPECT_TRUE(first.out.refusals.empty());
  const auto second = take(format("uimage"), as_bytes(t.out.parts[1].bytes));
  ASSERT_TRUE(second.used);
  EXPECT_EQ(*second.used, t.out.parts[1].bytes.size());
  EXPECT_EQ(second.extent->title, "uImage Linux ARM ramdisk “debian-installer ramdisk”, gzip");
  EXPECT_TRUE(second.out.refusals.empty());

  // The first holds a zImage, and a device tree right behind it.
  const std::string& kernel = first.out.parts[0].bytes;
  const auto zimage = take(format("zimage"), as_bytes(kernel));
  ASSERT_TRUE(zimage.used);
  EXPECT_EQ(*zimage.used, 0x285568u);
  EXPECT_EQ(zimage.extent->title, "zImage, Linux for ARM, with appended device tree");
  EXPECT_TRUE(zimage.out.refusals.empty());
  ASSERT_EQ(zimage.out.parts.size(), 1u);
  EXPECT_EQ(zimage.out.parts[0].at, 0x664du);
  EXPECT_EQ(zimage.out.parts[0].bytes.size(), 0x285525u - 0x664du);
  EXPECT_EQ(zimage.out.parts[0].bytes.substr(0, 6), std::string("\xfd"
                                                                "7zXZ\0",
                                                                6));
  EXPECT_TRUE(zimage.out.parts[0].bytes.ends_with("YZ")) << "the stream's footer is the part's end";
  const auto tree = take(format("fdt"), as_bytes(kernel).subspan(0x285568));
  ASSERT_TRUE(tree.used);
  EXPECT_EQ(*tree.used, kernel.size() - 0x285568);
  EXPECT_NE(tree.out.title_text.find("dlink,dns-320"), std::string::npos) << tree.out.title_text;
}

}  // namespace
}  // namespace assay::unpack
