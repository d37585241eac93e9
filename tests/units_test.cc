// Every unit stands in its table, and every unit has tests: a file that nobody lists is code that never runs.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>

#include "base/data.h"
#include "inspect/detector.h"
#include "unpack/format.h"

namespace assay {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The units of a folder: sources that define a constant of `type`.
std::set<std::string> units_in(const fs::path& folder, const std::string& type) {
  std::set<std::string> out;
  for (const auto& file : fs::directory_iterator(folder)) {
    const std::string name = file.path().filename();
    if (file.path().extension() != ".cc" || name.ends_with("_test.cc")) continue;
    std::istringstream in(text_of(file.path()));
    for (std::string line; std::getline(in, line);) {
      for (const std::string& head :
           {"extern constinit const " + type + " ", "extern const " + type + " ", "constinit const " + type + " "}) {
        if (!line.starts_with(head) || line.find('{') == std::string::npos) continue;
        std::string unit = line.substr(head.size());
        out.insert(unit.substr(0, unit.find_first_of(" {=")));
      }
    }
  }
  return out;
}

void expect_listed(const std::set<std::string>& units, const fs::path& table) {
  ASSERT_FALSE(units.empty()) << table;
  const std::string text = text_of(table);
  for (const std::string& unit : units)
    EXPECT_NE(text.find("&" + unit + ","), std::string::npos) << unit << " does not stand in " << table;
}

TEST(Units, EveryFormatIsInTheTableAndHasACaseOrTest) {
  const fs::path src = fs::path(ASSAY_SOURCE_DIR) / "src/unpack";
  expect_listed(units_in(src / "formats", "Format"), src / "formats.cc");
  std::string tests;
  for (const auto& file : fs::directory_iterator(src / "formats"))
    if (file.path().filename().string().ends_with("_test.cc")) tests += text_of(file.path());
  std::string previous;
  for (const unpack::Format* f : unpack::formats()) {
    const std::string name(f->name);
    EXPECT_LT(previous, name) << "the table is sorted by name";
    previous = name;
    EXPECT_TRUE(f->measure && f->extract) << name;
    EXPECT_FALSE(f->title.empty()) << name;
    EXPECT_FALSE(f->reference.empty()) << name << " does not say where its layout is written down";
    EXPECT_TRUE(fs::exists(fs::path(ASSAY_SOURCE_DIR) / "tests/cases/unpack" / name) ||
                tests.find("\"" + name + "\"") != std::string::npos)
        << name << " has no case and no test";
  }
}

TEST(Units, EveryDetectorIsInTheTableAndHasATest) {
  const fs::path src = fs::path(ASSAY_SOURCE_DIR) / "src/inspect";
  expect_listed(units_in(src / "detectors", "Detector"), src / "detectors.cc");
  std::string previous;
  for (const inspect::Detector* d : inspect::detectors()) {
    const std::string name(d->name);
    EXPECT_LT(previous, name) << "the table is sorted by name";
    previous = name;
    EXPECT_FALSE(d->tables.empty()) << name << " writes no table";
    EXPECT_TRUE(d->file || d->tree || d->part) << name << " looks at nothing";
    EXPECT_TRUE(fs::exists(src / "detectors" / (name + "_test.cc"))) << name << " has no test beside it";
  }
}

TEST(Units, EveryCommandIsInTheTableAndHasAnEndToEndTest) {
  const fs::path src = fs::path(ASSAY_SOURCE_DIR) / "src/cli";
  const std::set<std::string> units = units_in(src / "commands", "Command");
  expect_listed(units, src / "commands.cc");
  std::string scripts;
  for (const auto& file : fs::directory_iterator(fs::path(ASSAY_SOURCE_DIR) / "tests/e2e"))
    scripts += text_of(file.path());
  for (const std::string& unit : units)
    EXPECT_NE(scripts.find("$assay " + unit), std::string::npos) << "no script in tests/e2e runs assay " << unit;
}

TEST(Units, EveryDataFileParses) {
  std::size_t files = 0;
  for (const std::string& name : data::list("")) {
    EXPECT_TRUE(data::file(name).has_value()) << name;
    ++files;
  }
  EXPECT_GT(files, 20u);
}

}  // namespace
}  // namespace assay
