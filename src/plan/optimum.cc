#include "plan/optimum.h"

#include <coin/Cbc_C_Interface.h>

#include <limits>
#include <memory>

namespace assay::plan {

std::vector<int> ask_cbc(const Problem& problem, const RowList& list, int nodes, const Choice& start) {
  const auto columns = static_cast<std::size_t>(list.variables());
  std::vector<std::vector<std::pair<int, double>>> by_column(columns);
  for (std::size_t r = 0; r < list.rows.size(); ++r) {
    for (const int v : list.rows[r].plus) by_column[static_cast<std::size_t>(v)].emplace_back(static_cast<int>(r), 1.0);
    by_column[static_cast<std::size_t>(list.rows[r].minus)].emplace_back(static_cast<int>(r), -1.0);
  }
  std::vector<CoinBigIndex> starts = {0};
  std::vector<int> index;
  std::vector<double> value, low(columns, 0), high(columns, 1), cost(columns, 0);
  for (const auto& column : by_column) {
    for (const auto& [row, coefficient] : column) {
      index.push_back(row);
      value.push_back(coefficient);
    }
    starts.push_back(static_cast<CoinBigIndex>(index.size()));
  }
  for (std::size_t i = 0; i < problem.items.size(); ++i) cost[i] = static_cast<double>(problem.items[i].cost);
  for (std::size_t g = 0; g < problem.goals.size(); ++g)
    if (problem.goals[g].wanted) low[static_cast<std::size_t>(list.goal(static_cast<int>(g)))] = 1;
  const std::vector<double> row_low(list.rows.size(), 0),
      row_high(list.rows.size(), std::numeric_limits<double>::max());

  const std::unique_ptr<Cbc_Model, void (*)(Cbc_Model*)> model(Cbc_newModel(), Cbc_deleteModel);
  Cbc_setLogLevel(model.get(), 0);
  Cbc_loadProblem(model.get(), list.variables(), static_cast<int>(list.rows.size()), starts.data(), index.data(),
                  value.data(), low.data(), high.data(), cost.data(), row_low.data(), row_high.data());
  // Once the ways are whole, so are the cheapest items and goals.
  for (int w = 0; w < list.ways; ++w) Cbc_setInteger(model.get(), list.way(w));
  Cbc_setMaximumNodes(model.get(), nodes);
  // The rows are tight already, and the tree of ours improves what is found: more than branching costs more than it
  // brings (500 requirements, 200 routes: 19 s with everything on, 3.5 s so).
  for (const char* part : {"cuts", "heuristics", "preprocess"}) Cbc_setParameter(model.get(), part, "off");
  if (!start.ways.empty()) {
    std::vector<int> which;
    std::vector<double> ones;
    for (int w = 0; w < list.ways; ++w) {
      which.push_back(list.way(w));
      ones.push_back(0);
    }
    for (const int w : start.ways) ones[static_cast<std::size_t>(w)] = 1;
    Cbc_setMIPStartI(model.get(), static_cast<int>(which.size()), which.data(), ones.data());
  }
  Cbc_solve(model.get());
  std::vector<int> out;
  if (const double* best = Cbc_bestSolution(model.get()))
    for (int w = 0; w < list.ways; ++w)
      if (best[list.way(w)] > 0.5) out.push_back(w);
  return out;
}

}  // namespace assay::plan
