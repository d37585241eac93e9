// Gaps: what a dossier leaves to be said, and says so. `TODO` in place of a value is read as open, never as a claim;
// `confirmed: no` in a table, an entry or an ICS row says that it is a suggestion which nobody has confirmed.
#pragma once

#include "intake/dossier.h"

namespace assay::intake {

// Takes every TODO out of the file's tree (it becomes open) and notes it in SourceFile::gaps. A list with a TODO in it
// is open as a whole; only of `entries`, the others stay.
void take_gaps(SourceFile& file);

// A warning a file: what is not confirmed, and what is still to be said.
void report_gaps(const Dossier& dossier, Problems& problems);

}  // namespace assay::intake
