// The rows "sum ≥ 0" that every plan keeps (certificate.h), as the solvers take them. Shared inside the search only.
#pragma once

#include <vector>

#include "plan/certificate.h"

namespace assay::plan {

struct RowList {
  struct Row {
    std::vector<int> plus;
    int minus = 0;
  };
  int items = 0, goals = 0, ways = 0;  // how many variables of each kind, in this order
  std::vector<Row> rows;

  int variables() const { return items + goals + ways; }
  int goal(int g) const { return items + g; }
  int way(int w) const { return items + goals + w; }
};

// The same by columns, as the solvers load them; every variable from 0 to 1, wanted goals at 1.
struct Columns {
  std::vector<int> starts = {0}, index;  // CoinBigIndex is an int
  std::vector<double> value, low, high, cost, row_low, row_high;
};
Columns columns_of(const Problem& problem, const RowList& list);

RowList rows_of(const Problem& problem);
RowList::Row row_of(const Problem& problem, const RowList& list, const Ring& ring);
// Rings that can be seen before anything is solved: goals that need one another.
std::vector<Ring> rings_of(const Problem& problem);

}  // namespace assay::plan
