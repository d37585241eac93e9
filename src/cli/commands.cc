#include "cli/command.h"

namespace assay::cli {

extern const Command assess, decide, formats, lint, query, scan, tables, completion;

std::span<const Command* const> commands() {
  // One command a line, in the order in which a newcomer meets them.
  static constexpr const Command* kCommands[] = {
      &scan,
      &query,
      &tables,
      &formats,
      &completion,
  };
  return kCommands;
}

}  // namespace assay::cli
