// What persons said of units: the records of `assay verdict`, as rows of `person`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.h"
#include "evidence/evidence.h"
#include "model/assessment.h"

namespace assay::judge {

class Persons {
 public:
  Persons(const evidence::Evidence& evidence, const catalogue::Edition& edition);

  struct Said {
    PersonVerdict verdict;
    std::string unit, entry;  // as recorded; entry empty: the whole unit
    std::string shown;        // the digest of what they saw
  };
  // For an entry: the latest record for it or for the whole unit; of several on one day the worst. `entry` empty: only
  // the whole unit's. A record that saw something else than `shown` is stale.
  std::optional<Said> on(const catalogue::Unit& unit, std::string_view entry, std::string_view shown) const;

 private:
  std::string edition_;
  std::vector<Said> all_;
};

}  // namespace assay::judge
