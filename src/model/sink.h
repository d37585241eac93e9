// Sink takes what comes out of a container while it is hot. app/ wires it to hashing, patterns and detectors, so that
// unpack/ knows nothing of inspect/. All calls come from one thread; bytes live only during the call.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace assay {

enum class EntryType : std::uint8_t { file, directory, symlink, hardlink, block_device, char_device, fifo, socket };
std::string_view name(EntryType type);

// One entry of a recovered tree, as the container has it; nothing is rewritten.
struct Entry {
  std::string path;  // relative, made by safe_path(); what cannot be made safe is refused by the unit
  EntryType type = EntryType::file;
  std::uint32_t mode = 0;  // permission bits, setuid and the like included (07777)
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::uint64_t size = 0;
  std::string target;       // of links: as written
  std::uint32_t major = 0;  // of devices
  std::uint32_t minor = 0;
  std::string xattrs;    // names, comma-separated; empty: none
  std::uint64_t at = 0;  // where the entry's header or first data stands in the container
};

class Sink {
 public:
  virtual ~Sink() = default;

  // A part inside a container, to be looked into further. `at` is its offset in the container where it lies there as it
  // is (in_place), so that the parent's bytes are this part's; otherwise it was decompressed. An Error of Errc::limit
  // means: stop.
  virtual Result<void> part(std::string_view name, Bytes content, std::uint64_t at, bool in_place) = 0;
  // An entry of a tree; `content` is empty for all but files. Hard links come after their target.
  virtual Result<void> entry(const Entry& entry, Bytes content) = 0;
  // Something in the container could not be read: the rest goes on.
  virtual void refused(std::string_view what, std::uint64_t at, const Error& why) = 0;
  // A remark for the node's title: "Linux-4.4.182, MIPS".
  virtual void title(std::string_view text) = 0;

  // How many threads a unit may use.
  virtual unsigned jobs() const = 0;
};

}  // namespace assay
