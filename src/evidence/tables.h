// The documented tables: what every column means, in which unit. The evidence database, the JSON of `assay scan`,
// `assay tables` and docs/evidence.md all come from here. Claim tables (ics, ixit_1 …) come from
// data/standards/ixit.yaml through claims.h.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::evidence {

enum class Type : unsigned char { text, integer, real };

struct Column {
  std::string name;
  Type type = Type::text;
  bool coded = false;   // a word of a list: NOT NULL, 'unknown' where nobody knows
  std::string meaning;  // with the unit, where there is one
};

enum class Kind : unsigned char {
  fact,      // what an examiner saw: has the common columns
  coverage,  // artefact, examined, unexamined
  claim,     // what the dossier declares
  record,    // what belongs to the others: excerpts, meta
};

struct Table {
  std::string name;
  Kind kind = Kind::fact;
  std::string meaning;          // "a row is …"
  std::vector<Column> columns;  // all, in order, the common ones included

  std::optional<std::size_t> column(std::string_view name) const;
};

// Sources of a fact, in the order of rules.md.
inline constexpr std::string_view kSources[] = {"firmware", "app",      "capture", "probe", "batch",
                                                "page",     "document", "dossier", "person"};

// All tables, facts first; claim tables last. Built once from the code and data/.
const std::vector<Table>& tables();
const Table* find_table(std::string_view name);

// Number of the schema; a database with a higher one is refused.
inline constexpr int kSchemaVersion = 1;

}  // namespace assay::evidence
