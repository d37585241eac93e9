#include "base/file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/data.h"

namespace assay {
namespace {

namespace fs = std::filesystem;

class Files : public testing::Test {
 protected:
  Files() {
    std::string name = (fs::temp_directory_path() / "assay-file-XXXXXX").string();
    dir_ = ::mkdtemp(name.data());
  }
  ~Files() override { fs::remove_all(dir_); }
  static unsigned mode(const fs::path& p) {
    struct stat st {};
    EXPECT_EQ(::lstat(p.c_str(), &st), 0);
    return st.st_mode & 0777u;
  }
  std::size_t count() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(dir_), fs::directory_iterator()));
  }
  fs::path dir_;
};

TEST_F(Files, APipeIsWrittenNotReplaced) {
  const fs::path pipe = dir_ / "pipe", link = dir_ / "link";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  fs::create_symlink("pipe", link);
  const int fd = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  ASSERT_GE(fd, 0);
  char got[16] = {};
  for (const fs::path& p : {pipe, link}) {
    ASSERT_TRUE(write_file(p, "hello").has_value());
    EXPECT_EQ(::read(fd, got, sizeof got), 5);
    ASSERT_TRUE(write_files({{dir_ / "beside", "x"}, {p, "again"}}).has_value());
    EXPECT_EQ(::read(fd, got, sizeof got), 5);
    EXPECT_EQ(std::string(got, 5), "again");
    EXPECT_FALSE(write_file(p, "no", Links::refuse).has_value());
  }
  ::close(fd);
  EXPECT_TRUE(fs::is_fifo(pipe));
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_EQ(count(), 3u);
}

TEST_F(Files, ALinkToAFileStays) {
  ASSERT_TRUE(write_file(dir_ / "file", "old").has_value());
  fs::create_symlink("file", dir_ / "link");
  fs::create_symlink("nowhere", dir_ / "broken");
  ASSERT_TRUE(write_file(dir_ / "link", "new").has_value());
  EXPECT_TRUE(fs::is_symlink(dir_ / "link"));
  EXPECT_EQ(*read_file(dir_ / "file", 100), "new");
  EXPECT_FALSE(write_file(dir_ / "broken", "x").has_value());
  const auto refused = write_file(dir_ / "link", "bad", Links::refuse);
  ASSERT_FALSE(refused.has_value());
  EXPECT_NE(refused.error().text().find("is a link"), std::string::npos);
  EXPECT_FALSE(write_files({{dir_ / "file", "bad"}, {dir_ / "link", "bad"}}, Links::refuse).has_value());
  EXPECT_EQ(*read_file(dir_ / "file", 100), "new");
  EXPECT_FALSE(write_file(dir_, "x").has_value());
  EXPECT_EQ(count(), 3u);
}

TEST_F(Files, ModesAreKeptAndTheUmaskCounts) {
  const mode_t before = ::umask(027);
  ASSERT_TRUE(write_file(dir_ / "new", "x").has_value());
  EXPECT_EQ(mode(dir_ / "new"), 0640u);
  fs::permissions(dir_ / "new", fs::perms(0600));
  ASSERT_TRUE(write_file(dir_ / "new", "y").has_value());
  EXPECT_EQ(mode(dir_ / "new"), 0600u);
  ASSERT_TRUE(write_files({{dir_ / "second", "x"}}).has_value());
  EXPECT_EQ(mode(dir_ / "second"), 0640u);
  ::umask(before);
}

TEST_F(Files, ADataDirectoryHoldsNoLinks) {
  ASSERT_TRUE(write_file(dir_ / "secret", "root: hidden\n").has_value());
  fs::create_directory(dir_ / "data");
  fs::create_symlink(dir_ / "secret", dir_ / "data" / "version.yaml");
  const auto used = data::use_directory(dir_ / "data");
  ASSERT_FALSE(used.has_value());
  EXPECT_NE(used.error().text().find("version.yaml"), std::string::npos);
  EXPECT_NE(used.error().text().find("is a link"), std::string::npos);
}

}  // namespace
}  // namespace assay
