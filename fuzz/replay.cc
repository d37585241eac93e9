// replay CORPUS: runs every file of CORPUS/UNIT/ through its unit, in the ordinary build and under its sanitizers. A
// unit without a single input, or a folder without a unit, is an error: a corpus that nobody runs proves nothing.
#include <cstdio>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "base/file.h"
#include "units.h"

int main(int argc, char** argv) {
  namespace fs = std::filesystem;
  if (argc != 2) {
    std::fprintf(stderr, "usage: replay CORPUS\n");
    return 2;
  }
  const fs::path corpus = argv[1];
  int inputs = 0, units = 0, wrong = 0;
  std::set<std::string> known;
  for (const std::string& unit : assay::fuzz::unit_names()) {
    known.insert(unit);
    std::error_code error;
    std::set<fs::path> files;
    for (const auto& file : fs::directory_iterator(corpus / unit, error))
      if (file.is_regular_file()) files.insert(file.path());
    if (files.empty()) {
      std::fprintf(stderr, "%s: no inputs in %s\n", unit.c_str(), (corpus / unit).c_str());
      ++wrong;
      continue;
    }
    ++units;
    for (const fs::path& path : files) {
      const auto content = assay::read_file(path, std::uint64_t{16} << 20);
      if (!content) {
        std::fprintf(stderr, "%s: %s\n", path.c_str(), content.error().text().c_str());
        ++wrong;
        continue;
      }
      // A crash says which input it was.
      if (std::getenv("ASSAY_REPLAY_VERBOSE")) std::fprintf(stderr, "%s\n", path.c_str());
      // A copy of just its size, so that a read behind its end is seen.
      const std::vector<std::uint8_t> bytes(content->begin(), content->end());
      assay::fuzz::run_unit(unit, bytes);
      ++inputs;
    }
  }
  std::error_code error;
  for (const auto& folder : fs::directory_iterator(corpus, error))
    if (folder.is_directory() && !known.contains(folder.path().filename().string())) {
      std::fprintf(stderr, "%s: no unit has this name\n", folder.path().c_str());
      ++wrong;
    }
  std::printf("%d inputs of %d units replayed\n", inputs, units);
  return wrong > 0 || inputs == 0 ? 1 : 0;
}
