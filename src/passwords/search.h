// Search: which formula computes the passwords of a batch from what is printed on its units?
//
// digests      texts of up to three parts, through one or two digests, written in every way that fits: enumerated
//              smallest first on up to three probe units, eight messages at once, then confirmed on all (search.cc)
// copies       pieces of identifiers side by side: met from both ends, no enumeration of joins (copies.cc)
// arithmetic   number = a * identifier + c modulo M, XOR with a constant, scaled, counters and linear congruential
//              sequences along the serial numbers: the constants are solved for, not tried (arithmetic.cc)
// positions    each character is a function of one character of an identifier (arithmetic.cc)
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "passwords/finding.h"
#include "passwords/program.h"

namespace assay::passwords {

struct SearchOptions {
  unsigned depth = 3;                      // steps: changes of an identifier, joins, digests
  std::uint64_t candidates = 400'000'000;  // hashes at most
  std::uint32_t seconds = 0;               // wall clock; 0: none. A run that it cut is not reproducible
  unsigned jobs = 1;
  std::vector<std::string> constants;                // from the firmware
  std::vector<std::string> alphabets;                // likewise
  std::function<void(const std::string&)> progress;  // called from one thread at a time
  const std::atomic<bool>* stop = nullptr;           // becomes true: the search ends and says so
};

struct Searched {
  std::uint64_t hashes = 0;   // candidates that were hashed
  std::uint64_t planned = 0;  // of the whole search
  unsigned depth_done = 0;    // every transform to this depth was tried
  std::string cut;            // why it ended early; empty: it did not
  bool reproducible = true;
};

// What explains the batch best; empty: nothing that was tried. Findings of kind "derived" or "counter".
std::vector<Finding> find_digests(const Batch& batch, const Shape& shape, const SearchOptions& options, Searched& out);
std::vector<Finding> find_copies(const Batch& batch);
std::vector<Finding> find_arithmetic(const Batch& batch);
std::vector<Finding> find_positions(const Batch& batch);

// Which bans of SI 2023/1007, schedule 1, para 1(3) a derivation from these breaks.
std::vector<std::string> bans_of(const std::vector<Kind>& kinds);

}  // namespace assay::passwords
