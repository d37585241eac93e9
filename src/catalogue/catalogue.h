// The catalogue: provisions of EN 303 645 and cases and units of TS 103 701, both editions: identifiers, statuses,
// conditions and our own short wording. From data/standards/. Everything lives as long as the process.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace assay::catalogue {

struct Provision {
  std::string id;                       // "5.1-1"
  std::string clause;                   // "5.1"
  std::string title;                    // own words
  std::string asks;                     // own words
  bool mandatory = false;               // M against R, in this edition
  std::vector<std::string> conditions;  // numbers of this edition: "2"
  std::vector<std::string> features;    // letters, V3.1.3: "a"
  std::string condition;                // in words; empty: none
  bool ics_row = true;                  // false: 4-1 of V2.1.1, which has no row in Table B.1
  std::string confidence;
  std::vector<std::string> source;
  bool conditional() const { return !conditions.empty() || !features.empty(); }
};

struct Unit {
  std::string id;                 // as files name it: "5.1-1-1.a@V1.1.1", "5.6-1-2.c"
  std::string short_id;           // without @: "5.1-1-1.a"
  std::string case_id;            // "5.1-1-1"
  std::string provision;          // "5.1-1"
  std::string kind;               // conceptual, functional
  std::string verb;               // check, assess, act, delegate
  std::string decide;             // automatic, disproves_only, assisted, by_hand
  bool absence_suffices = false;  // the catalogue says that absence of contrary indication suffices
  std::string asks, pass_when;    // own words
  std::vector<std::string> reads, by_hand, delegates_to;
  std::string over;                // what it is repeated for: "authentication mechanism"
  std::vector<std::string> scope;  // which of them
  std::string confidence;          // the lowest of the unit's
  std::vector<std::string> source;
};

struct Case {
  std::string id;  // "5.1-1-1"
  std::string provision;
  std::string kind;                // conceptual, functional, conceptual/functional
  std::string title;               // own words
  std::vector<std::string> units;  // Unit::short_id, in order
  bool one_suffices = false;       // one sound entry passes the case; otherwise every entry has to be sound
  std::vector<std::string> ixit;   // tables it reads: "1-AuthMech"
  std::string confidence;
  std::vector<std::string> source;
};

struct Reference {   // a numbered condition or lettered feature of the ICS
  std::string ref;   // "2", "a"
  std::string text;  // own words
};

struct Edition {
  std::string en, ts;  // "2.1.1", "1.1.1"
  std::string en_date, ts_date;
  std::vector<Reference> conditions, features;
  std::vector<Reference> clauses;     // "5.1" and its title
  std::vector<Provision> provisions;  // in natural order
  std::vector<Case> cases;
  std::vector<Unit> units;

  const Provision* provision(std::string_view id) const;
  const Case* test_case(std::string_view id) const;
  const Unit* unit(std::string_view id) const;  // by short_id, or by id
};

// "2.1.1" or "3.1.3" (EN 303 645), also with "en303645:" before it. The error lists what there is.
Result<const Edition*> edition(std::string_view en);
std::vector<const Edition*> editions();
// Every mistake in the files that editions() reads: keys, words, ids that do not exist.
std::vector<Error> check_editions();

}  // namespace assay::catalogue
