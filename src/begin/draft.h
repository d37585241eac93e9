// A draft: the files of a dossier, made of what a newcomer answered and of what such products usually have. What the
// answers say is a claim; what the kit suggests is marked `confirmed: no`; what nobody knows is TODO.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "begin/kit.h"

namespace assay::begin {

struct DraftFile {
  std::string name;  // below the dossier's directory
  std::string text;
};

// What is known: what a person answered, over what a template says (which may be null).
Answers with_template(const Answers& given, const Template* chosen);

// `given`: the answers of a person. Files sorted by name.
std::vector<DraftFile> draft(const Kit& kit, const Template* chosen, const Answers& given);

}  // namespace assay::begin
