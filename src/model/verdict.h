// Verdicts and how they fold: unit → test case → test group → provision → requirement → level (design.md section 3).
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>

namespace assay {

// In the order in which a fold takes them; not_claimed stands outside the fold.
enum class Verdict : unsigned char { fail, error, inconclusive, not_assessed, pass, not_applicable, not_claimed };
inline constexpr std::array kVerdicts = {Verdict::fail,         Verdict::error, Verdict::inconclusive,
                                         Verdict::not_assessed, Verdict::pass,  Verdict::not_applicable,
                                         Verdict::not_claimed};

std::string_view name(Verdict verdict);   // "not_assessed", as in JSON and rules
std::string_view words(Verdict verdict);  // "not assessed", as on a page
std::optional<Verdict> verdict_named(std::string_view name);

// The written table. fold(a, not_claimed) is a: what is not claimed does not count either way.
Verdict fold(Verdict a, Verdict b);
// Over members: nothing at all is not_assessed; only not_applicable stays so; only not_claimed stays not_claimed.
Verdict fold(std::span<const Verdict> members);

}  // namespace assay
