// The table of detectors: one a line, sorted by name.
#include "inspect/detector.h"

namespace assay::inspect {

extern const Detector binaries;

namespace {
// clang-format off
constexpr const Detector* kDetectors[] = {
    &binaries,
};
// clang-format on
}  // namespace

std::span<const Detector* const> detectors() { return kDetectors; }

}  // namespace assay::inspect
