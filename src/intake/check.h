// Typed reading of the mappings of a dossier: what is missing or of the wrong kind becomes a Problem, and comes back
// empty.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "intake/problem.h"

namespace assay::intake {

inline constexpr std::size_t kLongestText = 16384;
inline constexpr std::size_t kMostItems = 1000;

class Check {
 public:
  Check(SourceFile& file, Problems& problems) : file_(file), problems_(problems) {}

  // Reports every key that is not among `known`, with the nearest that is.
  void keys(const Node& mapping, const std::vector<std::string_view>& known, std::string_view where);
  // False, with a problem, where it is none.
  bool mapping(const Node& node, std::string_view what);
  bool sequence(const Node& node, std::string_view what);

  // The text under `key`; `required`: its absence is an error at `mapping`.
  std::string text(const Node& mapping, std::string_view key, bool required = false);
  std::string word(const Node& mapping, std::string_view key, const std::vector<std::string>& words,
                   bool required = false);
  std::optional<bool> flag(const Node& mapping, std::string_view key);
  std::string date(const Node& mapping, std::string_view key, bool required = false);  // "2030-01-31", a day there is
  // The items of a list of texts; a single text is a list of one.
  std::vector<const Node*> items(const Node& mapping, std::string_view key);
  std::vector<std::string> list(const Node& mapping, std::string_view key);  // their texts

  // One value, whatever its key: the same, without looking it up.
  bool is_text(const Node& value, std::string_view key);
  bool is_word(const Node& value, std::string_view key, const std::vector<std::string>& words);
  bool is_flag(const Node& value, std::string_view key);
  bool is_number(const Node& value, std::string_view key);
  bool is_date(const Node& value, std::string_view key);

  void error(const Node& at, std::string what, std::string caret = {}, std::string hint = {}) {
    problems_.add(Severity::error, file_, at, std::move(what), std::move(caret), std::move(hint));
  }
  void warn(const Node& at, std::string what, std::string caret = {}, std::string hint = {}) {
    problems_.add(Severity::warning, file_, at, std::move(what), std::move(caret), std::move(hint));
  }
  SourceFile& file() { return file_; }
  Problems& problems() { return problems_; }

 private:
  SourceFile& file_;
  Problems& problems_;
};

// true, false, yes and no, written plain.
std::optional<bool> truth(const Node& value);
// "Did you mean 'factor'?", or else `otherwise`.
std::string suggestion(std::string_view word, const std::vector<std::string_view>& known, std::string otherwise);
std::string listed(const std::vector<std::string>& words);  // "a, b or c"

}  // namespace assay::intake
