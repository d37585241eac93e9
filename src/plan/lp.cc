#include "plan/lp.h"

#include <coin/Clp_C_Interface.h>

#include <algorithm>
#include <limits>

namespace assay::plan {

struct Lp::Model {
  Clp_Simplex* clp = Clp_newModel();
  ~Model() { Clp_deleteModel(clp); }
};

Lp::Lp(const Problem& problem, const RowList& list)
    : model_(std::make_unique<Model>()), rows_(static_cast<int>(list.rows.size())), columns_(list.variables()) {
  Clp_setLogLevel(model_->clp, 0);
  Clp_scaling(model_->clp, 0);  // every coefficient is 1 or -1
  const Columns c = columns_of(problem, list);
  Clp_loadProblem(model_->clp, columns_, rows_, c.starts.data(), c.index.data(), c.value.data(), c.low.data(),
                  c.high.data(), c.cost.data(), c.row_low.data(), c.row_high.data());
}

Lp::~Lp() = default;

void Lp::range(int variable, double low, double high) {
  Clp_columnLower(model_->clp)[variable] = low;
  Clp_columnUpper(model_->clp)[variable] = high;
}

void Lp::add(const RowList::Row& row) {
  const double low = 0, high = std::numeric_limits<double>::max();
  std::vector<int> columns = row.plus;
  std::vector<double> values(columns.size(), 1.0);
  columns.push_back(row.minus);
  values.push_back(-1.0);
  const CoinBigIndex starts[] = {0, static_cast<CoinBigIndex>(columns.size())};
  Clp_addRows(model_->clp, 1, &low, &high, starts, columns.data(), values.data());
  ++rows_;
}

Lp::Basis Lp::basis() const {
  const unsigned char* status = Clp_statusArray(model_->clp);
  return Basis(status, status + columns_ + rows_);
}

void Lp::start_from(const Basis& basis) {
  Basis whole = basis;
  whole.resize(static_cast<std::size_t>(columns_ + rows_), 1);  // a new row's slack is in the basis
  Clp_copyinStatus(model_->clp, whole.data());
}

Lp::End Lp::solve(int iterations) {
  // The limit of Clp is over all of a model's iterations.
  Clp_setNumberIterations(model_->clp, 0);
  Clp_setMaximumIterations(model_->clp, iterations);
  Clp_dual(model_->clp, 0);
  work_ += (std::int64_t{Clp_getIterationCount(model_->clp)} + 20) * (rows_ + columns_);
  const int status = Clp_status(model_->clp);
  return status == 0 ? End::solved : status == 1 ? End::impossible : End::stopped;
}

const double* Lp::values() const { return Clp_primalColumnSolution(model_->clp); }

std::vector<double> Lp::weights() const {
  const double* duals = Clp_dualRowSolution(model_->clp);
  std::vector<double> out(duals, duals + rows_);
  for (double& weight : out) weight = std::max(weight, 0.0);
  return out;
}

std::vector<double> Lp::ray() const {
  std::vector<double> out;
  double* ray = Clp_infeasibilityRay(model_->clp);
  if (ray == nullptr) return out;
  out.assign(ray, ray + rows_);
  Clp_freeRay(model_->clp, ray);
  return out;
}

}  // namespace assay::plan
