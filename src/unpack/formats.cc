// The table of all container formats: one declaration and one line each, both sorted by name.
#include "unpack/format.h"

namespace assay::unpack {

extern const Format ar;
extern const Format bzimage;
extern const Format bzip2;
extern const Format cpio;
extern const Format dlink;
extern const Format fdt;
extern const Format fit;
extern const Format gzip;
extern const Format kernel;
extern const Format lz4;
extern const Format lzma;
extern const Format squashfs;
extern const Format tar;
extern const Format tp_link;
extern const Format uimage;
extern const Format xz;
extern const Format zimage;
extern const Format zip;
extern const Format zstd;

namespace {

// clang-format off
constexpr const Format* kFormats[] = {  // one a line, so that two people adding formats do not meet
    &ar,
    &bzimage,
    &bzip2,
    &cpio,
    &dlink,
    &fdt,
    &fit,
    &gzip,
    &kernel,
    &lz4,
    &lzma,
    &squashfs,
    &tar,
    &tp_link,
    &uimage,
    &xz,
    &zimage,
    &zip,
    &zstd,
};
// clang-format on

}  // namespace

std::span<const Format* const> formats() { return kFormats; }

const Format* find_format(std::string_view name) {
  for (const Format* format : kFormats)
    if (format->name == name) return format;
  return nullptr;
}

}  // namespace assay::unpack
