// What standards, codes and laws ask in their own ids, from data/standards/catalogue/ (docs/standards.md describes the
// files): codes of practice and baselines whole; of a law that data/schemes/ reads, what stands around its
// requirements: duties, roles, scope, exceptions; of the two ETSI standards what stands around provisions and units
// (catalogue.h has those). Everything lives as long as the process.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/node.h"
#include "base/result.h"
#include "model/requirement.h"

namespace assay::catalogue {

enum class ItemKind : unsigned char {
  requirement,
  duty,       // of somebody in the supply chain
  exclusion,  // what a requirement does not count
  scope,      // a test of whether the law applies
  role,       // who is who
  exception,  // a product that is left out
  route,      // a way to be deemed compliant
  field,      // of a statement
  check,      // that a machine can make
  power,      // of the authority
  intent,     // of governments
  step,       // of an assessment
  rule,       // of the method
  term,
};
std::string_view name(ItemKind kind);

struct Requirement {
  std::string id;  // "uk-cop:1.a"
  ItemKind kind = ItemKind::requirement;
  std::vector<std::string> in;  // parts: "uk-cop:1"
  std::string title;            // own words
  std::string cite;             // where it stands
  std::string strength;         // shall, shall_not, should, may, or empty
  std::vector<std::string> roles;
  std::string note;
  std::string check;                // how a machine can look
  std::string but_not;              // of an exception: what it does not reach
  std::string edition;              // of a route: the edition it is pinned to
  std::string form;                 // of a field: its type
  std::optional<PartialDate> from;  // where it holds from a later day
  std::vector<std::string> see;     // full ids
  Backing backing;
  Mark mark;  // where it stands in its file
};

struct Part {  // a guideline, a paragraph, an annex
  std::string id;
  bool guideline = false;  // counted as one, and asked for by name
  std::string title, cite, note;
  std::vector<std::string> clauses, roles;  // clauses of EN 303 645
  Backing backing;
};

// What is known beyond its scheme file of a requirement that stands there.
struct Remark {
  std::string on;  // "uk-psti:S1P1.2"
  std::vector<std::string> in;
  std::string asks, strength, note, check;
  std::vector<std::string> roles, see;
  Mark mark;
};

struct Note {
  std::string text;
  std::vector<std::string> about;  // full ids, provisions and cases of ETSI without edition: "5.1-1"
  Backing backing;
  Mark mark;
};

struct Published {  // an edition, or an act
  std::string edition;
  std::optional<PartialDate> date;
  std::string note, url;
  Backing backing;
};

struct Role {
  std::string id, title;
};

struct Standard {
  std::string id, title, name, publisher;
  std::vector<std::string> jurisdictions;  // ISO 3166-1, EU; empty: international
  std::string binding;                     // law, standard, voluntary, political
  std::string scheme;                      // of data/schemes/ that holds its requirements, or empty
  std::vector<Published> editions;
  std::vector<Role> roles;
  std::vector<Part> parts;
  std::vector<Requirement> requirements;
  std::vector<Remark> remarks;
  std::vector<Note> notes;
  std::vector<std::string> open_questions;
  Backing backing;
  std::string file;  // "standards/catalogue/uk-cop.yaml"

  const Part* part(std::string_view id) const;                // by its full id
  const Requirement* requirement(std::string_view id) const;  // by its full id
  const Remark* remark(std::string_view id) const;
};

// All of them, by id, read when first asked for; the error is the first mistake.
Result<const std::vector<Standard>*> standards();
Result<const Standard*> standard(std::string_view id);  // the error names the nearest
// Every mistake in these files that needs no other file. Reads them again.
std::vector<Error> check_standards();

// An entry of data/sources.yaml.
struct Source {
  std::string id, title, publisher, url, cls;
};
const Source* source(std::string_view id);  // null: not there

}  // namespace assay::catalogue
