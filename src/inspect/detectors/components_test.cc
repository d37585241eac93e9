#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>

#include "base/data.h"
#include "base/node.h"
#include "inspect/detectors/test_trees.h"
#include "inspect/patterns.h"

namespace assay::inspect {

extern const Detector components;

namespace {

TEST(Components, ProgramsOnly) {
  const std::string elf = std::string(
                              "\x7f"
                              "ELF") +
                          std::string(60, '\0') + "BusyBox v1.25.1 (2019)" + std::string(60, '\0');
  const Entry entry;
  Facts facts;
  components.file({"squashfs", "bin/busybox", entry, FileKind::elf, as_bytes(elf)}, facts);
  ASSERT_EQ(facts.facts.size(), 1u);
  const Fact& f = facts.facts.front();
  EXPECT_EQ(f.place, "squashfs > /bin/busybox");
  EXPECT_EQ(f.at, 64u);
  EXPECT_EQ(value_of(f, "name"), "busybox");
  EXPECT_EQ(value_of(f, "version"), "1.25.1");
  EXPECT_EQ(value_of(f, "method"), "string");
  ASSERT_TRUE(f.excerpt.has_value());
  EXPECT_NE(as_text(f.excerpt->bytes).find("BusyBox v1.25.1"), std::string_view::npos);

  Facts text;
  components.file({"squashfs", "usr/share/doc/busybox.txt", entry, FileKind::text, as_bytes(elf)}, text);
  EXPECT_TRUE(text.facts.empty());

  Facts part;
  components.part("u-boot", as_bytes(std::string(64, '\xff') + "U-Boot 2023.01+dfsg (Jan 01 2024)"), part);
  ASSERT_EQ(part.facts.size(), 1u);
  EXPECT_EQ(value_of(part.facts.front(), "version"), "2023.01");
}

// Packages cut down to their programs, each labelled with its product and version. Names there are those of the CPE
// dictionary.
std::string product_of(const Component& c) {
  const std::string& cpe = c.cpe;
  std::vector<std::string_view> parts = split(cpe, ':');
  return parts.size() > 4 ? std::string(parts[4]) : c.name;
}

TEST(Components, RecallAndPrecisionOnLabelledPackages) {
  const auto folder = samples() / "firmware/components/cve-bin-tool";
  const auto text = read_file(folder / "labels.json", 1 << 20);
  if (!text) GTEST_SKIP() << "no samples at " << folder;
  const auto labels = parse_json(*text, "labels.json");
  ASSERT_TRUE(labels.has_value());
  const auto& patterns = Patterns::shared();
  ASSERT_TRUE(patterns.has_value());

  std::set<std::string> covered;
  for (const std::string& name : data::list("components/")) {
    const auto file = data::file(name);
    ASSERT_TRUE(file.has_value());
    for (const Node& c : (**file)["components"].items()) {
      const std::string& cpe = c["cpe"].text();
      const auto parts = split(cpe, ':');
      covered.insert(cpe.empty() ? c["name"].text() : std::string(parts[cpe.starts_with("cpe:") ? 4 : 1]));
    }
  }
  unsigned right = 0, wanted = 0, wrong = 0, found = 0, all = 0;
  for (const Node& label : labels->items()) {
    ++all;
    const std::string product = label["product"].text(), version = label["version"].text();
    std::set<std::string> allowed{product};
    for (const std::string& other : label["other_products"].texts()) allowed.insert(other);
    // The same thing by another name, and what is really built in without the label saying so.
    std::set<std::string> also;
    if (product == "minidlna") allowed.insert("readymedia");
    if (product == "squashfs") allowed.insert("squashfs-tools");
    if (product == "rtl_433") also.insert("mongoose");
    const auto packed = read_file(folder / label["file"].text(), 64u << 20);
    ASSERT_TRUE(packed.has_value());
    bool hit_right = false;
    std::set<std::pair<std::string, std::string>> seen;
    each_in_tar(gunzip(*packed), [&](const std::string& path, std::string_view content) {
      if (!content.starts_with("\x7f"
                               "ELF"))
        return;
      const auto hits = patterns->scan(path.substr(path.rfind('/') + 1), as_bytes(content));
      ASSERT_TRUE(hits.has_value());
      for (const ComponentHit& hit : *hits) {
        const std::string name = product_of(*hit.component);
        if (allowed.contains(name) && hit.version.starts_with(version)) hit_right = true;
        if (seen.insert({name, hit.version}).second) {
          ++found;
          if (also.contains(name)) continue;
          if (!allowed.contains(name) || (name == product && !hit.version.starts_with(version))) {
            ++wrong;
            std::printf("  other: %s in %s: %s %s\n", path.c_str(), label["file"].text().c_str(), name.c_str(),
                        hit.version.c_str());
          }
        }
      }
    });
    if (std::none_of(allowed.begin(), allowed.end(), [&](const std::string& a) { return covered.contains(a); }))
      continue;
    ++wanted;
    right += hit_right;
    if (!hit_right)
      std::printf("  missed: %s %s in %s\n", product.c_str(), version.c_str(), label["file"].text().c_str());
  }
  std::printf(
      "  %u of %u labelled packages are covered; recall %u of %u; %u findings, %u of another product or version\n",
      wanted, all, right, wanted, found, wrong);
  EXPECT_GE(wanted, 90u);
  EXPECT_GE(right * 100, wanted * 98);
  EXPECT_LE(wrong * 100, found * 2);
}

TEST(Components, CompilesAndScansQuickly) {
  std::vector<const Node*> files;
  for (const std::string& name : data::list("components/")) {
    const auto file = data::file(name);
    ASSERT_TRUE(file.has_value());
    files.push_back(*file);
  }
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  const auto made = Patterns::make(files);
  const double compile = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  ASSERT_TRUE(made.has_value()) << made.error().text();
  std::string random(32u << 20, '\0');
  std::uint64_t x = 1;
  for (std::size_t i = 0; i < random.size(); i += 8) {
    x = x * 6364136223846793005u + 1442695040888963407u;
    std::memcpy(random.data() + i, &x, 8);
  }
  const auto begin = Clock::now();
  const auto hits = made->scan("libfoo.so", as_bytes(random));
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  ASSERT_TRUE(hits.has_value());
  std::printf("  %zu expressions compile in %.1f ms; %.0f MB/s of random bytes\n", made->expressions(), compile,
              32 * 1.048576 / seconds);
  EXPECT_LT(compile, 1000);  // the aim is 30 ms; a loaded machine must not fail the test
  EXPECT_GT(32 * 1.048576 / seconds, 20);
}

}  // namespace
}  // namespace assay::inspect
