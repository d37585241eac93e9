// Finding: something that is wrong with a batch's passwords, with how sure that is. And the mathematics of being sure:
// every bound is an upper one on the probability that a batch of good passwords shows this by chance, over everything
// that was tried (Bonferroni). What is above kFamily is not reported.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "passwords/batch.h"

namespace assay::passwords {

inline constexpr double kFamilyLog10 = -6;  // error rate of one whole examination: one batch in a million

struct Finding {
  std::string id;                    // "same-password", "default-list", "derived", "counter", "small-space", …
  bool breaks = true;                // else a remark: nothing that a ban names
  std::string title;                 // one sentence without full stop
  std::string formula;               // in words; of derivations
  std::string expression;            // the same for machines
  std::vector<std::uint32_t> units;  // indices of those it is true of, ascending
  double log10_bound = 0;            // 0: certain by itself (two equal passwords are equal)
  bool by_chance = false;            // log10_bound means something
  double tried = 0;                  // candidates that were tried before
  std::vector<std::string> bans;     // requirements of uk-psti: "S1P1.2", "S1P1.3a" …
  std::string next;                  // what to do
  std::string klass;                 // of unit_password: default-list, derived, weak; empty: none of its own
};

// log10 of the probability of at least `k` hits in `n` tries with probability `p` each.
double log10_binomial_tail(std::uint64_t n, std::uint64_t k, double p);

// How the passwords of a batch are laid out: what is fixed in all of them, and the cores that are not.
struct Shape {
  std::string prefix, suffix;       // the same in all passwords
  std::vector<std::size_t> fixed;   // positions of separators inside the core, taken out (passwords of one length)
  std::vector<std::string> cores;   // per unit; in small letters where `folded`
  std::vector<std::string> wholes;  // the passwords, folded alike
  bool folded = false;              // letters are all of one case
  bool capitals = false;            // which is upper
  bool one_length = true;           // of the cores
  bool all_same = false;            // one password only: there are no cores
  std::string alphabet;             // characters of the cores, sorted
  std::size_t longest = 0;          // of the cores

  // log10 of the greatest probability with which a good generator of this shape gives one given core: one over the size
  // of the alphabet at each position, or what is seen at that position where it is more.
  double log10_core = 0;
  // The same for some positions of the core only.
  double log10_positions(const std::vector<std::size_t>& positions) const;

  std::vector<double> log10_position;  // by position of the core
  std::string decoration() const;      // "a fixed beginning of 4 characters, then ", or empty
};
Shape shape_of(const Batch& batch, bool strip = true);

// The class that an alphabet belongs to: 10, 16, 26, 32, 36, 62 or 94 characters.
std::size_t alphabet_size(const std::string& characters);

}  // namespace assay::passwords
