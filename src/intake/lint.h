// Lint: everything that reading a dossier finds, and what only shows when its parts are held against each other:
// references that lead nowhere, ids given twice, ICS answers against the catalogue and against the IXIT tables.
#pragma once

#include <filesystem>
#include <vector>

#include "base/result.h"
#include "intake/dossier.h"

namespace assay::intake {

// All problems, sorted. An error only where there is no directory to read.
Result<std::vector<Problem>> lint(const std::filesystem::path& directory);
// The same for a dossier that is read already.
Result<std::vector<Problem>> lint(const Dossier& dossier);

}  // namespace assay::intake
