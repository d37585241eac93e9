#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "inspect/detectors/testing.h"
#include "inspect/detectors/testing_keys.h"

namespace assay::inspect {
namespace {

FileKind kind(std::string_view path, std::string_view content) { return file_kind(path, as_bytes(content)); }

TEST(Inspect, KindsByTheirFirstBytes) {
  EXPECT_EQ(kind("a", ""), FileKind::empty);
  EXPECT_EQ(kind("bin/a",
                 "\x7f"
                 "ELF\1\1"),
            FileKind::elf);
  EXPECT_EQ(kind("etc/rc.local", "#!/bin/sh\n"), FileKind::script);
  EXPECT_EQ(kind("etc/hosts", "127.0.0.1 localhost\n"), FileKind::text);
  EXPECT_EQ(kind("etc/latin", "caf\xe9\n"), FileKind::text);
  EXPECT_EQ(kind("a", std::string_view("ab\0cd", 5)), FileKind::data);
  EXPECT_EQ(kind("a.gz", std::string_view("\x1f\x8b\x08\0", 4)), FileKind::archive);
  EXPECT_EQ(kind("a.bin", std::string_view("\x27\x05\x19\x56", 4)), FileKind::archive);
  EXPECT_EQ(kind("a.png", std::string_view("\x89PNG\r\n\x1a\n", 8)), FileKind::image);
  EXPECT_EQ(kind("etc/opkg/keys/1", "untrusted comment: x\nRWR\n"), FileKind::key);
  EXPECT_EQ(kind("root/.ssh/authorized_keys", "ssh-rsa AAAA x\n"), FileKind::key);
  const std::string certificate = test_certificate("A", 1700000000, 1731536000), key = test_pkcs8(test_key());
  EXPECT_EQ(kind("a", "Certificate:\n    Data:\n" + certificate), FileKind::certificate);
  EXPECT_EQ(kind("a", test_der(certificate)), FileKind::certificate);
  EXPECT_EQ(kind("a", key), FileKind::key);
  EXPECT_EQ(kind("a", test_der(key)), FileKind::key);
  EXPECT_EQ(kind("notes.txt", "see -----BEGIN CERTIFICATE----- in the manual\n"), FileKind::text);
}

TEST(Inspect, AnyBytesHaveAKind) {
  std::mt19937 random(11);
  for (int i = 0; i < 20000; ++i) {
    std::string bytes(random() % 64, '\0');
    for (char& c : bytes) c = static_cast<char>(random() % 3 == 0 ? 0x30 : random());
    const FileKind k = kind("a.key", bytes);
    EXPECT_EQ(k == FileKind::empty, bytes.empty());
    EXPECT_FALSE(name(k).empty());
  }
}

TEST(Inspect, KeepsWhatConfiguresASystem) {
  const std::string small = "x\n", large(2 << 20, 'x');
  for (const char* path :
       {"etc/config/network", "etc_ro/passwd", "usr/lib/opkg/status", "lib/functions.sh", "home/user/.htpasswd"})
    EXPECT_TRUE(keep(path, FileKind::text, as_bytes(small))) << path;
  EXPECT_TRUE(keep("usr/bin/anything", FileKind::script, as_bytes(small)));
  EXPECT_TRUE(keep("etc/dropbear/key", FileKind::data, as_bytes(small)));
  for (const char* path : {"www/index.html", "usr/share/doc/readme", "usr/share/locale/de.po"})
    EXPECT_FALSE(keep(path, FileKind::text, as_bytes(small))) << path;
  EXPECT_FALSE(keep("bin/busybox", FileKind::elf, as_bytes(small)));
  EXPECT_FALSE(keep("etc/large", FileKind::text, as_bytes(large)));
  EXPECT_TRUE(wanted("etc/large", FileKind::text));
  EXPECT_TRUE(keep("usr/lib/opkg/status", FileKind::text, as_bytes(large)));
}

TEST(Inspect, FollowsLinksInsideTheTree) {
  Tree t;
  t.place = "squashfs";
  put_file(t, "rom/etc/shadow", "a\n");
  put_link(t, "etc", "/rom/etc");
  put_link(t, "rom/etc/again", "../../rom/etc/./shadow");
  put_link(t, "out", "../../../rom/etc/shadow");
  put_link(t, "loop", "loop2");
  put_link(t, "loop2", "loop");
  put_link(t, "nowhere", "/tmp/none");
  std::string where;
  ASSERT_NE(t.resolve("etc/shadow", &where), nullptr);
  EXPECT_EQ(where, "rom/etc/shadow");
  EXPECT_EQ(t.find("etc/shadow"), nullptr);
  ASSERT_NE(t.resolve("/etc/again", &where), nullptr);
  EXPECT_EQ(where, "rom/etc/shadow");
  EXPECT_NE(t.resolve("out"), nullptr);  // ".." above the root stays at the root, as for a process with that root
  EXPECT_EQ(t.resolve("loop"), nullptr);
  EXPECT_EQ(t.resolve("nowhere"), nullptr);
  EXPECT_EQ(t.resolve(""), nullptr);
  TreeFile hard;
  hard.entry.path = "etc2";
  hard.entry.type = EntryType::hardlink;
  hard.entry.target = "rom/etc/shadow";
  t.files["etc2"] = hard;
  ASSERT_NE(t.resolve("etc2", &where), nullptr);
  EXPECT_EQ(where, "rom/etc/shadow");
  EXPECT_EQ(t.place_of("etc2"), "squashfs > /etc2");
}

TEST(Inspect, BelowListsADirectoryInOrder) {
  Tree t;
  for (const char* p : {"etc/init.d/b", "etc/init.d/a", "etc/init.d.old", "etc/inittab", "etc/init.d/c/d"})
    put_file(t, p, "x\n");
  std::vector<std::string> found;
  for (const TreeFile* f : t.below("etc/init.d")) found.push_back(f->entry.path);
  EXPECT_EQ(found, (std::vector<std::string>{"etc/init.d/a", "etc/init.d/b", "etc/init.d/c/d"}));
  EXPECT_EQ(t.below("").size(), 5u);
  EXPECT_TRUE(t.below("usr").empty());
}

TEST(Inspect, DetectorsAreSortedAndSayWhatTheyWrite) {
  const auto all = detectors();
  ASSERT_FALSE(all.empty());
  EXPECT_TRUE(
      std::is_sorted(all.begin(), all.end(), [](const Detector* a, const Detector* b) { return a->name < b->name; }));
  for (const Detector* d : all) {
    EXPECT_FALSE(d->title.empty()) << d->name;
    EXPECT_FALSE(d->tables.empty()) << d->name;
    EXPECT_TRUE(d->file || d->tree || d->part) << d->name;
  }
}

// Every detector, on nothing and on rubbish: no crash, and rows only with a place and a known table of its own.
TEST(Inspect, DetectorsBearRubbish) {
  std::mt19937 random(13);
  for (const Detector* d : detectors()) {
    for (int i = 0; i < 200; ++i) {
      std::string bytes(random() % 400, '\0');
      for (char& c : bytes) c = static_cast<char>(random());
      constexpr const char* kStarts[] = {
          "",      "\177ELF\1\2\1", "#!/bin/sh\n", "untrusted comment: ", "-----BEGIN CERTIFICATE-----\n",
          "root:", "\x30\x82"};
      const std::string content = kStarts[random() % 7] + bytes;
      constexpr const char* kPaths[] = {"etc/passwd", "etc/shadow", "etc/inittab",         "etc/x.conf",
                                        "etc/a.key",  "bin/a",      "etc/apt/trusted.gpg", "usr/lib/opkg/status"};
      const std::string path = kPaths[random() % 8];
      Facts out;
      Tree tree;
      tree.place = "t";
      put_file(tree, path, content);
      const TreeFile& f = tree.files[path];
      if (d->file) d->file({tree.place, path, f.entry, f.kind, as_bytes(content)}, out);
      if (d->tree) d->tree(tree, out);
      if (d->part) d->part("t", as_bytes(content), out);
      for (const Fact& fact : out.facts) {
        EXPECT_FALSE(fact.place.empty());
        EXPECT_NE(std::find(d->tables.begin(), d->tables.end(), fact.table), d->tables.end())
            << d->name << " wrote " << fact.table;
      }
    }
  }
}

}  // namespace
}  // namespace assay::inspect
