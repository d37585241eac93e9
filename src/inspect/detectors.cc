// The table of detectors: one a line, sorted by name.
#include "inspect/detector.h"

namespace assay::inspect {

extern const Detector accounts;
extern const Detector binaries;
extern const Detector certificates;
extern const Detector components;
extern const Detector kernel;
extern const Detector listeners;
extern const Detector packages;
extern const Detector secrets;
extern const Detector services;
extern const Detector updates;

namespace {
// clang-format off
constexpr const Detector* kDetectors[] = {
    &accounts,
    &binaries,
    &certificates,
    &components,
    &kernel,
    &listeners,
    &packages,
    &secrets,
    &services,
    &updates,
};
// clang-format on
}  // namespace

std::span<const Detector* const> detectors() { return kDetectors; }

}  // namespace assay::inspect
