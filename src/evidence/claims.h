// Claims: the ICS and the IXIT tables, as data/standards/ixit.yaml describes them. That file is the only place where a claim field is
// named: the dossier reader, the evidence tables, the claim_* views and the docs all follow it.
//
//   tables:
//   - number: 1                      # IXIT 1; or {v2: 28} where only one edition has it
//     name: AuthMech                 # {v1: ComMech, v2: SecComMech} where the editions differ
//     editions: [1.1.1, 2.1.1]       # of TS 103 701
//     layout: list                   # list of entries with ids, or form (one entry, id "form")
//     view: claim_auth               # rules read this view; the same in both editions
//     about: every authentication mechanism of the device
//     fields:                        # the standard's, free text
//     - {key: description, name: Description}
//     coded:                         # ours, what rules read
//     - {key: factor, type: word, words: [password, key, …], about: …}   # word, flag (0/1), number, date, text
//     - {key: logins, type: list, of: text, view: claim_auth_login, column: user, about: …}   # one row an item in a view of its own
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "evidence/tables.h"

namespace assay::evidence {

enum class FieldType : unsigned char { text, word, flag, number, date, list };

struct ClaimField {
  std::string key;                 // column and YAML key: "factor"
  std::string name;                // the standard's: "Authentication Factor"; empty for coded fields
  FieldType type = FieldType::text;
  bool coded = false;
  std::vector<std::string> words;  // of word, and of list items that are words
  FieldType of = FieldType::text;  // of list
  std::string view, column;        // of list: "claim_auth_login", "user"
  std::string about;
  std::vector<std::string> editions;  // empty: both
};

struct ClaimTable {
  int number = 0;      // 1 … 29
  std::string table;   // "ixit_1"
  std::string name_v1, name_v2;  // "AuthMech"; empty where the edition has no such table
  std::vector<std::string> editions;  // of TS 103 701
  bool list = true;    // list of entries, or a single form
  std::string view;    // "claim_auth"
  std::string about;
  std::vector<ClaimField> fields;

  const ClaimField* field(std::string_view key) const;
};

const std::vector<ClaimTable>& claim_schema();
const ClaimTable* claim_table(std::string_view table);  // "ixit_1"
// The tables behind a view in an edition of TS 103 701: claim_interface is 15 in V1.1.1, 15 and 28 in V2.1.1.
std::vector<const ClaimTable*> tables_behind(std::string_view view, std::string_view ts_edition);

// For tables.cc: `ics`, `ixit_N` and `ixit_item` (items of list fields: tbl, entry, field, position, value).
// Columns of ixit_N: id, artefact, source, place (file), at (line), entry, title, then the fields. Open coded fields are NULL.
// Columns of ics: id, artefact, source, place, at, provision, support (Y, N, N/A), detail.
// `product` (one row, from product.yaml): id, artefact, source, place, at, name, model, maker, category, firmware_version, support_from,
// support_until, contact, url.
std::vector<Table> claim_tables();

// CREATE TEMP VIEW statements for one edition: claim_* over ixit_*, claim_ics and claim_product, SOURCE_TABLE (probe_listener, …) over
// facts. Views over claim tables that an edition does not have are empty.
std::vector<std::string> view_statements(std::string_view ts_edition);
// Every view that view_statements() makes: name, columns, what it means; for `assay tables` and the loader of rules.
std::vector<Table> views(std::string_view ts_edition);

}  // namespace assay::evidence
