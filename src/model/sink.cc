#include "model/sink.h"

namespace assay {

std::string_view name(EntryType type) {
  switch (type) {
    case EntryType::file:
      return "file";
    case EntryType::directory:
      return "directory";
    case EntryType::symlink:
      return "symlink";
    case EntryType::hardlink:
      return "hardlink";
    case EntryType::block_device:
      return "block device";
    case EntryType::char_device:
      return "char device";
    case EntryType::fifo:
      return "fifo";
    case EntryType::socket:
      return "socket";
  }
  return "file";
}

}  // namespace assay
