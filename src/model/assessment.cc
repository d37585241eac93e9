#include "model/assessment.h"

namespace assay {

std::string_view name(Finding::Role role) {
  switch (role) {
    case Finding::Role::fail:
      return "fail";
    case Finding::Role::missing:
      return "missing";
    case Finding::Role::doubt:
      return "doubt";
    case Finding::Role::confirm:
      return "confirm";
  }
  return "fail";
}

std::string_view name(Coverage coverage) {
  switch (coverage) {
    case Coverage::absent:
      return "absent";
    case Coverage::partial:
      return "partial";
    case Coverage::complete:
      return "complete";
  }
  return "absent";
}

}  // namespace assay
