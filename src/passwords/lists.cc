#include "passwords/lists.h"

#include "base/data.h"
#include "base/data_file.h"
#include "base/text.h"

namespace assay::passwords {
namespace {

using std::string;
using std::string_view;

struct Lists {
  std::vector<Constant> constants;
  std::vector<string> alphabets;
  std::vector<NumberedList> numbered;
  std::unordered_map<string, string> defaults;
  std::unordered_set<string_view> common, words;
};

std::vector<string> words_of(const Node& node) {
  std::vector<string> out;
  for (const string_view w : assay::words(node.text())) out.emplace_back(w);
  return out;
}

Result<Lists> read() {
  Lists out;
  {
    const DataFile file("passwords/constants.yaml");
    const Node& root = *ASSAY_TRY(data::file(file.name()));
    ASSAY_TRY(file.keys(root, {"published", "usual", "alphabets"}));
    for (const Node& c : root["published"].items()) {
      ASSAY_TRY(file.keys(c, {"text", "hex", "about"}));
      Constant constant{c["text"].text(), ASSAY_TRY(file.text(c, "about"))};
      if (const string& digits = c["hex"].text(); !digits.empty()) {
        if (digits.size() % 2 || digits.find_first_not_of("0123456789abcdef") != string::npos)
          return file.bad(c["hex"], "'hex' has to be pairs of hexadecimal digits in small letters");
        for (std::size_t i = 0; i < digits.size(); i += 2)
          constant.bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
      }
      if (constant.bytes.empty()) return file.bad(c, "a constant has 'text' or 'hex'");
      out.constants.push_back(std::move(constant));
    }
    for (string& w : words_of(root["usual"])) out.constants.push_back({std::move(w), {}});
    for (const Node& a : root["alphabets"].items()) {
      const string& text = a.text();
      if (text.size() < 2 || std::unordered_set<char>(text.begin(), text.end()).size() != text.size())
        return file.bad(a, "an alphabet has different characters, two at least");
      out.alphabets.push_back(text);
    }
  }
  for (const char* name : {"passwords/common.yaml", "passwords/words.yaml"}) {
    const DataFile file(name);
    const Node& root = *ASSAY_TRY(data::file(name));
    ASSAY_TRY(file.keys(root, {"about", "source", "licence", "words", "numbered"}));
    auto& into = file.name() == "passwords/common.yaml" ? out.common : out.words;
    // The text of a data file lives as long as the process.
    for (const string_view w : assay::words(root["words"].text())) into.insert(w);
    for (const Node& list : root["numbered"].items()) {
      ASSAY_TRY(file.keys(list, {"name", "source", "licence", "words"}));
      for (const string_view w : assay::words(list["words"].text())) out.words.insert(w);
      out.numbered.push_back({ASSAY_TRY(file.text(list, "name")), words_of(list["words"])});
    }
  }
  for (const string& name : data::list("credentials/")) {
    const Node& root = *ASSAY_TRY(data::file(name));
    for (const Node& pair : root["pairs"].items())
      if (pair.items().size() == 2 && !pair.items()[1].text().empty())
        out.defaults.emplace(pair.items()[1].text(), root["list"].text());
  }
  return out;
}

Lists& lists() {
  static Lists all;
  return all;
}

}  // namespace

Result<void> load_lists() {
  static bool done = false;
  if (!done) lists() = ASSAY_TRY(read());
  done = true;
  return {};
}

const std::vector<Constant>& known_constants() { return lists().constants; }
const std::vector<string>& known_alphabets() { return lists().alphabets; }
const std::vector<NumberedList>& numbered_lists() { return lists().numbered; }
string_view default_list(string_view password) {
  const auto it = lists().defaults.find(string(password));
  return it == lists().defaults.end() ? string_view() : string_view(it->second);
}
bool is_common(string_view small) { return lists().common.contains(small); }
bool is_word(string_view small) { return lists().words.contains(small); }

}  // namespace assay::passwords
