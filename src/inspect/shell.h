// Reading shell scripts without running them: the simple commands, with plain variable assignments followed. What
// depends on a run (positional parameters, command substitution) stays as written.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::inspect {

struct Command {
  std::vector<std::string> words;     // quotes taken off, known variables put in
  std::uint64_t at = 0;               // byte offset of its first word in the script
  std::uint64_t size = 0;             // to the end of its last word
  unsigned line = 0;                  // from 1
  std::string function;               // the function it stands in; empty: outside
  std::string label;                  // the innermost case label: "start", "stop|restart"; empty: none
  bool piped = false;                 // its input is the command before it
  bool background = false;            // followed by &
  bool conditional = false;           // behind && or ||, or inside if, for, while, case
  std::vector<std::string> assigned;  // NAME=value before the command, or alone
};

// At most 20 000 commands of the first MiB. Never fails: what cannot be understood gives odd words, not an error.
std::vector<Command> read_shell(std::string_view script);

// "/usr/sbin/telnetd" → "telnetd"
std::string_view base_name(std::string_view path);

}  // namespace assay::inspect
