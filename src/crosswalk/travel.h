// What passes that are held say about other requirements. Three things are told apart, and each has its own rules:
//
//   pass      what is held covers the target: along equal and covers, from a whole to its parts, and where several
//             together cover it, which a relation states or the parts of a whole make up. Nothing else.
//   less      one requirement is held and asks less than the target: along equal and covered_by. A fail of it carries.
//   evidence  what is held and the target share something: one relation that overlaps, or asks less, behind a pass;
//             then only on to what asks more. Two overlaps are never chained: they may share nothing.
//
// This is the reading of requirements as sets of demands, none of them empty; travel_test.cc holds every answer against
// such sets.
#pragma once

#include <string>
#include <vector>

#include "crosswalk/crosswalk.h"

namespace assay::crosswalk {

struct Step {
  const Link* link = nullptr;
  bool backwards = false;         // read from its target
  std::vector<std::string> from;  // held, or reached by an earlier step
  std::string to;
  Relation relation = Relation::overlaps;  // seen from `from`, as it is read here
};

struct Way {
  std::string to;
  bool pass = false;                       // a pass carries; otherwise evidence only
  bool fail = false;                       // a fail carries; of a single requirement only
  Relation relation = Relation::overlaps;  // seen from what is held
  Confidence confidence = Confidence::high;
  std::vector<Step> steps;              // each builds on what stands before it
  std::vector<std::string> residual;    // what the target asks beyond, as far as it is spelled out
  std::vector<std::string> open_parts;  // of a whole that does not pass: its parts that do not
  std::vector<std::string> source;      // of all steps, sorted
};

// A relation of several of which only some are held: it says nothing of these alone.
struct Share {
  const Link* link = nullptr;
  std::vector<std::string> missing;
};

struct Reach {
  std::vector<Way> ways;      // by target; what is held is not among them
  std::vector<Share> shares;  // only for targets that no way leads to
  const Way* to(std::string_view id) const;
};

// The best way to each requirement: pass before evidence, then the higher confidence, then fewer steps.
Reach travel(const Crosswalk& all, const std::vector<std::string>& held);

}  // namespace assay::crosswalk
