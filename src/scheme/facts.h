// What is known about a scheme beside what decides: force, documents, fees, times, steps of assessment, changes. Each
// fact with its source and confidence; what was looked for and not found has confidence none and no words.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "model/requirement.h"

namespace assay::scheme {

// A fact in words.
struct Said {
  std::string note;
  std::vector<std::string> items;
  Backing backing;
  bool found() const { return backing.confidence != Confidence::none; }
  bool given() const { return found() || !note.empty() || !items.empty(); }
};

enum class Force : unsigned char { not_known, voluntary, mandatory_for_some, mandatory, intent };
std::string_view name(Force force);

// A step of assessment, as data/assessment_steps.yaml has it. Who takes it, how strong it is and which paper it wants
// is our own reading.
struct StepKind {
  std::string id, title;   // "lab_document_review"
  std::string by;          // maker, assessor, laboratory, body, authority
  int strength = 0;        // 0 to 6
  std::string paper;       // what the maker hands in for it, or empty
  bool sometimes = false;  // only in some cases
};
struct Step {
  std::string id;                          // of a StepKind
  std::optional<PartialDate> from, until;  // where it came or went later than its level
};

// A text that the scheme works by.
struct Document {
  std::string id, title, edition, note;   // "CCC SP-151-2", "1.4"
  std::optional<PartialDate> date, from;  // of issue; from when it binds
  Backing backing;
};

struct Amount {
  std::int64_t amount = 0;          // whole units
  std::string currency;             // ISO 4217
  std::string of;                   // application, text
  std::vector<std::string> levels;  // empty: all
  bool with_tax = false;
  std::optional<PartialDate> from, until;  // empty: not limited at that side
};
struct Fee {
  enum class Kind : unsigned char { not_found, none, by_offer, amount };
  Kind kind = Kind::not_found;
  std::vector<Amount> amounts;
  std::string note;
  Backing backing;
};
std::string_view name(Fee::Kind kind);

// How long something takes. Neither bound: only the note is known.
struct Time {
  std::string what;  // procedure, review, inspection, evaluation, renewal_opens, renewal_closes, lapses_after_change, …
  std::vector<std::string> levels;  // empty: all
  std::optional<int> at_least, at_most;
  std::string unit;  // days, working_days, weeks, months
  std::string note;
  Backing backing;
};

// How long a maker keeps a paper.
struct Keep {
  std::string what;
  int months = 0;
  bool or_support_period = false;  // the longer of the two
  Backing backing;
};

// Something that happened to the scheme, or is planned.
struct Change {
  PartialDate date;
  std::string what;
  bool planned = false;
  Backing backing;
};

// A scheme or mark that belongs to it.
struct Part {
  std::string id, note;
  Backing backing;
};

// What is to be kept in mind about several schemes at once.
struct Remark {
  std::string id, kind, title, note, consequence;  // kind: difference, path, answer, none_found, reading
  std::vector<std::string> schemes;                // empty: all
  Backing backing;
};

// How what a level asks stands to a set of requirements; seen from the set. No relation: unrelated.
struct Against {
  std::string set;  // mandatory (provisions of its edition), cls_l1_13, jcstar_star1, cra_default
  std::optional<Relation> relation;
  std::vector<std::string> touches;  // provisions that its own items touch, where the facts list them
  Backing backing;
};

}  // namespace assay::scheme
