#include "app/extract.h"

#include <gtest/gtest.h>

#include <unistd.h>
#include <cstdlib>
#include <filesystem>

#include "base/file.h"

namespace assay::app {
namespace {

namespace fs = std::filesystem;

struct Place {
  fs::path root;
  Place() {
    char name[] = "/tmp/assay-extract-XXXXXX";
    root = ::mkdtemp(name);
  }
  ~Place() { fs::remove_all(root); }
};

Entry entry(EntryType type, std::string path, std::string target = {}) {
  Entry e;
  e.type = type;
  e.path = std::move(path);
  e.target = std::move(target);
  e.mode = 04755;
  return e;
}

TEST(Extract, NothingEverLeavesTheDirectory) {
  Place place;
  fs::create_directories(place.root / "outside");
  auto x = Extractor::open(place.root / "tree");
  ASSERT_TRUE(x.has_value()) << x.error().text();
  // A link that leads out, and a file that would be written through it.
  ASSERT_TRUE(x->begin("000-t", entry(EntryType::symlink, "escape", "../../outside")).has_value());
  ASSERT_TRUE(x->begin("000-t", entry(EntryType::file, "escape/file")).has_value());
  ASSERT_TRUE(x->data(as_bytes("x")).has_value());
  EXPECT_FALSE(x->begin("000-t", entry(EntryType::file, "../../outside/file")).has_value());
  EXPECT_FALSE(x->begin("..", entry(EntryType::file, "a")).has_value());
  EXPECT_FALSE(x->begin("a/b", entry(EntryType::file, "a")).has_value());
  ASSERT_TRUE(x->begin("000-t", entry(EntryType::file, "bin/tool")).has_value());
  ASSERT_TRUE(x->data(as_bytes("hello")).has_value());
  ASSERT_TRUE(x->begin("000-t", entry(EntryType::symlink, "etc/rc.d/tool", "/bin/tool")).has_value());
  ASSERT_TRUE(x->begin("000-t", entry(EntryType::hardlink, "bin/again", "bin/tool")).has_value());
  ASSERT_TRUE(x->begin("000-t", entry(EntryType::char_device, "dev/null")).has_value());
  ASSERT_TRUE(x->finish().has_value());
  EXPECT_TRUE(fs::is_empty(place.root / "outside"));
  const fs::path tree = place.root / "tree/000-t";
  EXPECT_EQ(*read_file(tree / "bin/tool", 100), "hello");
  EXPECT_EQ(*read_file(tree / "etc/rc.d/tool", 100), "hello") << "an absolute link leads inside the tree";
  EXPECT_EQ(*read_file(tree / "bin/again", 100), "hello");
  EXPECT_FALSE(fs::is_symlink(tree / "escape"));
  EXPECT_FALSE(fs::exists(tree / "dev/null"));
  // No setuid bit reaches the host; the manifest keeps the truth.
  EXPECT_EQ(fs::status(tree / "bin/tool").permissions() & fs::perms::set_uid, fs::perms::none);
  const std::string manifest = *read_file(place.root / "tree/manifest.jsonl", 1 << 20);
  EXPECT_NE(manifest.find("\"path\":\"/bin/tool\",\"type\":\"file\",\"mode\":\"4755\""), std::string::npos) << manifest;
  EXPECT_NE(manifest.find("\"target\":\"../../outside\""), std::string::npos);
  EXPECT_NE(manifest.find("char device"), std::string::npos);
}

TEST(Extract, ALinkThatClimbsBehindAnotherLinkIsNotMade) {
  Place place;
  auto x = Extractor::open(place.root / "tree");
  ASSERT_TRUE(x.has_value()) << x.error().text();
  // "d/d/../.." looks as if it stayed; where d is the directory itself, it leads out.
  ASSERT_TRUE(x->begin("000-t", entry(EntryType::symlink, "d", ".")).has_value());
  ASSERT_TRUE(x->begin("000-t", entry(EntryType::symlink, "e", "d/d/../../outside")).has_value());
  ASSERT_TRUE(x->begin("000-t", entry(EntryType::symlink, "a/b/up", "../../f")).has_value());
  ASSERT_TRUE(x->finish().has_value());
  EXPECT_FALSE(fs::is_symlink(place.root / "tree/000-t/e"));
  EXPECT_TRUE(fs::is_symlink(place.root / "tree/000-t/a/b/up"));
  EXPECT_EQ(x->remarks().size(), 1u);
}

TEST(Extract, EntriesThatStandInEachOthersWayCostOnlyThemselves) {
  Place place;
  auto x = Extractor::open(place.root / "tree");
  ASSERT_TRUE(x.has_value()) << x.error().text();
  ASSERT_TRUE(x->begin("000-t", entry(EntryType::file, "a")).has_value());
  ASSERT_TRUE(x->begin("000-t", entry(EntryType::file, "a/b")).has_value());
  ASSERT_TRUE(x->data(as_bytes("lost")).has_value());
  ASSERT_TRUE(x->begin("000-t", entry(EntryType::directory, "a")).has_value());
  ASSERT_TRUE(x->begin("000-t", entry(EntryType::symlink, "a/c", "z")).has_value());
  ASSERT_TRUE(x->begin("000-t", entry(EntryType::file, "z")).has_value());
  ASSERT_TRUE(x->data(as_bytes("here")).has_value());
  ASSERT_TRUE(x->finish().has_value());
  EXPECT_EQ(*read_file(place.root / "tree/000-t/z", 100), "here");
  EXPECT_EQ(*read_file(place.root / "tree/000-t/a", 100), "");
  EXPECT_EQ(x->remarks().size(), 3u);
}

TEST(Extract, WritesOnlyIntoAnEmptyDirectory) {
  Place place;
  ASSERT_TRUE(write_file(place.root / "there", "x").has_value());
  EXPECT_FALSE(Extractor::open(place.root).has_value());
}

}  // namespace
}  // namespace assay::app
