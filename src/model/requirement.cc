#include "model/requirement.h"

#include "base/data_file.h"

namespace assay {

std::string_view name(Relation relation) { return name_in(kRelations, relation); }
std::string_view name(Confidence confidence) { return name_in(kConfidences, confidence); }

Relation reversed(Relation relation) {
  if (relation == Relation::covers) return Relation::covered_by;
  if (relation == Relation::covered_by) return Relation::covers;
  return relation;
}

}  // namespace assay
