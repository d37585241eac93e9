// Examines the passwords of a batch: everything there is, in the order in which it is cheap.
#pragma once

#include <string>
#include <vector>

#include "passwords/randomness.h"
#include "passwords/search.h"

namespace assay::passwords {

struct Examination {
  std::string artefact;  // SHA-256 of the file
  Entropy entropy;
  std::vector<Finding> findings;  // what breaks most first
  Searched searched;
  std::vector<std::string> classes;  // by unit: default-list, derived, weak, unknown
  std::vector<std::string> digests;  // by unit: keyed with the file, equal only for equal passwords of it
  bool breaks() const;
};

// An Error only where our own data cannot be read.
Result<Examination> examine(const Batch& batch, std::string_view file, const SearchOptions& options);

}  // namespace assay::passwords
