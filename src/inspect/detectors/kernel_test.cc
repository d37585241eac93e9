#include <gtest/gtest.h>

#include "inspect/detectors/test_trees.h"

namespace assay::inspect {

extern const Detector kernel;

namespace {

using namespace std::string_literals;

std::string gzip(const std::string& text) {
  z_stream s{};
  EXPECT_EQ(deflateInit2(&s, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(text.size() + 1000, '\0');
  s.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  s.avail_in = static_cast<uInt>(text.size());
  s.next_out = reinterpret_cast<Bytef*>(out.data());
  s.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&s, Z_FINISH), Z_STREAM_END);
  out.resize(s.total_out);
  deflateEnd(&s);
  return out;
}

const std::string kBanner =
    "Linux version 4.4.182 (builder@host) (gcc version 5.4.0 (x) ) #0 Thu Jun 20 11:20:33 2019\n";

TEST(Kernel, BannerInAPart) {
  const std::string image = std::string(100, '\x01') + "Linux version %s (%s)\0"s + kBanner + std::string(50, '\0');
  Facts facts;
  kernel.part("tp-link > lzma", as_bytes(image), facts);
  ASSERT_EQ(facts.facts.size(), 2u);
  EXPECT_EQ(value_of(facts.facts[0], "version"), "4.4.182");
  EXPECT_EQ(value_of(facts.facts[0], "banner"), kBanner.substr(0, kBanner.size() - 1));
  EXPECT_EQ(value_of(facts.facts[0], "options_source"), "none");
  EXPECT_EQ(facts.facts[0].at, 122u);
  EXPECT_EQ(value_of(facts.facts[1], "cpe"), "cpe:2.3:o:linux:linux_kernel:4.4.182:*:*:*:*:*:*:*");
}

TEST(Kernel, ConfigurationInside) {
  const std::string config =
      "#\n# Automatically generated\nCONFIG_MIPS=y\nCONFIG_SECCOMP=y\n# CONFIG_DEVKMEM is not "
      "set\nCONFIG_IKCONFIG=m\nCONFIG_LOCALVERSION=\"\"\n";
  const std::string image = kBanner + "\0\0IKCFG_ST"s + gzip(config) + "IKCFG_ED";
  Facts facts;
  kernel.part("x", as_bytes(image), facts);
  ASSERT_EQ(facts.facts.size(), 2u);
  EXPECT_EQ(value_of(facts.facts[0], "options"), "MIPS=y,SECCOMP=y,IKCONFIG=m");
  EXPECT_EQ(value_of(facts.facts[0], "options_source"), "ikconfig");
  EXPECT_EQ(value_of(facts.facts[0], "arch"), "mips");
  for (std::size_t n = 0; n < image.size(); ++n) {
    Facts cut;
    kernel.part("x", as_bytes(image.substr(0, n)), cut);
    EXPECT_LE(cut.facts.size(), 2u);
  }
}

TEST(Kernel, ProseIsNoKernel) {
  Facts facts;
  kernel.part("x", as_bytes("Linux version 2.6 or later is needed. See Linux version 3.0 (released 2011)"), facts);
  EXPECT_TRUE(facts.facts.empty());
}

TEST(Kernel, ModulesOfATree) {
  Tree tree;
  tree.place = "squashfs";
  std::string module =
      "\x7f"
      "ELF\x01\x02\x01"s +
      std::string(11, '\0') + "\0\x08"s + std::string(40, '\0') + "vermagic=4.4.182 mod_unload MIPS32_R2 32BIT \0x"s;
  TreeFile file;
  file.entry.path = "lib/modules/4.4.182/usbcore.ko";
  file.kind = FileKind::elf;
  file.kept = true;
  file.content = module;
  tree.files[file.entry.path] = file;
  Facts facts;
  kernel.tree(tree, facts);
  ASSERT_EQ(rows(facts, "kernel").size(), 1u);
  const Fact& k = *rows(facts, "kernel").front();
  EXPECT_EQ(value_of(k, "version"), "4.4.182");
  EXPECT_EQ(value_of(k, "arch"), "mips");
  EXPECT_EQ(value_of(k, "options"), "mod_unload,MIPS32_R2,32BIT");
  EXPECT_EQ(value_of(k, "options_source"), "modules");
  EXPECT_EQ(k.place, "squashfs > /lib/modules/4.4.182/usbcore.ko");
  EXPECT_EQ(rows(facts, "component").size(), 1u);

  // Without contents the directory still names the version.
  tree.files.begin()->second.kept = false;
  tree.files.begin()->second.content.clear();
  Facts poor;
  kernel.tree(tree, poor);
  ASSERT_EQ(rows(poor, "kernel").size(), 1u);
  EXPECT_EQ(rows(poor, "kernel").front()->place, "squashfs > /lib/modules/4.4.182");
  EXPECT_EQ(value_of(*rows(poor, "kernel").front(), "options_source"), "none");
}

}  // namespace
}  // namespace assay::inspect
