// Format: one container format, one file in formats/, one line in formats.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/budget.h"
#include "base/bytes.h"
#include "base/reader.h"
#include "base/result.h"
#include "model/sink.h"

namespace assay::unpack {

struct Magic {
  std::string_view bytes;
  std::uint32_t at = 0;  // how far behind the format's first byte the magic stands
};

// What measure() could tell without unpacking.
struct Extent {
  std::optional<std::uint64_t> size;  // from the first byte; nullopt: only unpacking tells
  bool certain = false;  // a checksum or more structure than chance allows: a failure to unpack is then reported as
                         // refused; else the hit is withdrawn
  std::string title;     // "uImage, multi-file, “Hearth-1.4.2”"; empty: the format's title
};

struct Format {
  std::string_view name;          // "squashfs": short, in places
  std::string_view title;         // "SquashFS 4.0, little endian"
  std::string_view reference;     // where the layout is written down
  std::string_view limits;        // what is known not to be read
  std::span<const Magic> magics;  // empty: only tried where another unit or the walker asks for it by name
  bool anywhere = true;           // false: only at the start of a part (tar, formats with a weak magic)
  bool tree = false;              // gives entries of a file system or archive

  // `image` begins at the format's first byte and runs to the end of the part it lies in. An Error: not this format.
  Result<Extent> (*measure)(Bytes image) = nullptr;
  // Unpacks and returns how many bytes of `image` belong to the format. Where the rest of a damaged container is lost,
  // what was found has been handed over, and refused() tells. An Error: nothing of use was found, or a limit was met.
  Result<std::uint64_t> (*extract)(Bytes image, Sink& out, Budget& budget) = nullptr;
};

std::span<const Format* const> formats();  // sorted by name
const Format* find_format(std::string_view name);

}  // namespace assay::unpack
