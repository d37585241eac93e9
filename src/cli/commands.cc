#include "cli/command.h"

namespace assay::cli {

// A line each, so that two people who add one do not collide.
// clang-format off
extern const Command
    assess,
    completion,
    data,
    decide,
    formats,
    guidance,
    guide,
    init,
    judge,
    lint,
    manual,
    map,
    observe,
    plan,
    passwords,
    query,
    rules,
    scan,
    schemes,
    standards,
    tables,
    verdict;

std::span<const Command* const> commands() {
  // In the order in which a newcomer meets them.
  static constexpr const Command* kCommands[] = {
      &init,
      &assess,
      &scan,
      &passwords,
      &lint,
      &judge,
      &verdict,
      &observe,
      &plan,
      &decide,
      &query,
      &tables,
      &rules,
      &standards,
      &schemes,
      &map,
      &guide,
      &guidance,
      &data,
      &formats,
      &completion,
      &manual,
  };
  return kCommands;
}
// clang-format on

}  // namespace assay::cli
