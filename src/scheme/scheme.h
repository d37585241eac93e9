// Schemes, levels, arrangements between them, categories and editions: what data/schemes/, data/recognition/,
// data/categories.yaml and data/crosswalk/ say, read and checked once. docs/schemes.md describes the files. Everything
// lives as long as the process.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/node.h"
#include "base/result.h"
#include "model/requirement.h"
#include "scheme/facts.h"

namespace assay::scheme {

// Verdicts that stand in for one on a requirement: all of `from` together.
struct Carry {
  std::vector<std::string> from;  // "en303645:2.1.1:5.1-1", "uk-psti:S1P1.2"
  Relation relation = Relation::overlaps;
  Backing backing;
};

struct Requirement {
  std::string id;  // "uk-psti:S1P1.2"
  std::string title, cite;
  bool conditional = false;  // may be not applicable
  std::vector<Carry> carry;
  Backing backing;
};

// What a level asks: a provision or requirement, all of some parts, or any one of some ways.
struct Clause {
  enum class Kind : unsigned char { leaf, all_of, any_of };
  Kind kind = Kind::all_of;
  std::string id;     // of a leaf: "en303645:2.1.1:5.1-1", "uk-psti:S1P1.2", "iso-29147:6.2.2"
  std::string title;  // of a way: "Schedule 2, by the standard"
  std::vector<Clause> parts;
};

struct Level {
  std::string id;                   // "L1", "single"
  std::string title;                // "Level 1"; empty where a scheme has one level
  std::string name;                 // as the scheme calls it, where the title or note does not say so: "one asterisk"
  std::optional<PartialDate> from;  // where it opened later than the scheme
  bool open = true;                 // false: not opened, or not known to be
  bool listed = true;               // false: our facts do not list what it asks; nothing of EN 303 645 decides it
  Clause asks;
  bool beyond_known = true;         // false: it asks more than EN 303 645, we do not know what
  std::vector<std::string> beyond;  // what it asks more, in words
  std::vector<Step> steps;          // of assessment
  Backing assessment;               // of the steps
  Against against;                  // how what it asks stands to EN 303 645 or another level
  std::string note;
  Backing backing;  // of what it asks
};

enum class Status : unsigned char { running, closed, planned, none_found };
std::string_view name(Status status);

struct Scheme {
  std::string id, title, name, kind, jurisdiction, authority;  // title: short, as a table has it
  Status status = Status::running;
  std::string status_note;
  std::optional<PartialDate> from, until;  // when it applies or issues; no `from`: not known
  int term_months = 0;                     // longest life of its mark; 0: no term, or not known
  bool mark_only = false;                  // a mark that may be held; its own requirements are not decided
  std::string edition;                     // of EN 303 645 that its levels name: "2.1.1"
  std::string scope;                       // its list in categories.yaml, or empty
  std::vector<std::string> bases;          // what a mark of it may rest on: application, recognition, declaration
  struct Mandatory {                       // a label that a law asks for
    std::string level;
    std::vector<std::string> categories;
    PartialDate from;
    std::string note;
  };
  std::vector<Mandatory> mandatory;
  std::vector<Requirement> requirements;
  std::vector<Level> levels;  // from the lowest
  std::vector<std::string> open_questions;
  std::string no_recognition;  // looked for and not found that a foreign mark counts; with source, or empty
  Said force_note, covers, base, validity, published, enforcement, practical, restrictions, tiers;
  Force force = Force::not_known;
  std::vector<Document> documents;
  Fee fee;
  std::vector<Time> times;
  std::optional<Keep> keep;
  int review_months = 0;  // the mark is looked at again every so often; 0: no such rule, or not known
  std::vector<Change> changes;
  std::vector<Part> parts;
  Backing backing;
  std::string file;  // "schemes/sg-cls.yaml"

  bool is_law() const { return kind == "law"; }
  const Level* level(std::string_view id) const;
  const Requirement* requirement(std::string_view id) const;  // by its full id
};

struct Rule {
  std::string from_scheme, to_scheme, to_level;  // to_level empty: not stated
  std::vector<std::string> from_levels;          // any one of them; empty: not stated
  std::string effect;
  std::string usable = "true";             // true, false, or a word of the fact
  std::optional<PartialDate> from, until;  // instead of the arrangement's
  std::string edition;                     // of the mark that the text names: "CCC SP-151-2 v1.4"
  std::string scope;                       // instead of the arrangement's
  std::vector<std::string> covers, conditions;
  std::string note;
  Backing backing;
};

// What meeting clauses of a standard gives under a law. For show: the way itself is part of the law's level.
struct StandardRule {
  std::string standard;              // "en303645:2.1.1", "en18031-1"
  std::vector<std::string> clauses;  // all of them; empty: not counted out
  std::string to_scheme, to_level, part, effect, note;
  std::optional<PartialDate> from;
  Backing backing;
};

struct Arrangement {
  std::string id, type, title, scope, note;
  bool live = true;  // false: dormant, or a statement without effect
  std::vector<std::string> parties, conditions;
  std::optional<PartialDate> from, until;
  Said status, since, legal_basis, products;  // in words
  std::vector<Rule> rules;
  std::vector<StandardRule> standards;
  std::vector<std::string> read;  // sources to read before relying on it
  Backing backing;
  std::string file;  // "recognition/sg-uk.yaml"
};

struct Category {
  std::string id, title;
  std::vector<std::string> synonyms;
};

struct ScopeEntry {
  bool in = true;
  std::string why;                  // what qualifies it, or empty
  std::optional<PartialDate> from;  // not before
};
struct ScopeList {
  std::string id;
  std::optional<bool> others;  // what the list says of everything it does not name; absent: nothing
  std::map<std::string, ScopeEntry> entries;
  std::map<std::string, std::string> depends;  // not said: why it depends
  Backing backing;
};

struct Edition {
  std::string edition;  // "2.1.1"
  std::vector<std::string> mandatory, recommended, conditional;
  bool has(std::string_view provision) const;
  bool is_conditional(std::string_view provision) const;
};
struct EditionPair {  // verdicts of `from` (together) for `to`
  std::string from_edition, to_edition;
  std::vector<std::string> from;
  std::string to;
  Relation relation = Relation::overlaps;
  bool not_applicable = false;  // whether "not applicable" carries too
  std::string why;
  Confidence confidence = Confidence::low;
};

struct Register {
  std::vector<Scheme> schemes;            // by id
  std::vector<Arrangement> arrangements;  // by id
  std::vector<Category> categories;
  std::map<std::string, ScopeList> scopes;
  std::vector<Edition> editions;
  std::vector<EditionPair> pairs;
  std::map<std::string, StepKind, std::less<>> steps;  // of assessment, by id
  std::vector<Remark> remarks;
  std::vector<std::string> sources;              // ids, sorted
  std::set<std::string, std::less<>> elsewhere;  // what ways ask of other standards: "iso-29147:6.5"

  const Scheme* scheme(std::string_view id) const;
  const Edition* edition(std::string_view edition) const;
  bool is_mandatory(std::string_view provision) const;    // by its full id: "en303645:2.1.1:5.1-1"
  const Category* category(std::string_view word) const;  // by id or synonym, in any letter case
  // The steps of a level that are taken on a day, and the strength of the strongest.
  std::vector<const StepKind*> steps_on(const Level& level, Date at) const;
  int assessment_strength(const Level& level, Date at) const;
};

// What applying for a level costs on a day, or null: not found, or none (Scheme::fee says which).
const Amount* application_fee(const Scheme& scheme, const Level& level, Date at);
// What is known of how long things take for a level.
std::vector<const Time*> times_for(const Scheme& scheme, const Level& level);

// Reads all of it when first asked; the error names file, line and column.
Result<const Register*> schemes();

// Where the files of data/ come from: the data at hand, or an edited copy of it.
struct Files {
  std::function<std::vector<std::string>(std::string_view prefix)> list;
  std::function<Result<const Node*>(const std::string& name)> file;
};
Files data_files();
// `errors` takes one mistake of each file, where it is given; else the first one is returned.
Result<Register> read_register(const Files& files, std::vector<Error>* errors = nullptr);

// Why a level has no effect on a day (closed, not open, not yet, no longer), or empty.
std::string not_in_effect(const Scheme& scheme, const Level& level, Date at);

// What to print for a level: market "GB", "PSTI law"; market "SG", "CLS Level 1".
struct LevelTitle {
  std::string scheme, level, kind;
  std::string market;  // ISO 3166-1, EU, or "international"
  std::string title;
};
LevelTitle level_title(const Scheme& scheme, const Level& level);
Result<std::vector<LevelTitle>> level_titles();  // of every level, by scheme and level

}  // namespace assay::scheme
