#include "parse/device_tree.h"

#include <cstdlib>
#include <random>

#include <gtest/gtest.h>

#include "base/file.h"
#include "base/reader.h"

namespace assay::parse {
namespace {

void put(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
}
void pad(std::string& out) { out.resize(align_up(out.size(), 4)); }

// A blob of version 17 around a structure block and a strings block.
std::string blob(const std::string& structure, const std::string& strings) {
  std::string out;
  const auto at_structure = std::uint32_t{56};
  const auto at_strings = static_cast<std::uint32_t>(at_structure + structure.size());
  put(out, 0xd00dfeed);
  put(out, static_cast<std::uint32_t>(at_strings + strings.size()));
  put(out, at_structure);
  put(out, at_strings);
  put(out, 40);
  put(out, 17);
  put(out, 16);
  put(out, 0);
  put(out, static_cast<std::uint32_t>(strings.size()));
  put(out, static_cast<std::uint32_t>(structure.size()));
  out.append(16, '\0');
  return out + structure + strings;
}

// / { model = "Hearth"; compatible = "hearth,v1", "hearth"; chosen { n = <7>; sub { }; }; };
std::string sample() {
  std::string s;
  put(s, 1), put(s, 0);
  put(s, 3), put(s, 7), put(s, 0), s += std::string("Hearth\0", 7), pad(s);
  put(s, 3), put(s, 17), put(s, 6), s += std::string("hearth,v1\0hearth\0", 17), pad(s);
  put(s, 1), s += std::string("chosen\0", 7), pad(s);
  put(s, 3), put(s, 4), put(s, 17), put(s, 7);
  put(s, 1), s += std::string("sub\0", 4);
  put(s, 2), put(s, 2), put(s, 2), put(s, 9);
  return blob(s, std::string("model\0compatible\0n\0", 19));
}

TEST(DeviceTree, reads_nodes_and_properties) {
  const std::string bytes = sample();
  const auto tree = DeviceTree::parse(as_bytes(bytes));
  ASSERT_TRUE(tree) << tree.error().text();
  EXPECT_EQ(tree->size(), bytes.size());
  ASSERT_EQ(tree->nodes().size(), 3u);
  EXPECT_EQ(tree->text(0, "model"), "Hearth");
  EXPECT_EQ(tree->texts(0, "compatible"), (std::vector<std::string_view>{"hearth,v1", "hearth"}));
  const int chosen = tree->find("/chosen");
  ASSERT_EQ(chosen, 1);
  EXPECT_EQ(tree->cell(chosen, "n"), 7u);
  EXPECT_EQ(tree->cell(0, "model"), std::nullopt);
  EXPECT_EQ(tree->find("/chosen/sub"), 2);
  EXPECT_EQ(tree->find("/sub"), -1);
  EXPECT_EQ(tree->children(0), std::vector<int>{1});
  EXPECT_EQ(tree->children(1), std::vector<int>{2});
  const auto* model = tree->property(0, "model");
  ASSERT_NE(model, nullptr);
  EXPECT_EQ(bytes.substr(model->at, 6), "Hearth");
}

TEST(DeviceTree, every_truncation_is_an_error) {
  const std::string bytes = sample();
  for (std::size_t n = 0; n < bytes.size(); ++n) EXPECT_FALSE(DeviceTree::parse(as_bytes(bytes).first(n))) << n;
}

TEST(DeviceTree, refuses_what_the_structure_forbids) {
  const std::string names("a\0", 2);
  const auto parse = [&](const std::string& structure) { return DeviceTree::parse(as_bytes(blob(structure, names))); };
  std::string two_roots, late_property, open_end, unknown, deep;
  put(two_roots, 1), put(two_roots, 0), put(two_roots, 2), put(two_roots, 1), put(two_roots, 0), put(two_roots, 2),
      put(two_roots, 9);
  EXPECT_EQ(parse(two_roots).error().what, "a second root node");
  put(late_property, 1), put(late_property, 0), put(late_property, 1), late_property += std::string("b\0\0\0", 4),
      put(late_property, 2);
  put(late_property, 3), put(late_property, 0), put(late_property, 0), put(late_property, 2), put(late_property, 9);
  EXPECT_EQ(parse(late_property).error().what, "a property outside its node");
  put(open_end, 1), put(open_end, 0), put(open_end, 4), put(open_end, 9);
  EXPECT_EQ(parse(open_end).error().what, "the device tree ends inside a node");
  put(unknown, 1), put(unknown, 0), put(unknown, 5), put(unknown, 9);
  EXPECT_EQ(parse(unknown).error().what, "unknown token 5");
  put(deep, 1), put(deep, 0);
  for (int i = 0; i < 100; ++i) put(deep, 1), deep += std::string("n\0\0\0", 4);
  EXPECT_EQ(parse(deep).error().code, Errc::limit);
}

TEST(DeviceTree, mutations_never_crash) {
  const std::string good = sample();
  std::mt19937 random(1);
  int read = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes = good;
    bytes[random() % bytes.size()] = static_cast<char>(random());
    const auto tree = DeviceTree::parse(as_bytes(bytes));
    if (!tree) continue;
    ++read;
    EXPECT_LE(tree->size(), bytes.size());
    for (std::size_t n = 0; n < tree->nodes().size(); ++n) (void)tree->texts(static_cast<int>(n), "compatible");
  }
  EXPECT_GT(read, 0);
}

TEST(DeviceTree, reads_a_real_blob) {
  const char* set = std::getenv("ASSAY_SAMPLES");
  const std::string samples = set ? set : ASSAY_SOURCE_DIR "/../shared/samples";
  const auto file = read_file(samples + "/firmware/formats/fact/uboot.dtb", 1 << 20);
  if (!file) GTEST_SKIP() << "the samples are not here";
  // A uImage with a damaged header, a zImage cut short, and this device tree at the end.
  const auto tree = DeviceTree::parse(as_bytes(*file).subspan(2432));
  ASSERT_TRUE(tree) << tree.error().text();
  EXPECT_EQ(tree->size(), 32889u);
  EXPECT_GT(tree->nodes().size(), 100u);
  EXPECT_FALSE(tree->text(0, "compatible").empty());
}

}  // namespace
}  // namespace assay::parse
