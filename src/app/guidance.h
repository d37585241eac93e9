// assay guidance: which documents of the world speak to a guideline, a provision or a word, and where in them.
#pragma once

#include <string>

#include "base/result.h"
#include "report/terminal.h"

namespace assay::app {

struct GuidanceQuery {
  std::string guideline;     // "3"
  std::string provision;     // "5.3-2", also with its edition: "en303645:3.1.3:5.3-4A"
  std::string edition;       // of EN 303 645; empty: where the provision is found
  std::string organisation;  // a part of the name
  std::string document;      // an id
  std::string search;        // words
};
enum class GuidanceForm : unsigned char { text, json, csv };

// All that is asked for has to hold at once. The error names what there is.
Result<std::string> guidance_about(const GuidanceQuery& query, GuidanceForm form, const report::Terminal& terminal);

}  // namespace assay::app
