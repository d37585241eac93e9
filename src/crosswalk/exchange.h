// The crosswalk out to others and theirs in: OSCAL catalogs and mapping collections, CycloneDX standards, CSV in the
// manner of NIST OLIR. Out: always the same bytes for the same data. In: a stranger's file, bounded and checked; what
// it says is shown beside ours and carries nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crosswalk/crosswalk.h"

namespace assay::crosswalk {

// Names and versions that stand in every document.
struct Release {
  std::string version;  // of the data: "2026.11.22"
  std::string day;      // "2026-11-22"
};

std::string oscal_catalog(const Standard& standard, const Release& release);
// Mappings between `from` and `to`, or of `from` with every other where `to` is empty, as the data states them. Fails
// where there are none.
Result<std::string> oscal_mapping(const Crosswalk& all, std::string_view from, std::string_view to,
                                  const Release& release);
std::string cyclonedx_standards(const std::vector<const Standard*>& standards, const Release& release);
Result<std::string> olir_csv(const Crosswalk& all, std::string_view from, std::string_view to);

// A requirement's id where only letters, digits, '.', '-' and '_' are allowed: "en303645-3.1.3-5.1-1".
std::string token(std::string_view id);

// What a third party says of a pair.
struct Claim {
  std::vector<std::string> from;  // our ids
  std::string to;
  std::optional<Relation> relation;  // none: they say that there is no relationship
  std::string note;
  std::uint64_t place = 0;  // line of a CSV, position in a collection
};
struct Imported {
  std::string format;  // "oscal-mapping", "olir-csv"
  std::string title;
  std::vector<Claim> claims;
  std::vector<std::string> unknown;  // what could not be read as one of our requirements, the first hundred
  std::size_t unknown_count = 0;
};
// `from` and `to`: the standards that bare numbers belong to; may be empty.
Result<Imported> import_mapping(const Crosswalk& all, std::string_view text, std::string_view from,
                                std::string_view to);

// RFC 4180 with bounds: rows of fields. The error has the line.
struct CsvRow {
  std::uint64_t line = 0;
  std::vector<std::string> fields;
};
Result<std::vector<CsvRow>> read_csv(std::string_view text);

}  // namespace assay::crosswalk
