// The table of all container formats: one declaration and one line each, both sorted by name.
#include "unpack/format.h"

namespace assay::unpack {

extern const Format gzip;

namespace {

constexpr const Format* kFormats[] = {
    &gzip,
};

}  // namespace

std::span<const Format* const> formats() { return kFormats; }

const Format* find_format(std::string_view name) {
  for (const Format* format : kFormats)
    if (format->name == name) return format;
  return nullptr;
}

}  // namespace assay::unpack
