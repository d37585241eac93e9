// How the schemes and arrangements stand on a day, and which of their facts are doubtful: for people to read.
#pragma once

#include <string>
#include <vector>

#include "base/node.h"
#include "scheme/scheme.h"

namespace assay::scheme {

// "in force" (a law, a standard), "open" (a label, …), "not yet", "ended", "closed", "planned", "none found",
// "day not known".
struct Standing {
  std::string word;
  bool live = false;  // in force or open
};
Standing standing(const Scheme& scheme, Date at);
Standing standing(const Scheme& scheme, const Level& level, Date at);
Standing standing(const Arrangement& arrangement, Date at);

// What one mark, or a standard, gives at another place on a day.
struct Reach {
  std::string from, from_levels;  // scheme or standard; "L1, L2", "5.1-1 and 5.1-2"; empty: not stated
  std::string to, to_level;       // scheme, body or standard; "L2", "S1P1"; empty: not stated
  std::string effect, by, usable, since, until, edition, note;
  std::string state;  // "in force", "not yet", "ended", "closed", "day not known"
  bool live = false;
  Confidence confidence = Confidence::low;
};
std::vector<Reach> reaches(const Register& all, Date at);  // by arrangement, in the order of its file

// A fact below high confidence.
struct Doubt {
  std::string subject;  // scheme, arrangement or list: "sg-cls"
  std::string where;    // "level L1, assessment"
  std::string says;
  Confidence confidence = Confidence::low;
  std::vector<std::string> source;
  std::vector<std::string> read;  // sources to read to settle it
  std::string ask;                // where none is known: whom to ask
  std::vector<std::string> see;   // and what else may help
  std::string file;               // "data/schemes/sg-cls.yaml"
  Mark mark;
};
// Of data/schemes/, data/recognition/, the scope lists, the editions and the steps of assessment; by file and line.
// Only of `subject`, where it is given.
Result<std::vector<Doubt>> doubts(const Files& files, std::string_view subject);

}  // namespace assay::scheme
