#include "app/firmware_strings.h"

#include <stdlib.h>

#include <algorithm>
#include <set>
#include <unordered_set>

#include <fmt/format.h>

#include "base/file.h"
#include "base/text.h"

namespace assay::app {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostBytes = std::uint64_t{512} << 20;
constexpr std::size_t kShortest = 4, kLongest = 40, kMostAlphabets = 40;

// A directory that goes away with it.
struct Scratch {
  fs::path path;
  ~Scratch() {
    std::error_code error;
    if (!path.empty()) fs::remove_all(path, error);
  }
};

// Files that make or know keys speak of it.
bool tells(std::string_view bytes) {
  for (const std::string_view word : {"md5", "MD5", "sha1", "SHA1", "sha256", "SHA256", "wpa_passphrase", "passphrase",
                                      "crc32", "default_key", "defaultpass", "factory_pass"})
    if (bytes.find(word) != std::string_view::npos) return true;
  return false;
}

bool is_alphabet(std::string_view t) {
  return t.size() >= 10 && t.size() <= 64 && std::all_of(t.begin(), t.end(), is_alnum) &&
         std::set<char>(t.begin(), t.end()).size() == t.size();
}

}  // namespace

Result<FirmwareStrings> firmware_strings(const fs::path& image, const ExamineOptions& options) {
  FirmwareStrings out;
  std::string pattern = (fs::temp_directory_path() / "assay-strings-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr)
    return fail(Error{Errc::io, "a temporary directory cannot be made", pattern, {}, {}});
  Scratch scratch{pattern};
  ExamineOptions examine = options;
  examine.extract = scratch.path / "tree";
  evidence::Evidence evidence;
  const Examined examined = ASSAY_TRY(examine_firmware(image, examine, evidence));
  out.remarks = examined.remarks;

  std::vector<fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator it(scratch.path, error), end; !error && it != end; it.increment(error))
    if (it->is_regular_file(error) && !it->is_symlink(error)) files.push_back(it->path());
  std::sort(files.begin(), files.end());
  files.push_back(image);  // last: most of what looks like text in a compressed image is none

  // Two rounds: files that speak of digests and keys first.
  std::unordered_set<std::string> seen;
  std::uint64_t bytes = 0;
  for (const bool telling : {true, false})
    for (const fs::path& path : files) {
      const auto file = MappedFile::open(path);
      if (!file || file->bytes().empty()) continue;
      const std::string_view content = as_text(file->bytes());
      if (tells(content) != telling) continue;
      if ((bytes += content.size()) > kMostBytes) {
        out.all = false;
        return out;
      }
      for (std::size_t i = 0; i < content.size();) {
        std::size_t j = i;
        while (j < content.size() && content[j] >= 0x20 && content[j] <= 0x7e) ++j;
        const std::string_view text = content.substr(i, j - i);
        i = j + 1;
        if (text.size() < kShortest || text.size() > 64) continue;
        if (out.alphabets.size() < kMostAlphabets && is_alphabet(text) &&
            std::find(out.alphabets.begin(), out.alphabets.end(), text) == out.alphabets.end())
          out.alphabets.emplace_back(text);
        if (text.size() > kLongest || !seen.insert(std::string(text)).second) continue;
        if (out.constants.size() == kMostConstants) {
          out.all = false;
          return out;
        }
        out.constants.emplace_back(text);
      }
    }
  return out;
}

}  // namespace assay::app
