#include "model/verdict.h"

namespace assay {
namespace {

using enum Verdict;
constexpr Verdict F = Verdict::fail;  // `fail` alone is also the function that makes an Error

// Row: so far; column: the next member.
constexpr Verdict kFold[7][7] = {
    //                  fail  error         inconclusive  not_assessed  pass          not_applicable  not_claimed
    /* fail */ {F, F, F, F, F, F, F},
    /* error */ {F, error, error, error, error, error, error},
    /* inconclusive */ {F, error, inconclusive, inconclusive, inconclusive, inconclusive, inconclusive},
    /* not_assessed */ {F, error, inconclusive, not_assessed, not_assessed, not_assessed, not_assessed},
    /* pass */ {F, error, inconclusive, not_assessed, pass, pass, pass},
    /* not_applicable */ {F, error, inconclusive, not_assessed, pass, not_applicable, not_applicable},
    /* not_claimed */ {F, error, inconclusive, not_assessed, pass, not_applicable, not_claimed},
};

}  // namespace

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::fail:
      return "fail";
    case error:
      return "error";
    case inconclusive:
      return "inconclusive";
    case not_assessed:
      return "not_assessed";
    case pass:
      return "pass";
    case not_applicable:
      return "not_applicable";
    case not_claimed:
      return "not_claimed";
  }
  return "error";
}

std::string_view words(Verdict verdict) {
  switch (verdict) {
    case not_assessed:
      return "not assessed";
    case not_applicable:
      return "not applicable";
    case not_claimed:
      return "not claimed";
    default:
      return name(verdict);
  }
}

std::optional<Verdict> verdict_named(std::string_view text) {
  for (const Verdict v : kVerdicts)
    if (name(v) == text) return v;
  return std::nullopt;
}

Verdict fold(Verdict a, Verdict b) { return kFold[static_cast<unsigned>(a)][static_cast<unsigned>(b)]; }

Verdict fold(std::span<const Verdict> members) {
  if (members.empty()) return not_assessed;
  Verdict out = not_claimed;
  for (const Verdict v : members) out = fold(out, v);
  return out;
}

}  // namespace assay
