// The report of an assessment: one HTML file without requests or a need for script, and assessment.json, and the
// terminal's view. Every verdict leads to its facts, every fact to its bytes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.h"
#include "evidence/evidence.h"
#include "model/assessment.h"
#include "report/terminal.h"
#include "report/world_diagram.h"

namespace assay::report {

// How a scheme's level is called where people read: from the scheme's data.
struct MarketLabel {
  std::string scheme, level;
  std::string code;      // "GB"
  std::string country;   // "United Kingdom"
  std::string title;     // "PSTI law", "CLS Level 1"
  bool official = true;  // a law or a government's label; others stand further down
  std::string asleep;    // why it has no effect on the day of the assessment, or empty
};

// The least further work for the product's markets, in words.
struct PlanView {
  std::string headline;  // empty: nothing can be planned
  struct Mark {
    std::string mark, route;
    std::size_t tests = 0;
    std::string issued;  // "week 7"; empty: held
    std::vector<std::string> notes;
  };
  std::vector<Mark> marks;
  struct Work {
    std::string what, effort, cost;
    std::vector<std::string> each;
  };
  std::vector<Work> remains;
  struct Refused {
    std::string title;
    std::vector<std::string> reasons;
  };
  std::vector<Refused> refused;
  std::string together, assumed;
};

struct ReportInput {
  const Assessment& assessment;
  const evidence::Evidence& evidence;
  const catalogue::Edition& edition;
  std::vector<MarketLabel> labels;
  WorldDiagram world;  // what marks are worth in the product's markets on the day; without marks that lead nowhere
  PlanView plan;
  std::string command;  // as typed
  std::string assay_version;
};

std::string report_html(const ReportInput& in);
std::string assessment_json(const Assessment& assessment);
// `written`: the files that were written; `next`: the command to try next.
std::string assessment_text(const ReportInput& in, const Terminal& terminal, const std::vector<std::string>& written,
                            const std::string& next);

}  // namespace assay::report
