// assay assess: everything in a dossier, to verdicts, conformity and a report. And what goes on with the result
// afterwards: judging again, a person's verdict, what a person saw.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/examine.h"
#include "base/clock.h"
#include "evidence/evidence.h"
#include "intake/persons.h"
#include "model/assessment.h"

namespace assay::app {

struct AssessOptions {
  std::filesystem::path dossier;
  std::filesystem::path out;         // empty: dossier/out
  std::string firmware;              // name of a firmware in the dossier; empty: the newest
  std::string edition = "2.1.1";     // of EN 303 645
  std::vector<std::string> markets;  // empty: those of the dossier, or all
  Date at;
  ExamineOptions examine;
  std::string command, assay_version;
};

struct Assessed {
  Assessment assessment;
  evidence::Evidence evidence;
  std::vector<std::string> remarks;  // for standard error
  std::vector<std::string> written;  // directory, then names
  std::string next;                  // the command to try next
};

// Examines, judges, decides and writes report.html, assessment.json and evidence.db. An Error where the dossier cannot
// be read (its text is the first mistake as lint shows it, and nothing is written) or a file cannot be.
Result<Assessed> assess(const AssessOptions& options);
// The same from OUT/evidence.db, without examining; the claims and persons' records are read from the dossier as it is
// now.
Result<Assessed> judge_again(const AssessOptions& options);

// How it is printed (report/report.h).
std::string assessed_json(const Assessed& assessed);
std::string assessed_text(const Assessed& assessed, const AssessOptions& options, bool colour, bool unicode);

// `--fail-on`: whether the condition is met. "fail": a provision fails or a level is not conformed to; "residual": or a
// level is anything but conforms.
bool fails_on(const Assessment& assessment, std::string_view condition);

// `assay verdict`: fills in the digest of what is shown now, and appends. `unit` may be short ("5.6-1-2.b"). Returns
// the file.
struct Recorded {
  std::filesystem::path file;
  std::string unit;   // as recorded
  std::string shows;  // what the person was shown: rule, machine verdict, rows
};
Result<Recorded> record_verdict(const AssessOptions& options, intake::PersonRecord record);
// `assay observe`.
Result<std::filesystem::path> record_observation(const std::filesystem::path& dossier,
                                                 const intake::PersonRecord& record);

}  // namespace assay::app
