// The first steps: what of a dossier is still open, in the order in which it opens most, with what each step is worth.
// Which tests read which tables is in the catalogue, which need the image in the rules, which levels ask for what in
// the schemes.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "begin/kit.h"
#include "intake/dossier.h"

namespace assay::app {

struct FirstStep {
  std::string id, title, how;
  std::vector<std::string> files;       // of the dossier, where it is done
  std::vector<std::string> provisions;  // of EN 303 645 V2.1.1 that some test of needs it
  std::vector<std::string> opens;       // of these, those for which nothing more is missing once it is done
  std::vector<std::string> helps;       // "uk-psti", "sg-cls:L1": levels that ask for one of `provisions`
  std::vector<std::string> turns;       // levels for which nothing of the baseline is missing on paper once it is done
  std::size_t mandatory = 0;            // of `provisions`
};

// `markets` empty: all. What is done already is no step.
Result<std::vector<FirstStep>> first_steps(const intake::Dossier& dossier, const begin::Kit& kit,
                                           const std::vector<std::string>& markets, Date at);

}  // namespace assay::app
