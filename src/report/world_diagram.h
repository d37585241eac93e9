// A recognition diagram of the world on a day: marks at the left, what each gives at the right. One self-contained SVG;
// its twin is the table of `assay schemes`.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "report/html.h"

namespace assay::report {

struct WorldMark {
  std::string id;        // "sg-cls"
  std::string code;      // ISO 3166-1, EU, or empty: international
  std::string title;     // "CLS"
  std::string kind;      // label, law, certification, …
  std::string standing;  // "open", "not yet", …
  bool live = false;
};
struct WorldReach {
  std::string from, from_levels, to, to_level;  // ids of marks, or names of standards and bodies
  std::string effect, by, since, until, state;
  bool live = false, doubtful = false;
};
struct WorldDiagram {
  Date at;
  std::vector<WorldMark> marks;
  std::vector<WorldReach> reaches;
};

std::string world_svg(const WorldDiagram& world);
Html world_picture(const WorldDiagram& world);  // the same, to stand in a page

}  // namespace assay::report
