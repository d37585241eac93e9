// What the listed fixes would change: decided again with what they mend, and the order in which they turn most markets.
#include <algorithm>
#include <set>
#include <tuple>

#include "scheme/decide.h"
#include "scheme/scheme.h"

namespace assay::scheme {
namespace {

// "5.1-1" of "en303645:2.1.1:5.1-1"
std::string_view number_of(std::string_view id) { return id.substr(id.rfind(':') + 1); }

bool mends(const Fix& fix, std::string_view id) {
  return !fix.only_doubts() && id.starts_with("en303645:") &&
         std::find(fix.provisions.begin(), fix.provisions.end(), number_of(id)) != fix.provisions.end();
}

DecideInput mended(const DecideInput& input, const std::vector<Fix>& fixes) {
  DecideInput out = input;
  for (auto& verdict : out.verdicts)
    if (verdict.second == Verdict::fail &&
        std::any_of(fixes.begin(), fixes.end(), [&](const Fix& fix) { return mends(fix, verdict.first); }))
      verdict.second = Verdict::pass;
  return out;
}

}  // namespace

Result<Decision> after_fixes(const DecideInput& input, const std::vector<Fix>& fixes) {
  return decide(mended(input, fixes));
}

Result<void> order_fixes(const DecideInput& input, std::vector<Fix>& fixes) {
  const Register& all = *ASSAY_TRY(schemes());
  const Decision today = ASSAY_TRY(decide(input));
  const Decision then = ASSAY_TRY(after_fixes(input, fixes));
  ASSAY_CHECK(today.conformity.size() == then.conformity.size());
  struct Rank {
    std::size_t markets = 0;
    Fix fix;
  };
  std::vector<Rank> ranks;
  for (Fix& fix : fixes) {
    std::set<std::string> markets;
    fix.turns.clear();
    for (std::size_t i = 0; i < today.conformity.size(); ++i) {
      const Conformity& before = today.conformity[i];
      if (before.result != "does_not_conform" || then.conformity[i].result == "does_not_conform") continue;
      const Scheme* scheme = all.scheme(before.scheme);
      if (scheme == nullptr || scheme->kind == "industry") continue;
      if (!not_in_effect(*scheme, *scheme->level(before.level), input.at).empty()) continue;
      if (std::none_of(before.failed.begin(), before.failed.end(),
                       [&](const std::string& id) { return mends(fix, id); }))
        continue;
      fix.turns.push_back(before.level == "single" ? before.scheme : before.scheme + ":" + before.level);
      if (scheme->jurisdiction != "international") markets.insert(scheme->jurisdiction);
    }
    ranks.push_back({markets.size(), std::move(fix)});
  }
  std::stable_sort(ranks.begin(), ranks.end(), [](const Rank& a, const Rank& b) {
    if (a.fix.only_doubts() != b.fix.only_doubts()) return b.fix.only_doubts();
    return std::make_tuple(b.markets, b.fix.turns.size(), b.fix.provisions.size(), std::cref(a.fix.mend)) <
           std::make_tuple(a.markets, a.fix.turns.size(), a.fix.provisions.size(), std::cref(b.fix.mend));
  });
  for (std::size_t i = 0; i < fixes.size(); ++i) fixes[i] = std::move(ranks[i].fix);
  return {};
}

}  // namespace assay::scheme
