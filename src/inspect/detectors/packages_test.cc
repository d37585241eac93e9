#include <gtest/gtest.h>

#include "inspect/detectors/test_trees.h"

namespace assay::inspect {

extern const Detector packages;

namespace {

TEST(Packages, Opkg) {
  Tree tree;
  tree.place = "squashfs";
  put(tree, "usr/lib/opkg/status",
      "Package: libc\nVersion: 1.1.16-1\nDepends: libgcc\nStatus: install hold installed\nArchitecture: "
      "mips_24kc\nConffiles:\n /etc/x abc\n\n"
      "Package: gone\nVersion: 1\nStatus: deinstall ok not-installed\n\n");
  put(tree, "usr/lib/opkg/info/libc.control", "Package: libc\nVersion: 1.1.16-1\n");
  put(tree, "usr/lib/opkg/info/extra.control", "Package: extra\nVersion: 2+b\nArchitecture: all\n");
  Facts facts;
  packages.tree(tree, facts);
  ASSERT_EQ(facts.facts.size(), 2u);
  const Fact& libc = facts.facts[0];
  EXPECT_EQ(value_of(libc, "name"), "libc");
  EXPECT_EQ(value_of(libc, "version"), "1.1.16-1");
  EXPECT_EQ(value_of(libc, "purl"), "pkg:opkg/libc@1.1.16-1?arch=mips_24kc");
  EXPECT_EQ(value_of(libc, "method"), "package-db");
  EXPECT_EQ(value_of(libc, "status"), "installed");
  EXPECT_EQ(libc.place, "squashfs > /usr/lib/opkg/status");
  EXPECT_EQ(libc.at, 0u);
  EXPECT_EQ(value_of(facts.facts[1], "purl"), "pkg:opkg/extra@2%2Bb?arch=all");
}

TEST(Packages, DpkgAndApk) {
  Tree tree;
  put(tree, "var/lib/dpkg/status",
      "Package: busybox-udeb\nStatus: install ok unpacked\nVersion: 1:1.35.0-4\nDescription: x\n long\n");
  put(tree, "lib/apk/db/installed",
      "C:Q1abc\nP:musl\nV:1.1.22-r3\nA:x86_64\nm:Timo <t@x>\n\nP:busybox\nV:1.30.1-r2\nA:x86_64\n");
  put(tree, "etc/os-release", "NAME=x\nID=ubuntu\n");
  Facts facts;
  packages.tree(tree, facts);
  ASSERT_EQ(facts.facts.size(), 3u);
  EXPECT_EQ(value_of(facts.facts[0], "purl"), "pkg:apk/ubuntu/musl@1.1.22-r3?arch=x86_64");
  EXPECT_EQ(value_of(facts.facts[0], "supplier"), "Timo <t@x>");
  EXPECT_EQ(value_of(facts.facts[2], "purl"), "pkg:deb/ubuntu/busybox-udeb@1%3A1.35.0-4");
  EXPECT_EQ(value_of(facts.facts[2], "status"), "unpacked");
}

TEST(Packages, DatabaseThatWasNotKeptIsNotEmpty) {
  Tree tree;
  put(tree, "var/lib/dpkg/status", "Package: x\n");
  tree.files.begin()->second.kept = false;
  Facts facts;
  packages.tree(tree, facts);
  EXPECT_TRUE(facts.facts.empty());
  EXPECT_EQ(facts.unexamined.size(), 1u);
}

TEST(Packages, TruncationsAndNoise) {
  const std::string good = "Package: libc\nVersion: 1\nStatus: a b installed\n\nPackage:\n: \n:\nV\n";
  for (std::size_t n = 0; n <= good.size(); ++n) {
    Tree tree;
    put(tree, "usr/lib/opkg/status", good.substr(0, n));
    put(tree, "lib/apk/db/installed", good.substr(0, n));
    Facts facts;
    packages.tree(tree, facts);
    EXPECT_LE(facts.facts.size(), 2u);
  }
}

// The image's own list is the known answer: alpine 3.10's base system.
TEST(Packages, AlpineSample) {
  const auto packed = read_file(samples() / "firmware/rootfs/alpine-310.tar.gz", 64u << 20);
  if (!packed) GTEST_SKIP() << "no samples";
  Tree tree;
  tree.place = "layer";
  each_in_tar(gunzip(*packed), [&](const std::string& path, std::string_view content) {
    if (!path.ends_with("layer.tar")) return;
    each_in_tar(content,
                [&](const std::string& inner, std::string_view bytes) { put(tree, inner, std::string(bytes)); });
  });
  Facts facts;
  packages.tree(tree, facts);
  EXPECT_EQ(facts.facts.size(), 14u);
  ASSERT_FALSE(rows(facts, "component", "name", "musl").empty());
  EXPECT_EQ(value_of(*rows(facts, "component", "name", "musl").front(), "purl").substr(0, 24),
            "pkg:apk/alpine/musl@1.1.");
}

}  // namespace
}  // namespace assay::inspect
