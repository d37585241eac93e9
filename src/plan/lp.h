// The linear program behind a case: Clp's dual simplex method, warm from the case above. The only user of Clp's header
// is lp.cc.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "plan/rows.h"

namespace assay::plan {

class Lp {
 public:
  Lp(const Problem& problem, const RowList& rows);
  ~Lp();
  Lp(const Lp&) = delete;
  Lp& operator=(const Lp&) = delete;

  void range(int variable, double low, double high);
  void add(const RowList::Row& row);

  using Basis = std::vector<unsigned char>;
  Basis basis() const;
  void start_from(const Basis& basis);  // an older one may lack the rows that came later

  enum class End : unsigned char { solved, impossible, stopped };
  End solve(int iterations);
  const double* values() const;                // of the variables
  std::vector<double> weights() const;         // of the rows, not below 0
  std::vector<double> ray() const;             // of an impossible case: weights that show it, in either sign
  std::int64_t work() const { return work_; }  // so far: iterations, and some for each start, times rows and variables

 private:
  struct Model;
  std::unique_ptr<Model> model_;
  int rows_, columns_;
  std::int64_t work_ = 0;
};

}  // namespace assay::plan
