// Conformity and Recognition as JSON objects: the same in assessment.json and in what `decide` answers.
#pragma once

#include "base/json.h"
#include "model/assessment.h"

namespace assay {

void write_conformity(JsonWriter& out, const Conformity& conformity);
void write_recognition(JsonWriter& out, const Recognition& recognition);

}  // namespace assay
