// The known answers of two real images, on trees that somebody unpacked: ASSAY_TREES names a directory with lede/ (the
// root of the LEDE image) and dns320/ (the ramdisk of the DNS-320 installer). The end-to-end tests ask the same of the
// images themselves.
#include <gtest/gtest.h>

#include <cstdio>

#include "inspect/detectors/test_trees.h"

namespace assay::inspect {

extern const Detector kernel, listeners, packages, services;

namespace {

std::filesystem::path trees() {
  const char* from = std::getenv("ASSAY_TREES");
  return from ? from : "";
}

TEST(Samples, Lede) {
  const auto root = trees() / "lede";
  if (trees().empty() || !std::filesystem::exists(root)) GTEST_SKIP() << "ASSAY_TREES names no unpacked trees";
  const Tree tree = tree_of_directory(root, "squashfs");
  Facts facts;
  packages.tree(tree, facts);
  EXPECT_EQ(rows(facts, "component").size(), 90u);
  kernel.tree(tree, facts);
  ASSERT_EQ(rows(facts, "kernel").size(), 1u);
  EXPECT_EQ(value_of(*rows(facts, "kernel").front(), "version"), "4.4.182");
  EXPECT_EQ(value_of(*rows(facts, "kernel").front(), "arch"), "mips");
  services.tree(tree, facts);
  for (const std::string_view name : {"dropbear", "uhttpd", "dnsmasq"}) {
    const auto found = rows(facts, "service", "name", name);
    ASSERT_EQ(found.size(), 1u) << name;
    EXPECT_EQ(value_of(*found.front(), "enabled"), "yes") << name;
  }
  listeners.tree(tree, facts);
  std::set<std::string> ports;
  for (const Fact* f : rows(facts, "listener"))
    ports.insert(value_of(*f, "proto") + " " + value_of(*f, "port") + " " + value_of(*f, "service"));
  // No TLS for uhttpd: the image has no libustream-ssl, so its init script leaves port 443 shut.
  EXPECT_EQ(ports, (std::set<std::string>{"tcp 22 dropbear", "tcp 53 dnsmasq", "tcp 80 uhttpd", "udp 53 dnsmasq",
                                          "udp 67 dnsmasq"}));
}

TEST(Samples, Dns320) {
  const auto root = trees() / "dns320";
  if (trees().empty() || !std::filesystem::exists(root)) GTEST_SKIP() << "ASSAY_TREES names no unpacked trees";
  const Tree tree = tree_of_directory(root, "cpio");
  Facts facts;
  packages.tree(tree, facts);
  EXPECT_EQ(rows(facts, "component").size(), 97u);
}

}  // namespace
}  // namespace assay::inspect
