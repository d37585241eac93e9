#include "plan/optimum.h"

#include <coin/Cbc_C_Interface.h>

#include <memory>

namespace assay::plan {

std::vector<int> ask_cbc(const Problem& problem, const RowList& list, int nodes, const Choice& start) {
  const Columns c = columns_of(problem, list);
  const std::unique_ptr<Cbc_Model, void (*)(Cbc_Model*)> model(Cbc_newModel(), Cbc_deleteModel);
  Cbc_setLogLevel(model.get(), 0);
  Cbc_loadProblem(model.get(), list.variables(), static_cast<int>(list.rows.size()), c.starts.data(), c.index.data(),
                  c.value.data(), c.low.data(), c.high.data(), c.cost.data(), c.row_low.data(), c.row_high.data());
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
