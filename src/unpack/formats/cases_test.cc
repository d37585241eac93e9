// Runs the folders of tests/cases/unpack that have an input.hex: NAME or NAME-ABOUT, where NAME is a format. input.hex
// is what it is given, `expected` what it made of it. ASSAY_UPDATE_EXPECTED=1 writes the expected files anew; read the
// difference like any code.
#include <filesystem>

#include "base/text.h"
#include "unpack/formats/unit_testing.h"

namespace assay::unpack {
namespace {

namespace fs = std::filesystem;

// Pairs of hex digits; white space and what follows '#' on a line do not count. "00*512" is a byte as often as said.
std::vector<std::uint8_t> read_hex(std::string_view text) {
  std::vector<std::uint8_t> out;
  int high = -1;
  bool comment = false;
  std::size_t times = 0;
  bool repeating = false;
  const auto end_repeat = [&] {
    if (repeating && times > 0 && times <= (1u << 20) && !out.empty()) out.insert(out.end(), times - 1, out.back());
    repeating = false;
  };
  for (const char c : text) {
    if (repeating && is_digit(c)) {
      times = times * 10 + static_cast<std::size_t>(c - '0');
      continue;
    }
    end_repeat();
    if (c == '*' && !comment) {
      repeating = true;
      times = 0;
      continue;
    }
    if (c == '#') comment = true;
    if (c == '\n') comment = false;
    if (comment || is_space(c)) continue;
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (digit < 0) {
      ADD_FAILURE() << "not a hex digit: " << c;
      return out;
    }
    if (high < 0) {
      high = digit;
    } else {
      out.push_back(static_cast<std::uint8_t>(high << 4 | digit));
      high = -1;
    }
  }
  end_repeat();
  EXPECT_LT(high, 0) << "an odd number of digits";
  return out;
}

std::string describe(const testing::Taken& t) {
  if (!t.extent) return "not this format: " + t.extent.error().text() + "\n";
  std::string out = "title: " + (t.out.title_text.empty() ? t.extent->title : t.out.title_text) + "\n";
  out += t.used ? "bytes: " + std::to_string(*t.used) + "\n" : "failed: " + t.used.error().text() + "\n";
  for (const auto& p : t.out.parts)
    out += "part: " + p.name + ", " + std::to_string(p.bytes.size()) + " bytes" +
           (p.in_place ? " at " + std::to_string(p.at) : ", unpacked") + ", sha256 " +
           sha256_hex(as_bytes(p.bytes)).substr(0, 16) + "\n";
  for (const auto& i : t.out.entries) {
    const Entry& e = i.entry;
    char mode[16];
    std::snprintf(mode, sizeof(mode), "%04o", e.mode);
    out += "entry: " + std::string(name(e.type)) + " " + mode + " " + std::to_string(e.uid) + ":" +
           std::to_string(e.gid) + " " + e.path;
    if (!e.target.empty()) out += " -> " + e.target;
    if (e.type == EntryType::file)
      out +=
          ", " + std::to_string(i.content.size()) + " bytes, sha256 " + sha256_hex(as_bytes(i.content)).substr(0, 16);
    if (e.type == EntryType::block_device || e.type == EntryType::char_device)
      out += ", " + std::to_string(e.major) + ":" + std::to_string(e.minor);
    if (!e.xattrs.empty()) out += ", xattrs " + e.xattrs;
    out += "\n";
  }
  for (const auto& r : t.out.refusals) out += "refused: " + r.what + ": " + r.why + "\n";
  return out;
}

TEST(Cases, formats_make_of_them_what_is_expected) {
  const fs::path root = ASSAY_SOURCE_DIR "/tests/cases/unpack";
  std::set<fs::path> folders;
  for (const auto& folder : fs::directory_iterator(root))
    if (fs::exists(folder.path() / "input.hex")) folders.insert(folder.path());
  ASSERT_FALSE(folders.empty());
  for (const fs::path& folder : folders) {
    SCOPED_TRACE(folder.filename().string());
    const std::string name = folder.filename().string();
    // The longest format whose name the folder's begins with.
    const Format* format = nullptr;
    for (const Format* f : formats())
      if (name == f->name || (name.starts_with(f->name) && name[f->name.size()] == '-'))
        if (!format || f->name.size() > format->name.size()) format = f;
    if (!format) {
      ADD_FAILURE() << "no format has this folder's name";
      continue;
    }
    const auto hex = read_file(folder / "input.hex", 1 << 20);
    ASSERT_TRUE(hex) << hex.error().text();
    const std::vector<std::uint8_t> input = read_hex(*hex);
    const std::string made = describe(testing::take(*format, input));
    if (std::getenv("ASSAY_UPDATE_EXPECTED")) {
      const auto written = write_file(folder / "expected", made);
      ASSERT_TRUE(written);
    }
    const auto expected = read_file(folder / "expected", 1 << 20);
    ASSERT_TRUE(expected) << expected.error().text();
    EXPECT_FALSE(expected->empty()) << "an empty expected file states nothing";
    EXPECT_EQ(made, *expected);
    EXPECT_TRUE(fs::exists(folder / "README.md")) << "it has to say where the input came from";
    testing::check_truncations(*format, input);
  }
}

}  // namespace
}  // namespace assay::unpack
