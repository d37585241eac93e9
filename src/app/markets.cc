#include "app/markets.h"

#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "scheme/decide.h"
#include "scheme/scheme.h"

namespace assay::app {

Result<void> check_markets(const std::vector<std::string>& given) {
  if (given.empty()) return {};
  std::set<std::string> known;
  for (const scheme::Scheme& s : ASSAY_TRY(scheme::schemes())->schemes)
    if (s.jurisdiction != "international") known.insert(s.jurisdiction);
  for (const std::string& one : given) {
    const std::vector<std::string> codes = scheme::market_codes({one});
    // A member state comes with the EU, whose law holds there.
    if (codes.size() > 1 || known.contains(codes.front())) continue;
    return fail(
        Error{Errc::invalid,
              fmt::format("--markets: no law or label of '{}' is known here", printable(one.substr(0, 32))),
              "usage",
              {},
              fmt::format("Known are {}, and the member states of the EU.", join({known.begin(), known.end()}, ", "))});
  }
  return {};
}

}  // namespace assay::app
