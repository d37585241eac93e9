// Command: what a person types. One file in commands/, one line in commands.cc. Help, completion and the manual page
// come from here.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace assay::cli {

// Exit statuses (docs/exit-status.md).
inline constexpr int kDone = 0;
inline constexpr int kRefused = 1;  // done, and --fail-on was met; or lint, verify, statement refused
inline constexpr int kUsage = 2;
inline constexpr int kInput = 3;  // an input could not be read or is invalid
inline constexpr int kInternal = 4;

// What a command asks for on the command line. Targets live as long as the closure that declare() returns.
class Options {
 public:
  virtual ~Options() = default;
  virtual Options& argument(std::string_view name, std::string& target, std::string_view help,
                            bool required = true) = 0;
  virtual Options& arguments(std::string_view name, std::vector<std::string>& target, std::string_view help,
                             bool required = true) = 0;
  // "--out", "PATH"; `words`: what it may be, for checks, help and completion; empty: anything.
  virtual Options& text(std::string_view flag, std::string_view value, std::string& target, std::string_view help,
                        const std::vector<std::string>& words = {}) = 0;
  // A flag that may be given several times.
  virtual Options& texts(std::string_view flag, std::string_view value, std::vector<std::string>& target,
                         std::string_view help) = 0;
  virtual Options& number(std::string_view flag, std::string_view value, unsigned& target, std::string_view help) = 0;
  virtual Options& flag(std::string_view flag, bool& target, std::string_view help) = 0;
  // --format text|json|csv (and --table NAME where csv has several).
  virtual Options& formats(bool csv, bool several_tables = false) = 0;
};

enum class Format : unsigned char { text, json, csv };

// How results leave the program. Results go to standard output, everything else to standard error.
struct Context {
  Format format = Format::text;
  std::string table;  // --table
  bool quiet = false;
  bool colour = false;          // standard output is a terminal that may be coloured
  bool unicode = true;          // shapes; else ASCII
  bool terminal_error = false;  // standard error is a terminal: progress may be shown
  std::string command_line;     // as typed, for reports

  // Progress: one line written over, only on a terminal, only once two seconds have passed. An empty line wipes it.
  void progress(const std::string& line) const;
  void note(const std::string& line) const;  // to standard error, unless --quiet
};

struct Command {
  std::string_view name;
  std::string_view title;     // one line for the list of commands
  std::string_view about;     // paragraphs for its own help
  std::string_view examples;  // lines "assay scan firmware.bin"
  std::function<Result<int>(Context&)> (*declare)(Options& options) = nullptr;
  bool listed = true;
};

std::span<const Command* const> commands();  // in the order in which a newcomer meets them

// An error and its hint, to standard error.
void show(const Error& error);

// Writes to standard output. Where nobody reads it any more, the program ends there, quietly, by SIGPIPE (status 141 in
// a shell), as filters do; what was written to files before is whole.
Result<void> print(std::string_view text);

}  // namespace assay::cli
