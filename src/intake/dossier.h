// Dossier: what a maker declares about one product, read from a directory:
//
//   product.yaml     the product, its firmware, the markets it is wanted in, marks it holds, evidence documents
//   ics.yaml         the implementation conformance statement, for one or both editions of EN 303 645
//   ixit/*.yaml      the IXIT tables, one or more files a table
//   persons/*.yaml   what persons saw and decided (persons.h)
//   evidence/        documents
//
// docs/dossier.md is the reference. Every mistake becomes a Problem with its place; a claim with a mistake in it is not
// handed on, and the table it stands in counts as not given. Editions are those of EN 303 645 in the files ("2.1.1",
// "3.1.3") and those of TS 103 701 in the evidence.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "evidence/claims.h"
#include "evidence/evidence.h"
#include "intake/persons.h"
#include "intake/problem.h"
#include "model/assessment.h"

namespace assay::intake {

struct FirmwareRef {
  std::string name;     // "v1"
  std::string version;  // "1.4.2"
  std::string file;     // below the dossier's directory, made safe
  std::string made_by;  // script that makes it, below the dossier's directory; empty: the file is there
  std::uint32_t line = 0;
};

// Passwords of a production batch: a CSV file, and the claim they belong to.
struct BatchRef {
  std::string file;      // below the dossier's directory, made safe
  std::string entry;     // of IXIT 1
  std::string sampling;  // consecutive, random, chosen; empty: not said
  std::string column;    // title of the column with the passwords; empty: the one that looks like it
  const Node* node = nullptr;
};

struct Document {
  std::string path, title, kind, url, retrieved;
  std::string sha256;  // empty: the file is missing
  std::uint64_t size = 0;
  std::uint32_t line = 0;  // in product.yaml; 0: found in evidence/, not named
};

struct IcsRow {
  std::string edition;     // of EN 303 645
  std::string ts_edition;  // of TS 103 701
  std::string provision;   // "5.1-1"
  bool mandatory = false, conditional = false;
  std::string support;  // Y, N, N/A; empty: not answered
  std::string detail;
  const Node* node = nullptr;
  bool confirmed = true;  // false: a suggestion that nobody has made a claim of; it counts for nothing
};

// An entry of an IXIT table, or a form.
struct ClaimEntry {
  const evidence::ClaimTable* table = nullptr;
  std::size_t file = 0;  // index into Dossier::files
  std::string id, title;
  std::vector<std::string> editions;  // of TS 103 701
  const Node* node = nullptr;         // its mapping
  bool confirmed = true;              // as for IcsRow
  // The items of a list field that are texts; nothing where the field is open.
  std::optional<std::vector<std::string>> list(std::string_view key) const;
  std::string text(std::string_view key) const;  // of a scalar field as written; empty where it is open
};

// A claim table that a file gives, for some editions.
struct Given {
  std::size_t file = 0;
  std::string table;                  // "ixit_1", "ics", "product"
  std::vector<std::string> editions;  // of TS 103 701
  bool confirmed = true;              // false: an entry is not confirmed, or missing; the table counts as not given
};

struct Dossier {
  std::filesystem::path directory;
  Product product;  // firmware_version: of the newest firmware until somebody chooses another
  std::string url;
  std::optional<bool> constrained;
  std::vector<FirmwareRef> firmware;
  std::vector<BatchRef> batches;
  std::vector<std::string> editions;  // of EN 303 645 that ics.yaml answers
  std::vector<IcsRow> ics;
  std::vector<ClaimEntry> entries;
  std::vector<Given> given;
  std::vector<Document> documents;
  std::vector<PersonRecord> persons;
  std::vector<std::unique_ptr<SourceFile>> files;  // product.yaml first
  std::vector<Problem> problems;                   // sorted

  const FirmwareRef* firmware_named(std::string_view name) const;
  const FirmwareRef* newest_firmware() const;  // by version; null where there is none
};

// An error only where there is no directory to read; everything else is in `problems`.
Result<Dossier> read_dossier(const std::filesystem::path& directory);

// All claims, documents and persons' records as rows, with their artefacts and looks: source dossier one artefact a
// file, document one a document, person one a file of records and one a look. What is not confirmed is no claim, and is
// left out; `Unconfirmed::taken` takes it as if it were, to see whether it fits together.
enum class Unconfirmed : unsigned char { left_out, taken };
void add_claims(const Dossier& dossier, evidence::Evidence& evidence, Unconfirmed unconfirmed = Unconfirmed::left_out);
// Sets `closed_by` of the `unexamined` rows that persons have set aside. Call when everything else is in.
void close_rows(const Dossier& dossier, evidence::Evidence& evidence);

// "2.1.1" → "1.1.1"; empty where there is no such edition of EN 303 645.
std::string ts_edition_of(std::string_view en_edition);
std::string en_edition_of(std::string_view ts_edition);

}  // namespace assay::intake
