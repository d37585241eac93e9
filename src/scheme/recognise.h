// What held marks are worth elsewhere: the arrangements of data/recognition/.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "scheme/decide.h"
#include "scheme/scheme.h"

namespace assay::scheme {

// A mark of the input that the register knows and that is current on the day.
struct LiveMark {
  const HeldMark* mark = nullptr;
  const Scheme* scheme = nullptr;
  const Level* level = nullptr;
  std::optional<Date> until;  // last day, shortened to the scheme's term and to the mark it rests on; none: no term
  Confidence confidence = Confidence::high;
};

// The others become notes.
std::vector<LiveMark> live_marks(const Register& all, const DecideInput& input, std::set<std::string>& notes);

// One step only: what another authority would issue on the strength of these marks is not held yet, so it leads
// nowhere.
std::vector<Recognition> recognise(const Register& all, const DecideInput& input, const Category* category,
                                   const std::vector<LiveMark>& marks, std::set<std::string>& notes);

// Whether an edition as a holder writes it is the one a text names: "CCC SP-151-2 v1.4" is "ccc sp-151-2, version 1.4".
bool same_edition(std::string_view named, std::string_view given);

}  // namespace assay::scheme
