// The includes of src/ equal the picture in ARCHITECTURE.md: a folder includes only what stands below it.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>

namespace {

namespace fs = std::filesystem;

// Folder → what it may include beside itself.
const std::map<std::string, std::set<std::string>> kPicture = {
    {"base", {}},
    {"model", {"base"}},
    {"parse", {"base"}},
    {"evidence", {"base", "model"}},
    {"catalogue", {"base", "model"}},
    {"unpack", {"base", "model", "parse", "evidence", "catalogue"}},
    {"inspect", {"base", "model", "parse", "evidence", "catalogue"}},
    {"intake", {"base", "model", "parse", "evidence", "catalogue"}},
    {"judge", {"base", "model", "parse", "evidence", "catalogue"}},
    {"scheme", {"base", "model", "parse", "evidence", "catalogue"}},
    {"crosswalk", {"base", "model", "parse", "evidence", "catalogue"}},
    {"plan", {"base", "model", "parse", "evidence", "catalogue"}},
    {"begin", {"base", "model", "parse", "evidence", "catalogue"}},
    {"passwords", {"base", "model", "parse", "evidence", "catalogue"}},
    {"report", {"base", "model", "parse", "evidence", "catalogue"}},
    {"app",
     {"base", "model", "parse", "evidence", "catalogue", "unpack", "inspect", "intake", "judge", "scheme", "crosswalk",
      "plan", "begin", "passwords", "report"}},
    {"cli", {"base", "model", "evidence", "app"}},
};

TEST(Layers, IncludesEqualThePicture) {
  const fs::path src = fs::path(ASSAY_SOURCE_DIR) / "src";
  std::size_t includes = 0;
  for (const auto& file : fs::recursive_directory_iterator(src)) {
    const std::string extension = file.path().extension();
    if (extension != ".cc" && extension != ".h") continue;
    const std::string name = file.path().lexically_relative(src).generic_string();
    const std::string folder = name.substr(0, name.find('/'));
    const auto allowed = kPicture.find(folder);
    ASSERT_NE(allowed, kPicture.end()) << "the folder of " << name << " is not in the picture";
    std::ifstream in(file.path());
    for (std::string line; std::getline(in, line);) {
      if (!line.starts_with("#include \"")) continue;
      const std::string target = line.substr(10, line.find('"', 10) - 10);
      const std::string other = target.substr(0, target.find('/'));
      EXPECT_TRUE(kPicture.contains(other)) << name << " includes " << target << ": name it from src/";
      ++includes;
      EXPECT_TRUE(other == folder || allowed->second.contains(other))
          << name << " includes " << target << ", which the picture does not allow";
      EXPECT_TRUE(fs::exists(src / target)) << name << " includes " << target << ", which does not exist";
    }
  }
  EXPECT_GT(includes, 200u);
}

// Libraries that cost seconds of compiling stay in one source file each.
TEST(Layers, HeavyHeadersStayInOneFile) {
  const fs::path src = fs::path(ASSAY_SOURCE_DIR) / "src";
  std::map<std::string, std::set<std::string>> users;
  for (const auto& file : fs::recursive_directory_iterator(src)) {
    if (!file.is_regular_file() || file.path().filename().string().ends_with("_test.cc")) continue;
    std::ifstream in(file.path());
    for (std::string line; std::getline(in, line);)
      for (const char* heavy : {"<CLI/CLI.hpp>", "<archive.h>", "<seccomp.h>", "<yaml.h>", "<crypt.h>"})
        if (line.find(std::string("#include ") + heavy) == 0) users[heavy].insert(file.path().filename());
  }
  EXPECT_FALSE(users.empty());
  for (const auto& [header, files] : users)
    EXPECT_EQ(files.size(), 1u) << header << " is included in " << files.size() << " files";
}

}  // namespace
