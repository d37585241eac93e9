// Problem: a place in a dossier that is wrong or doubtful, with what would be right. Reading a dossier collects all of
// them; nothing stops at the first.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/node.h"
#include "base/result.h"

namespace assay::intake {

enum class Severity : unsigned char { error, warning, note };
std::string_view name(Severity severity);

struct Problem {
  Severity severity = Severity::error;
  std::string file;          // below the dossier's directory: "ixit/01-auth-mech.yaml"
  std::uint32_t line = 0;    // from 1; 0: the whole file, or a file that is not there
  std::uint32_t column = 0;  // from 1, in characters
  std::uint32_t size = 1;    // how many characters are meant
  std::string what;          // "support_until is not a date"
  std::string caret;         // stands behind the caret: "there is no month 13"; may be empty
  std::string hint;          // what would be right: "Write year-month-day, for example 2030-01-31."
  std::vector<std::pair<std::uint32_t, std::string>> lines;  // the line, and one before and behind it
};

// A value that was written as TODO: nobody has said it yet. It is read as open.
struct Gap {
  Mark mark;
  std::string key;    // "support_until"
  std::string entry;  // id of the entry or row it stands in, or empty
};

// A file of the dossier with its tree. Lives as long as the Dossier.
struct SourceFile {
  std::string name;  // below the dossier's directory
  std::string text;
  std::string sha256;
  Node tree;
  bool read = false;   // it is YAML, within limits
  bool sound = false;  // and no error was found in it
  std::vector<Gap> gaps;
  std::vector<std::string> unconfirmed;  // entries and rows marked `confirmed: no`

  bool is_gap(const Node& node) const;
};

// Collects problems, and gives each its source lines. At most 2000 errors and 1000 others are kept.
class Problems {
 public:
  // About a value: the place is that of `at`, the caret as wide as its text.
  void add(Severity severity, SourceFile& file, const Node& at, std::string what, std::string caret = {},
           std::string hint = {});
  // About a key.
  void add(Severity severity, SourceFile& file, const Node::Member& key, std::string what, std::string caret = {},
           std::string hint = {});
  // About a whole file, or one that is missing.
  void add(Severity severity, std::string file, std::string what, std::string hint = {});
  // What the YAML reader said; `file` need not have a tree.
  void add(SourceFile& file, const Error& error);

  const std::vector<Problem>& all() const { return all_; }
  std::vector<Problem> take() && { return std::move(all_); }

 private:
  void put(Severity severity, SourceFile* file, Mark mark, std::uint32_t size, std::string what, std::string caret,
           std::string hint);

  std::vector<Problem> all_;
  std::size_t errors_ = 0, others_ = 0;
};

// By file, line, column; equal ones once.
void sort_problems(std::vector<Problem>& problems);
bool has_error(const std::vector<Problem>& problems);

// As it is printed, several lines, no line end behind the last. `directory` stands before the file's name. Nothing in
// it can steer a terminal.
std::string show(const Problem& problem, std::string_view directory);

}  // namespace assay::intake
