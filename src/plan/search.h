// The search: CBC finds a cheap choice, then a tree of cases with bounds from linear programs shows that nothing costs
// less. Whatever the solvers say, only what check() can verify goes into the certificate.
#pragma once

#include <cstdint>

#include "plan/certificate.h"

namespace assay::plan {

// Counted in steps, not seconds, so that the same problem gets the same answer on every machine.
struct Effort {
  std::int64_t nodes = 400'000;     // of CBC, times rows
  int cases = 20'000;               // of our tree
  std::int64_t work = 300'000'000;  // of the simplex method in our tree: iterations times rows and variables
};

// The cheapest choice and why. Where the effort does not suffice, `proves` lies below the cost: the gap is open. An
// Error where the problem is not sound, or where a wanted goal cannot be reached by any ways (its name is in the text).
Result<Certificate> solve(const Problem& problem, const Effort& effort = {});

}  // namespace assay::plan
