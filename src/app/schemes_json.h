// One scheme or arrangement as JSON.
#pragma once

#include <string>

#include "scheme/scheme.h"

namespace assay::app {

std::string scheme_json(const scheme::Register& all, const scheme::Scheme& s, Date at);
std::string arrangement_json(const scheme::Register& all, const scheme::Arrangement& a, Date at);

}  // namespace assay::app
