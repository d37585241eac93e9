// The parent's side of an examination: what a worker sent, held against the tables and against ceilings. A worker that
// hostile bytes took over may send anything.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/collector.h"
#include "app/extract.h"
#include "base/budget.h"
#include "base/bytes.h"
#include "base/result.h"
#include "evidence/evidence.h"
#include "model/fact.h"

namespace assay::app {

class Received {
 public:
  // `image_size` and `limits` say how much an honest worker may lay out with --extract; `extractor` may be null.
  Received(const Ceiling& ceiling, const Limits& limits, std::uint64_t image_size, Extractor* extractor);

  // One frame. Errors of code malformed and limit are the worker's doing; others (a full disk) are not.
  Result<void> take(std::uint8_t kind, Bytes payload);
  // Everything into the evidence. What was taken is given up on the way, so that it is not in memory twice.
  void give(std::string_view artefact, evidence::Evidence& out);

  bool cut = false, time_cut = false;
  std::uint64_t entries = 0, parts = 0, bytes = 0;

 private:
  struct Node {
    std::uint64_t parent;
    std::string format, title, place, status, reason;
    std::uint64_t offset, size;
  };
  struct Ledger {
    std::uint64_t node, offset, size;
    std::string state, reason, entropy;
  };
  Result<void> take_row(std::uint8_t kind, Bytes payload);
  Result<void> take_entry(Bytes payload);
  std::string place_of(const Ledger& row) const { return row.node == 0 ? "" : nodes_[row.node - 1].place; }

  Ceiling ceiling_;
  std::uint64_t most_laid_out_, most_entries_;
  Extractor* extractor_;
  std::uint64_t rows_ = 0, row_bytes_ = 0, laid_out_ = 0, laid_entries_ = 0;
  // As they came, checked, some hundred bytes each; read again in give(). As Facts they would take ten times that.
  std::vector<std::vector<std::string>> facts_;
  std::vector<Unexamined> unexamined_;
  std::vector<Node> nodes_;
  std::vector<Ledger> ledger_;
};

}  // namespace assay::app
