// Reading ics.yaml and ixit/*.yaml into a Dossier.
#pragma once

#include "intake/dossier.h"

namespace assay::intake {

inline constexpr std::size_t kMostEntries = 20'000;  // of all tables together

void read_ics(std::size_t file, Dossier& dossier, Problems& problems);
void read_ixit(std::size_t file, Dossier& dossier, Problems& problems);

// Rows of the claims, for add_claims().
void add_ics_rows(const Dossier& dossier, evidence::Evidence& evidence, Unconfirmed unconfirmed);
void add_entry_rows(const Dossier& dossier, evidence::Evidence& evidence, Unconfirmed unconfirmed);

}  // namespace assay::intake
