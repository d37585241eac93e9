// Randomness: whether passwords could come from a good random source of the shape they have, by tests with a stated
// error rate. Each test's bound is corrected for how many tests there are, so that all of them together accuse one
// batch of good passwords in a million (kFamilyLog10).
#pragma once

#include <vector>

#include "passwords/finding.h"
#include "passwords/forms.h"

namespace assay::passwords {

struct Entropy {
  double space_bits = 0;     // length times the bits of the alphabet, summed over positions: what the shape allows
  double observed_bits = 0;  // what the characters seen at each position allow, corrected for the number of units
  std::size_t shortest = 0, longest = 0;
  std::size_t alphabet = 0;  // size of the class
  std::size_t different = 0;
};

Entropy entropy_of(const Batch& batch, const Shape& shape);
// Same passwords, default lists: certain. Space, collisions, bias, order, sequences, words, dates: tests.
std::vector<Finding> find_weak(const Batch& batch, const Shape& shape, const Entropy& entropy);

// How many different tests there are: what each is corrected for.
inline constexpr double kTests = 16;
// Below this a space is too small whatever fills it: six random digits (NIST SP 800-63B, 5.1.1).
inline constexpr double kLeastBits = 19.9;
// Below this a key that can be tried without the device (a Wi-Fi key) is a remark.
inline constexpr double kOfflineBits = 64;

}  // namespace assay::passwords
