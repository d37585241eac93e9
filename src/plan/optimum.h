// CBC: the cheapest ways, as far as it says. The only user of its header is optimum.cc.
#pragma once

#include <vector>

#include "plan/rows.h"

namespace assay::plan {

// Ways in CBC's best answer (rings may be among them); empty where it has none within `nodes`. `start`: a choice to
// begin with.
std::vector<int> ask_cbc(const Problem& problem, const RowList& rows, int nodes, const Choice& start);

}  // namespace assay::plan
