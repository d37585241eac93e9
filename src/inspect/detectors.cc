// The table of detectors: one a line, sorted by name.
#include "inspect/detector.h"

namespace assay::inspect {

extern const Detector accounts;
extern const Detector binaries;
extern const Detector components;

namespace {
// clang-format off
constexpr const Detector* kDetectors[] = {
    &accounts,
    &binaries,
    &components,
};
// clang-format on
}  // namespace

std::span<const Detector* const> detectors() { return kDetectors; }

}  // namespace assay::inspect
