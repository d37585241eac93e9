#include "cli/command.h"

namespace assay::cli {

extern const Command assess, completion, decide, formats, guidance, judge, lint, manual, observe, query, rules, scan,
    tables, verdict;

std::span<const Command* const> commands() {
  // One command a line, in the order in which a newcomer meets them.
  static constexpr const Command* kCommands[] = {
      &assess, &scan,   &lint,  &judge,   &verdict,  &observe,    &decide,
      &query,  &tables, &rules, &formats, &guidance, &completion, &manual,
  };
  return kCommands;
}

}  // namespace assay::cli
