// What the tests of the detectors that look for secrets share.
#pragma once

#include "inspect/detectors/test_trees.h"

namespace assay::inspect {

inline std::string text(const Fact& fact, std::string_view column) { return value_of(fact, column); }
inline void put_file(Tree& tree, std::string path, std::string content) {
  put(tree, std::move(path), std::move(content));
}
inline void put_link(Tree& tree, std::string path, std::string target) {
  link(tree, std::move(path), std::move(target));
}

// Every byte and note of every excerpt as text, to see that no secret is in it.
inline std::string all_excerpts(const Facts& facts) {
  std::string out;
  for (const Fact& f : facts.facts)
    if (f.excerpt)
      out.append(f.excerpt->bytes.begin(), f.excerpt->bytes.end()).append("\n").append(f.excerpt->note).append("\n");
  return out;
}

}  // namespace assay::inspect
