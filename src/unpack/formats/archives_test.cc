// cpio, tar, zip, ar: archives made here byte by byte, what must not get through, and real ones.
#include <cstdio>

#include "unpack/formats/unit_testing.h"

namespace assay::unpack {
namespace {

using testing::check_mutations;
using testing::check_truncations;
using testing::put_le;
using testing::Recorder;
using testing::take;

const Format& format(std::string_view name) {
  const Format* found = find_format(name);
  EXPECT_NE(found, nullptr) << name;
  return *found;
}

template <class... A>
std::string print(const char* pattern, A... values) {
  char text[256];
  std::snprintf(text, sizeof(text), pattern, values...);
  return text;
}

// --- cpio ---

struct CpioMember {
  std::string name;
  unsigned mode = 0100644;
  std::string data = {};
  unsigned ino = 1, links = 1, major = 0, minor = 0;
};

std::string newc(const CpioMember& m, const char* magic = "070701") {
  unsigned sum = 0;
  for (const char c : m.data) sum += static_cast<unsigned char>(c);
  std::string out = print("%s%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x", magic, m.ino, m.mode, 1000u, 100u,
                          m.links, 0u, static_cast<unsigned>(m.data.size()), 0u, 0u, m.major, m.minor,
                          static_cast<unsigned>(m.name.size() + 1), sum);
  out += m.name + '\0';
  out.resize(align_up(out.size(), 4));
  out += m.data;
  out.resize(align_up(out.size(), 4));
  return out;
}
std::string odc(const CpioMember& m) {
  return print("070707%06o%06o%06o%06o%06o%06o%06o%011o%06o%011o", 0u, m.ino, m.mode, 1000u, 100u, m.links,
               m.major << 8 | m.minor, 0u, static_cast<unsigned>(m.name.size() + 1),
               static_cast<unsigned>(m.data.size())) +
         m.name + '\0' + m.data;
}
std::string trailer() { return newc({"TRAILER!!!", 0, ""}); }

std::string make_cpio() {
  std::string out =
      newc({".", 040755, ""}) + newc({"etc", 040755, ""}) + newc({"etc/passwd", 0100600, "root::0:0::/:/bin/sh\n"});
  out += newc({"bin/a", 0104755, "", 7, 2}) + newc({"bin/sh", 0120777, "busybox"}) +
         newc({"dev/console", 020600, "", 9, 1, 5, 1});
  out += newc({"bin/b", 0104755, "same", 7, 2}) + trailer();
  out.resize(align_up(out.size(), 512));
  return out;
}

TEST(Cpio, reads_entries) {
  const std::string image = make_cpio();
  const auto t = take(format("cpio"), as_bytes(image + "behind"));
  ASSERT_TRUE(t.used) << t.used.error().text();
  EXPECT_EQ(*t.used, image.size());
  EXPECT_TRUE(t.out.refusals.empty()) << t.out.refusals[0].why;
  ASSERT_EQ(t.out.entries.size(), 6u);
  const auto* passwd = t.out.find("etc/passwd");
  ASSERT_NE(passwd, nullptr);
  EXPECT_EQ(passwd->content, "root::0:0::/:/bin/sh\n");
  EXPECT_EQ(passwd->entry.mode, 0600u);
  EXPECT_EQ(passwd->entry.uid, 1000u);
  EXPECT_EQ(passwd->entry.gid, 100u);
  EXPECT_EQ(passwd->entry.size, 21u);
  EXPECT_EQ(image.substr(passwd->entry.at, 6), "070701");
  EXPECT_EQ(t.out.find("bin/sh")->entry.target, "busybox");
  EXPECT_EQ(t.out.find("bin/sh")->entry.type, EntryType::symlink);
  const Entry& console = t.out.find("dev/console")->entry;
  EXPECT_EQ(console.type, EntryType::char_device);
  EXPECT_EQ(console.major, 5u);
  EXPECT_EQ(console.minor, 1u);
  // Two names of one file: the data came with the second, so the first is the link, and comes last.
  EXPECT_EQ(t.out.find("bin/b")->entry.type, EntryType::file);
  EXPECT_EQ(t.out.find("bin/b")->entry.mode, 04755u);
  EXPECT_EQ(t.out.entries.back().entry.path, "bin/a");
  EXPECT_EQ(t.out.entries.back().entry.type, EntryType::hardlink);
  EXPECT_EQ(t.out.entries.back().entry.target, "bin/b");
}

TEST(Cpio, archives_end_to_end_are_one_tree) {
  std::string image = make_cpio() + std::string(2048, '\0') + newc({"second", 0100644, "2"}) + trailer();
  const std::uint64_t whole = align_up(image.size(), 512);
  image.resize(whole + 4096);
  const auto t = take(format("cpio"), as_bytes(image));
  ASSERT_TRUE(t.used);
  EXPECT_EQ(*t.used, whole) << "zeros to the block's end, not more";
  EXPECT_NE(t.out.find("second"), nullptr);
  EXPECT_EQ(t.out.title_text, "cpio archive, 8 entries, 2 archives end to end");
}

TEST(Cpio, other_kinds_of_headers) {
  const std::string octal =
      odc({"a", 0100644, "abc"}) + odc({"d", 060600, "", 2, 1, 8, 1}) + odc({"TRAILER!!!", 0, ""});
  auto t = take(format("cpio"), as_bytes(octal));
  ASSERT_TRUE(t.used) << t.used.error().text();
  EXPECT_EQ(*t.used, octal.size());
  EXPECT_EQ(t.out.find("a")->content, "abc");
  EXPECT_EQ(t.out.find("d")->entry.major, 8u);
  EXPECT_TRUE(t.out.refusals.empty());

  std::string summed = newc({"a", 0100644, "abc"}, "070702") + trailer();
  t = take(format("cpio"), as_bytes(summed));
  EXPECT_TRUE(t.out.refusals.empty());
  summed[summed.find("abc")] = 'x';
  t = take(format("cpio"), as_bytes(summed));
  ASSERT_EQ(t.out.refusals.size(), 1u);
  EXPECT_NE(t.out.refusals[0].why.find("checksum"), std::string::npos);
}

TEST(Cpio, names_never_leave_the_tree) {
  const std::string image = newc({"../../etc/passwd", 0100644, "x"}) + newc({"/abs", 0100644, "y"}) + trailer();
  const auto t = take(format("cpio"), as_bytes(image));
  ASSERT_EQ(t.out.refusals.size(), 1u);
  EXPECT_EQ(t.out.refusals[0].what, "../../etc/passwd");
  ASSERT_EQ(t.out.entries.size(), 1u);
  EXPECT_EQ(t.out.entries[0].entry.path, "abs");
}

TEST(Cpio, a_cut_archive_gives_what_it_has) {
  const std::string image = make_cpio();
  const auto t = take(format("cpio"), as_bytes(image).first(image.find("same") + 2));
  ASSERT_TRUE(t.used);
  EXPECT_NE(t.out.find("etc/passwd"), nullptr);
  ASSERT_EQ(t.out.refusals.size(), 1u);
  EXPECT_NE(t.out.refusals[0].why.find("bin/b"), std::string::npos);
}

TEST(Cpio, stands_truncation_and_mutation) {
  const std::string image = make_cpio();
  check_truncations(format("cpio"), as_bytes(image));
  check_mutations(format("cpio"), as_bytes(image));
}

// --- tar ---

std::string tar_member(const std::string& name, char type, const std::string& data, const std::string& target = {},
                       unsigned mode = 0644, const std::string& prefix = {}) {
  std::string h(512, '\0');
  h.replace(0, name.size(), name);
  h.replace(100, 7, print("%07o", mode));
  h.replace(108, 7, print("%07o", 1000u));
  h.replace(116, 7, print("%07o", 100u));
  h.replace(124, 11, print("%011o", static_cast<unsigned>(data.size())));
  h[156] = type;
  h.replace(157, target.size(), target);
  h.replace(257, 8,
            std::string("ustar\0"
                        "00",
                        8));
  h.replace(329, 7, print("%07o", 5u)), h.replace(337, 7, print("%07o", 1u));
  h.replace(345, prefix.size(), prefix);
  unsigned sum = 8 * ' ';
  for (const char c : h) sum += static_cast<unsigned char>(c);
  h.replace(148, 8, print("%06o", sum) + std::string("\0 ", 2));
  std::string out = h + data;
  out.resize(align_up(out.size(), 512));
  return out;
}

std::string pax(std::string_view key, std::string_view value) {
  std::size_t length = key.size() + value.size() + 4;
  while (std::to_string(length).size() + 3 + key.size() + value.size() != length) ++length;
  return std::to_string(length) + " " + std::string(key) + "=" + std::string(value) + "\n";
}

std::string make_tar() {
  std::string out = tar_member("./", '5', "", "", 0755) + tar_member("etc/shadow", '0', "root:*\n", "", 0640);
  out += tar_member("bin/sh", '2', "", "busybox") + tar_member("bin/ash", '1', "", "bin/busybox") +
         tar_member("dev/tty", '3', "");
  out += tar_member("long", '0', "L", "", 04755, "a/prefix");
  out += tar_member("././@LongLink", 'L', std::string(150, 'n') + '\0') + tar_member("nnn", '0', "gnu");
  out += tar_member("PaxHeaders/x", 'x',
                    pax("path", "by/pax") + pax("SCHILY.xattr.security.capability", "x") + pax("uid", "7")) +
         tar_member("short", '0', "pax");
  out.resize((out.size() + 1024 + 10239) / 10240 * 10240);
  return out;
}

TEST(Tar, reads_entries) {
  const std::string image = make_tar();
  const auto t = take(format("tar"), as_bytes(image + "behind"));
  ASSERT_TRUE(t.used) << t.used.error().text();
  EXPECT_EQ(*t.used, image.size());
  EXPECT_TRUE(t.out.refusals.empty()) << t.out.refusals[0].why;
  ASSERT_EQ(t.out.entries.size(), 7u);
  EXPECT_EQ(t.out.find("etc/shadow")->content, "root:*\n");
  EXPECT_EQ(t.out.find("etc/shadow")->entry.mode, 0640u);
  EXPECT_EQ(t.out.find("etc/shadow")->entry.uid, 1000u);
  EXPECT_EQ(t.out.find("etc/shadow")->entry.at, 512u);
  EXPECT_EQ(t.out.find("bin/sh")->entry.target, "busybox");
  EXPECT_EQ(t.out.find("bin/ash")->entry.type, EntryType::hardlink);
  EXPECT_EQ(t.out.find("dev/tty")->entry.major, 5u);
  EXPECT_EQ(t.out.find("a/prefix/long")->entry.mode, 04755u);
  EXPECT_EQ(t.out.find(std::string(150, 'n'))->content, "gnu");
  const auto* by_pax = t.out.find("by/pax");
  ASSERT_NE(by_pax, nullptr);
  EXPECT_EQ(by_pax->content, "pax");
  EXPECT_EQ(by_pax->entry.uid, 7u);
  EXPECT_EQ(by_pax->entry.xattrs, "security.capability");
}

TEST(Tar, refuses_what_it_does_not_read) {
  std::string image = tar_member("../out", '0', "x") + tar_member("sparse", 'S', "x") + tar_member("good", '0', "y");
  image.resize(image.size() + 1024);
  const auto t = take(format("tar"), as_bytes(image));
  ASSERT_TRUE(t.used);
  EXPECT_EQ(t.out.refusals.size(), 2u);
  ASSERT_EQ(t.out.entries.size(), 1u);
  EXPECT_EQ(t.out.entries[0].entry.path, "good");
}

TEST(Tar, a_wrong_checksum_is_no_tar) {
  std::string image = make_tar();
  image[0] = 'x';
  EXPECT_FALSE(format("tar").measure(as_bytes(image)));
}

TEST(Tar, stands_truncation_and_mutation) {
  const std::string image = make_tar();
  check_truncations(format("tar"), as_bytes(image));
  check_mutations(format("tar"), as_bytes(image));
}

// --- zip ---

struct ZipMember {
  std::string name;
  std::string data = {};
  std::uint32_t external = 0100644u << 16;
  std::string packed = {};  // empty: stored
  bool descriptor = false;
};

std::string make_zip(const std::vector<ZipMember>& members, const std::string& before_directory = {}) {
  std::string out, directory;
  for (const ZipMember& m : members) {
    const bool stored = m.packed.empty();
    const std::string& packed = stored ? m.data : m.packed;
    const std::uint32_t crc = crc32(as_bytes(m.data));
    const auto fields = [&](std::string& h, bool known) {
      put_le(h, m.descriptor ? 8 : 0, 2), put_le(h, stored ? 0 : 8, 2), put_le(h, 0, 4);
      put_le(h, known ? crc : 0, 4), put_le(h, known ? packed.size() : 0, 4), put_le(h, known ? m.data.size() : 0, 4);
      put_le(h, m.name.size(), 2), put_le(h, 0, 2);
    };
    directory += "PK\x01\x02", put_le(directory, 3 << 8 | 20, 2), put_le(directory, 20, 2), fields(directory, true);
    put_le(directory, 0, 6), put_le(directory, m.external, 4), put_le(directory, out.size(), 4), directory += m.name;
    out += "PK\x03\x04", put_le(out, 20, 2), fields(out, !m.descriptor), out += m.name + packed;
    if (m.descriptor)
      out += "PK\x07\x08", put_le(out, crc, 4), put_le(out, packed.size(), 4), put_le(out, m.data.size(), 4);
  }
  out += before_directory;
  const std::size_t at = out.size();
  out += directory + "PK\x05\x06";
  put_le(out, 0, 4), put_le(out, members.size(), 2), put_le(out, members.size(), 2), put_le(out, directory.size(), 4),
      put_le(out, at, 4);
  put_le(out, 4, 2);
  return out + "note";
}

// "hello hello hello hello" by deflate with fixed codes (made with zlib).
const std::string kHello("\xcb\x48\xcd\xc9\xc9\x57\xc8\x40\x27\x01", 10);

TEST(Zip, reads_entries) {
  const std::string image = make_zip({{"dir/", "", 040755u << 16},
                                      {"dir/stored", "stored"},
                                      {"dir/hello", "hello hello hello hello", 0100755u << 16, kHello},
                                      {"later", "sizes behind", 0100600u << 16, "", true},
                                      {"link", "dir/hello", 0120777u << 16}});
  const auto t = take(format("zip"), as_bytes(image + "behind"));
  ASSERT_TRUE(t.used) << t.used.error().text();
  EXPECT_EQ(*t.used, image.size());
  EXPECT_TRUE(t.out.refusals.empty()) << t.out.refusals[0].why;
  ASSERT_EQ(t.out.entries.size(), 5u);
  EXPECT_EQ(t.out.find("dir")->entry.type, EntryType::directory);
  EXPECT_EQ(t.out.find("dir/stored")->content, "stored");
  EXPECT_EQ(t.out.find("dir/hello")->content, "hello hello hello hello");
  EXPECT_EQ(t.out.find("dir/hello")->entry.mode, 0755u);
  EXPECT_EQ(t.out.find("later")->content, "sizes behind");
  EXPECT_EQ(t.out.find("link")->entry.type, EntryType::symlink);
  EXPECT_EQ(t.out.find("link")->entry.target, "dir/hello");
  EXPECT_EQ(t.out.title_text, "zip archive, 5 entries");
}

TEST(Zip, finds_the_directory_behind_a_signing_block) {
  const std::string image = make_zip({{"a", "1"}}, std::string(300, 's'));
  const auto t = take(format("zip"), as_bytes(image));
  ASSERT_TRUE(t.used);
  EXPECT_EQ(*t.used, image.size());
  EXPECT_TRUE(t.out.refusals.empty()) << t.out.refusals[0].why;
}

TEST(Zip, entries_that_share_bytes_are_refused) {
  std::string image = make_zip({{"a", "1"}, {"b", "2"}});
  // The second name in the directory points to the first entry.
  const std::size_t second = image.rfind("PK\x01\x02");
  image.replace(second + 42, 4, std::string(4, '\0'));
  const auto t = take(format("zip"), as_bytes(image));
  ASSERT_TRUE(t.used);
  ASSERT_EQ(t.out.entries.size(), 1u);
  EXPECT_EQ(t.out.refusals.size(), 2u) << "the name without an entry, and the entry without a name";
}

TEST(Zip, gives_what_a_cut_archive_has) {
  const std::string image = make_zip({{"a", "first"}, {"b", "second"}});
  const auto t = take(format("zip"), as_bytes(image).first(image.find("second") + 6));
  ASSERT_TRUE(t.used);
  EXPECT_EQ(t.out.entries.size(), 2u);
  ASSERT_EQ(t.out.refusals.size(), 1u);
  EXPECT_NE(t.out.refusals[0].why.find("central directory is missing"), std::string::npos);
}

TEST(Zip, names_never_leave_the_tree) {
  const auto t = take(format("zip"), as_bytes(make_zip({{"../x", "1"}, {"..\\y", "2"}, {"C:/z", "3"}})));
  ASSERT_TRUE(t.used);
  EXPECT_EQ(t.out.refusals.size(), 2u);
  ASSERT_EQ(t.out.entries.size(), 1u);
}

TEST(Zip, stays_in_the_budget) {
  Limits limits;
  limits.bytes = 10;
  const std::string image = make_zip({{"dir/hello", "hello hello hello hello", 0100755u << 16, kHello}});
  const auto t = take(format("zip"), as_bytes(image), limits);
  ASSERT_FALSE(t.used);
  EXPECT_EQ(t.used.error().code, Errc::limit);
}

TEST(Zip, stands_truncation_and_mutation) {
  const std::string image = make_zip({{"dir/", "", 040755u << 16},
                                      {"dir/hello", "hello hello hello hello", 0100755u << 16, kHello},
                                      {"later", "sizes behind", 0100600u << 16, "", true}});
  check_truncations(format("zip"), as_bytes(image));
  check_mutations(format("zip"), as_bytes(image));
}

TEST(Zip, a_makers_update) {
  ASSAY_SAMPLE(image, "mcu/hex/CC2530_20190523.zip");
  const auto t = take(format("zip"), as_bytes(image));
  ASSERT_TRUE(t.used);
  EXPECT_EQ(*t.used, image.size());
  EXPECT_TRUE(t.out.refusals.empty()) << t.out.refusals[0].why;
  const auto* hex = t.out.find("CC2530ZNP-with-SBL.hex");
  ASSERT_NE(hex, nullptr);
  EXPECT_EQ(hex->content.size(), 697'099u);
  EXPECT_EQ(hex->content.front(), ':');
}

// --- ar ---

std::string ar_member(const std::string& name, const std::string& data) {
  std::string out = print("%-16s%-12u%-6u%-6u%-8o%-10u`\n", name.c_str(), 1'700'000'000u, 0u, 0u, 0100644u,
                          static_cast<unsigned>(data.size()));
  out += data;
  if (out.size() % 2) out += '\n';
  return out;
}

TEST(Ar, members_are_parts) {
  const std::string image = "!<arch>\n" + ar_member("debian-binary", "2.0\n") + ar_member("control.tar.xz", "control") +
                            ar_member("data.tar.xz/", "data");
  const auto t = take(format("ar"), as_bytes(image));
  ASSERT_TRUE(t.used);
  EXPECT_EQ(*t.used, image.size());
  EXPECT_EQ(t.extent->title, "Debian package");
  ASSERT_EQ(t.out.parts.size(), 2u) << "the package format's version is not worth a part";
  EXPECT_EQ(t.out.parts[0].name, "control.tar.xz");
  EXPECT_EQ(t.out.parts[0].bytes, "control");
  EXPECT_TRUE(t.out.parts[0].in_place);
  EXPECT_EQ(t.out.parts[1].name, "data.tar.xz");
}

TEST(Ar, long_names) {
  const std::string image = "!<arch>\n" + ar_member("/", "symbols!") +
                            ar_member("//", "a-very-long-name.o/\nanother-long-name.o/\n") + ar_member("/20", "two") +
                            ar_member("#1/8", std::string("bsd.o\0\0\0three", 13));
  const auto t = take(format("ar"), as_bytes(image));
  ASSERT_TRUE(t.used);
  EXPECT_EQ(t.extent->title, "ar archive");
  ASSERT_EQ(t.out.parts.size(), 2u);
  EXPECT_EQ(t.out.parts[0].name, "another-long-name.o");
  EXPECT_EQ(t.out.parts[1].name, "bsd.o");
  EXPECT_EQ(t.out.parts[1].bytes, "three");
}

TEST(Ar, stands_truncation_and_mutation) {
  const std::string image =
      "!<arch>\n" + ar_member("//", "a-very-long-name.o/\n") + ar_member("/0", "odd") + ar_member("#1/4", "b.o\0data");
  check_truncations(format("ar"), as_bytes(image));
  check_mutations(format("ar"), as_bytes(image));
}

TEST(Ar, packages) {
  for (const char* name :
       {"busybox-static_1_1.35.0-4+deb12u1+b1_armel.deb", "dropbear-bin_2022.83-1+deb12u3_mipsel.deb"}) {
    ASSAY_SAMPLE(image, std::string("components/deb/") + name);
    const auto t = take(format("ar"), as_bytes(image));
    ASSERT_TRUE(t.used);
    EXPECT_EQ(*t.used, image.size());
    ASSERT_EQ(t.out.parts.size(), 2u);
    EXPECT_EQ(t.out.parts[0].name, "control.tar.xz");
    EXPECT_EQ(t.out.parts[1].name, "data.tar.xz");
    EXPECT_EQ(t.out.parts[1].bytes.substr(0, 5),
              "\xfd"
              "7zXZ");
  }
}

// --- archives inside gzip ---

TEST(Cpio, an_installers_ramdisk) {
  ASSAY_SAMPLE(image, "nas/dns-320-netboot.img");
  const auto outer = take(format("gzip"), as_bytes(image).subspan(0x28890f + 64));
  ASSERT_EQ(outer.out.parts.size(), 1u);
  const auto t = take(format("cpio"), as_bytes(outer.out.parts[0].bytes));
  ASSERT_TRUE(t.used);
  EXPECT_EQ(*t.used, outer.out.parts[0].bytes.size());
  EXPECT_TRUE(t.out.refusals.empty()) << t.out.refusals[0].why;
  EXPECT_EQ(t.out.count(EntryType::file), 630u);
  ASSERT_NE(t.out.find("var/lib/dpkg/status"), nullptr);
}

TEST(Tar, a_distributions_root) {
  ASSAY_SAMPLE(image, "rootfs/alpine-310.tar.gz");
  const auto outer = take(format("gzip"), as_bytes(image));
  ASSERT_EQ(outer.out.parts.size(), 1u);
  const auto t = take(format("tar"), as_bytes(outer.out.parts[0].bytes));
  ASSERT_TRUE(t.used);
  EXPECT_EQ(*t.used, outer.out.parts[0].bytes.size());
  EXPECT_TRUE(t.out.refusals.empty()) << t.out.refusals[0].why;
  EXPECT_GT(t.out.entries.size(), 3u);
}

}  // namespace
}  // namespace assay::unpack
