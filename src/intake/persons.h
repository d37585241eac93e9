// What persons saw and decided about a product: persons/*.yaml of its dossier. `assay verdict` and `assay observe`
// append records; nothing here is ever changed or taken away.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "intake/problem.h"

namespace assay::intake {

struct PersonRecord {
  enum class Kind : unsigned char {
    verdict,      // on a unit, or one entry of it
    observation,  // a fact somebody saw: a row of `table` with `values`, or only `value` in words
    scope,        // somebody looked: an `examined` row for `table` with `scope`
    close,        // somebody sets a row of `unexamined` or `examined` aside
  };
  Kind kind = Kind::verdict;
  std::string by, date, reason;                             // all three required
  std::string evidence;                                     // file below the dossier's directory, or empty
  std::string unit;                                         // "ts103701:1.1.1:5.6-1-2.b"
  std::string entry;                                        // of the unit; empty: the whole unit
  std::string value;                                        // pass, fail, inconclusive; or what was seen, in words
  std::string rows_digest;                                  // of what was shown
  std::vector<std::string> overrules;                       // row ids
  std::string closes;                                       // id of the row set aside
  std::string table;                                        // of an observation or a look
  std::vector<std::pair<std::string, std::string>> values;  // column, value: of an observation
  std::string scope;                                        // of a look: JSON object
  std::string file;                                         // where it stands: "persons/r-okafor.yaml"
  std::uint32_t line = 0;
};
std::string_view name(PersonRecord::Kind kind);

// Reads the records of one file; what is wrong becomes a problem and is left out.
std::vector<PersonRecord> read_records(SourceFile& file, Problems& problems);

// Appends a record to persons/NAME.yaml, NAME made of `by`; written beside and renamed, so that a reader sees all or
// nothing of it, and locked, so that two writers follow each other. The record is checked as reading would. Returns the
// file's path.
Result<std::filesystem::path> append_record(const std::filesystem::path& directory, const PersonRecord& record);

}  // namespace assay::intake
