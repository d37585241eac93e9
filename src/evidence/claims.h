// Claims: the ICS and the IXIT tables, as data/standards/ixit.yaml describes them. That file is the only place where a
// claim field is named: the dossier reader, the evidence tables, the claim_* views and the docs all follow it.
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
//     - {key: logins, type: list, of: code, view: claim_auth_login, column: user, about: …}   # one row an item in a
//     view of its own
//
// Where the editions give one number to different tables (15, 28), there are two entries here: number: {v1: 15}, table
// ixit_15_v1.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "evidence/tables.h"

namespace assay::evidence {

// text: the standard's free text, which rules do not read. code: a short text that rules compare, like a user name.
enum class FieldType : unsigned char { text, code, word, flag, number, date, list };
std::string_view name(FieldType type);

class Evidence;

struct ClaimField {
  std::string key;  // column and YAML key: "factor"
  std::string name,
      name_v2;  // the standard's: "Authentication Factor"; empty for fields of ours. name_v2 where V2.1.1 differs
  FieldType type = FieldType::text;
  bool coded = false;               // rules may read it: every type but text
  std::vector<std::string> words;   // of word, and of list items that are words
  FieldType of = FieldType::text;   // of list
  std::string view, column;         // of list: "claim_auth_login", "user"
  std::vector<std::string> refers;  // of list: items are ids of entries behind these views
  std::string about;
  std::vector<std::string> editions;  // empty: both
};

struct ClaimTable {
  int number = 0;                     // 1 … 29
  std::string table;                  // "ixit_1"
  std::string name_v1, name_v2;       // "AuthMech"; empty where the edition has no such table
  std::vector<std::string> editions;  // of TS 103 701
  bool list = true;                   // list of entries, or a single form
  std::string view;                   // "claim_auth"
  std::string about;
  std::vector<std::string>
      takes;  // where a dossier file names several tables: kinds of entry that belong here; empty: all
  std::vector<ClaimField> fields;

  const ClaimField* field(std::string_view key) const;
  bool in(std::string_view ts_edition) const;
  const std::string& name(std::string_view ts_edition) const;  // "SecComMech"
  std::string label() const;  // "11-ComMech", "28-LogIntf": number and the name of the first edition that has it
};

const std::vector<ClaimTable>& claim_schema();
// Every mistake in that file; claim_schema() stops the program at the first.
std::vector<Error> check_claim_schema();
const ClaimTable* claim_table(std::string_view table);  // "ixit_1"
// As dossier files and test units write it: "1-AuthMech", "11-SecComMech"; null where there is none.
const ClaimTable* claim_table_named(std::string_view label);
// The tables behind a view in an edition of TS 103 701: claim_interface is ixit_15_v1 in V1.1.1, ixit_15_v2 and
// ixit_28_v2 in V2.1.1. Views of list fields (claim_auth_login) count too; claim_ics and claim_product have the tables
// ics and product, which are no ClaimTable: they give an empty list.
std::vector<const ClaimTable*> tables_behind(std::string_view view, std::string_view ts_edition);

// For tables.cc: `ics`, `ixit_N` and `ixit_item` (items of list fields: tbl, entry, field, position, value).
// Columns of ixit_N: id, artefact, source, place (file), at (line), entry, title, editions (of TS 103 701 in which the
// entry counts, comma-separated; NULL: all), then the fields. Open fields are NULL; of a list field the column holds
// the number of items. Columns of ics: id, artefact, source, place, at, edition (of TS 103 701), provision, mandatory,
// conditional (from the catalogue, 0 or 1), support (Y, N, N/A), detail. `product` (one row, from product.yaml): id,
// artefact, source, place, at, name, model, maker, category, firmware_version, support_from, support_until, contact,
// url.
std::vector<Table> claim_tables();

// CREATE TEMP VIEW statements for one edition: claim_* over ixit_*, claim_ics and claim_product, SOURCE_TABLE
// (probe_listener, …) over facts. Views over claim tables that an edition does not have are empty. A view of a list
// field has one row an item: entry, title, position, the item under its own name, and the scalar coded fields of the
// entry; where items refer to other entries, title is that of the entry referred to.
std::vector<std::string> view_statements(std::string_view ts_edition);
// Whether the claims behind a claim_* view are given for an edition: the dossier was read for every table behind it to
// the end, without an error (`examined`, source dossier, complete 1, `editions` in its scope), and nothing of them is
// `unexamined`. `missing`, where it is not null, gets the labels of the tables that are not: "15-Intf", "ics".
bool claims_given(const Evidence& evidence, std::string_view view, std::string_view ts_edition,
                  std::vector<std::string>* missing = nullptr);

// Every view that view_statements() makes: name, columns, what it means; for `assay tables` and the loader of rules.
std::vector<Table> views(std::string_view ts_edition);

}  // namespace assay::evidence
